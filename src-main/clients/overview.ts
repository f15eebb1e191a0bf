import { OPEN_TICKET_STATUSES } from '../../src-shared/tickets/model.ts';
import type { ClientOverview } from '../../src-shared/clients/model.ts';
import { appointments } from '../appointments/index.ts';
import { assets } from '../assets/index.ts';
import { contracts } from '../contracts/index.ts';
import { calendarAt, overdue } from '../core/calendar.ts';
import type { Session } from '../core/session.ts';
import { articles } from '../knowledge/index.ts';
import { notes } from '../notes/index.ts';
import { tasks } from '../tasks/index.ts';
import { tickets } from '../tickets/index.ts';
import { clients } from './service.ts';

const LATEST = 10;
const open = OPEN_TICKET_STATUSES.map((status) => `'${status}'`).join(', ');

/** Counts of everything that a client has; one statement, each part along an index. */
const metricsSql = (late: string): string => `SELECT
  (SELECT count(*) FROM assets WHERE client_id = :id AND deleted_at IS NULL) AS assets,
  (SELECT count(*) FROM contracts WHERE client_id = :id AND deleted_at IS NULL) AS contracts,
  (SELECT count(*) FROM contracts WHERE client_id = :id AND deleted_at IS NULL AND start_date <= :today AND (end_date IS NULL OR end_date >= :today)) AS active_contracts,
  (SELECT count(*) FROM tickets WHERE client_id = :id AND deleted_at IS NULL) AS tickets,
  (SELECT count(*) FROM tickets WHERE client_id = :id AND deleted_at IS NULL AND status IN (${open})) AS open_tickets,
  (SELECT count(*) FROM tickets WHERE client_id = :id AND deleted_at IS NULL AND status IN (${open}) AND ${late}) AS overdue_tickets,
  (SELECT count(*) FROM tasks WHERE client_id = :id AND deleted_at IS NULL) AS tasks,
  (SELECT count(*) FROM tasks WHERE client_id = :id AND deleted_at IS NULL AND status <> 'completed') AS pending_tasks,
  (SELECT count(*) FROM tasks WHERE client_id = :id AND deleted_at IS NULL AND status <> 'completed' AND ${late}) AS overdue_tasks,
  (SELECT count(*) FROM notes WHERE client_id = :id AND deleted_at IS NULL) AS notes,
  (SELECT count(*) FROM appointments WHERE client_id = :id AND deleted_at IS NULL) AS appointments,
  (SELECT count(*) FROM appointments WHERE client_id = :id AND deleted_at IS NULL AND status = 'scheduled' AND ends_at >= :now) AS upcoming_appointments,
  (SELECT count(*) FROM articles WHERE client_id = :id AND deleted_at IS NULL AND status <> 'archived') AS articles`;

/** A client with figures and the latest of everything that hangs on it. */
export async function overviewOf(session: Session, id: string): Promise<ClientOverview> {
  const now = session.now();
  const calendar = calendarAt(session.store.read, now);
  const late = overdue('due_date', calendar);
  const metrics = session.store.read.raw.prepare(metricsSql(late.sql)).get(...late.params, ...late.params, { id, now, today: calendar.today }) as ClientOverview['metrics'];
  const mine = { client_id: id, limit: LATEST };
  const [assetList, contractList, noteList, ticketList, taskList, upcoming, recent, articleList] = await Promise.all([
    assets.list(session, { ...mine, limit: 50, sort: 'name' }),
    contracts.list(session, { ...mine, limit: 50, sort: '-end_date' }),
    notes.list(session, { ...mine, sort: '-created_at' }),
    tickets.list(session, { ...mine, sort: '-created_at' }),
    tasks.list(session, { ...mine, sort: 'due_date', status: ['pending', 'in_progress'] }),
    appointments.list(session, { ...mine, limit: 1, sort: 'starts_at', status: ['scheduled'], from: now }),
    appointments.list(session, { ...mine, sort: '-starts_at' }),
    articles.list(session, { ...mine, sort: 'title', status: ['published', 'draft'] }),
  ]);
  return {
    client: clients.get(session, id),
    metrics,
    assets: assetList.items,
    contracts: contractList.items,
    notes: noteList.items,
    tickets: ticketList.items,
    tasks: taskList.items,
    next_appointment: upcoming.items[0] ?? null,
    appointments: recent.items,
    articles: articleList.items,
  };
}
