import type { Contract } from '../../src-shared/contracts/model.ts';
import type { Overview } from '../../src-shared/dashboard/model.ts';
import { addDays } from '../../src-shared/kernel/days.ts';
import { OPEN_TICKET_STATUSES, PRIORITIES, TICKET_STATUSES, type TicketStatus } from '../../src-shared/tickets/model.ts';
import { calendarAt, overdue, type Calendar } from '../core/calendar.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { createSelector } from '../store/select.ts';
import type { SqlValue } from '../store/sqlite.ts';

/** A contract is about to expire when it ends within this many days. */
const EXPIRES_WITHIN_DAYS = 30;
const MAX_EXPIRING = 20;

const openTickets = OPEN_TICKET_STATUSES.map((status) => `'${status}'`).join(', ');
const contracts = createSelector<Contract>(REGISTRY, 'contracts');

/** One figure: what is counted, of which kind, whose, how many, how many of them late (for appointments: their minutes). */
interface Figure {
  what: 'clients' | 'companies' | 'assets' | 'contracts' | 'status' | 'open' | 'tasks' | 'today' | 'week';
  kind: string | number | null;
  who: string | null;
  n: number;
  late: number | null;
}

/** Everything is counted in one statement, each part along an index, so that it can run beside the writer as a single read. */
function figures(calendar: Calendar): { sql: string; params: SqlValue[] } {
  const late = overdue('due_date', calendar);
  const minutes = 'sum((unixepoch(ends_at) - unixepoch(starts_at)) / 60)';
  const parts: { sql: string; params: SqlValue[] }[] = [
    ...['clients', 'companies', 'assets'].map((table) => ({ sql: `SELECT '${table}' AS what, NULL AS kind, NULL AS who, count(*) AS n, NULL AS late FROM ${table} WHERE deleted_at IS NULL`, params: [] })),
    { sql: "SELECT 'contracts', NULL, NULL, count(*), NULL FROM contracts WHERE deleted_at IS NULL AND start_date <= ? AND (end_date IS NULL OR end_date >= ?)", params: [calendar.today, calendar.today] },
    { sql: "SELECT 'status', status, NULL, count(*), NULL FROM tickets WHERE deleted_at IS NULL GROUP BY status", params: [] },
    {
      sql: `SELECT 'open', priority, assigned_to, count(*), sum(${late.sql}) FROM tickets WHERE deleted_at IS NULL AND status IN (${openTickets}) GROUP BY priority, assigned_to`,
      params: late.params,
    },
    { sql: `SELECT 'tasks', NULL, assigned_to, count(*), sum(${late.sql}) FROM tasks WHERE deleted_at IS NULL AND status IN ('pending', 'in_progress') GROUP BY assigned_to`, params: late.params },
    {
      sql: `SELECT 'today', NULL, NULL, count(*), NULL FROM appointments WHERE deleted_at IS NULL AND status <> 'cancelled' AND starts_at >= ? AND starts_at < ?`,
      params: [calendar.todayStarts, calendar.todayEnds],
    },
    {
      sql: `SELECT 'week', NULL, assigned_to, count(*), ${minutes} FROM appointments WHERE deleted_at IS NULL AND status <> 'cancelled' AND starts_at >= ? AND starts_at < ? GROUP BY assigned_to`,
      params: [calendar.todayStarts, calendar.weekEnds],
    },
  ];
  return { sql: parts.map((part) => part.sql).join(' UNION ALL '), params: parts.flatMap((part) => part.params) };
}

interface Member {
  id: string;
  full_name: string;
  role: string;
}

/** Key load figures of the organisation. The week is today and the seven days after it; appointments count by their start, cancelled ones do not. */
export async function overviewOf(session: Session): Promise<Overview> {
  const db = session.store.read;
  const calendar = calendarAt(db, session.now());
  const { sql, params } = figures(calendar);
  const rows = await session.readers.all<Figure>(session.store.file, sql, params);
  const sum = (what: Figure['what'], value: 'n' | 'late' = 'n', fits: (row: Figure) => boolean = () => true): number =>
    rows.reduce((total, row) => (row.what === what && fits(row) ? total + (row[value] ?? 0) : total), 0);
  const expiring = contracts.list(db, {
    conditions: [{ sql: 't.end_date BETWEEN ? AND ?', params: [calendar.today, addDays(calendar.today, EXPIRES_WITHIN_DAYS)] }],
    sort: 'end_date',
    limit: MAX_EXPIRING,
  });
  const members = db.all<Member>("SELECT id, full_name, role FROM users WHERE deleted_at IS NULL AND active = 1 AND role <> 'client' ORDER BY sort_key");
  const load = members.map((member) => {
    const his = (row: Figure): boolean => row.who === member.id;
    return {
      user_id: member.id,
      full_name: member.full_name,
      open_tickets: sum('open', 'n', his),
      overdue_tickets: sum('open', 'late', his),
      open_tasks: sum('tasks', 'n', his),
      appointments_week: sum('week', 'n', his),
      minutes_week: sum('week', 'late', his),
    };
  });
  const isEngineer = new Set(members.filter((member) => member.role === 'engineer').map((member) => member.id));
  return {
    clients: sum('clients'),
    companies: sum('companies'),
    assets: sum('assets'),
    tickets_by_status: Object.fromEntries(TICKET_STATUSES.map((status) => [status, sum('status', 'n', (row) => row.kind === status)])) as Record<TicketStatus, number>,
    open_by_priority: Object.fromEntries(PRIORITIES.map((word, priority) => [word, sum('open', 'n', (row) => row.kind === priority)])) as Overview['open_by_priority'],
    overdue_tickets: sum('open', 'late'),
    unassigned_tickets: sum('open', 'n', (row) => row.who === null),
    tasks_pending: sum('tasks'),
    tasks_overdue: sum('tasks', 'late'),
    appointments_today: sum('today'),
    appointments_week: sum('week'),
    active_contracts: sum('contracts'),
    expiring_contracts: expiring.items,
    // Engineers are shown even when free; others only when something is on them.
    load: load.filter((line) => isEngineer.has(line.user_id) || line.open_tickets + line.open_tasks + line.appointments_week > 0),
  };
}
