import type { Appointment } from '../../src-shared/appointments/model.ts';
import type { Desk, DeskBucket } from '../../src-shared/dashboard/model.ts';
import { addDays } from '../../src-shared/kernel/days.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { Task } from '../../src-shared/tasks/model.ts';
import { OPEN_TICKET_STATUSES, type Ticket } from '../../src-shared/tickets/model.ts';
import { calendarAt, dueWithin, overdue } from '../core/calendar.ts';
import { oneOf } from '../core/conditions.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { createSelector, type Condition, type Selector } from '../store/select.ts';
import type { Db } from '../store/sqlite.ts';
import { assignedSince } from './assigned.ts';

/** Longest list of one kind in one bucket; the counts are exact all the same. */
const MAX_SHOWN = 50;
const DAY = 86_400_000;

const tickets = createSelector<Ticket>(REGISTRY, 'tickets');
const tasks = createSelector<Task>(REGISTRY, 'tasks');
const appointments = createSelector<Appointment>(REGISTRY, 'appointments');

interface Part<T> {
  items: T[];
  count: number;
}

/**
 * What one person must do: work that is late, due today, due in the seven days after today, and what others have assigned to him
 * within a day. Days are those of the organisation's zone. A row may be newly assigned and due at once; otherwise it stands in one
 * bucket only. @throws AppError REFERENCE_NOT_FOUND for an unknown person.
 */
export async function deskOf(session: Session, person?: Ref): Promise<Desk> {
  const db = session.store.read;
  const userId = person === undefined ? session.actor.user_id : resolveRef(db, REGISTRY, 'users', person, { field: 'user_id' });
  const calendar = calendarAt(db, session.now());
  const mine: Condition = { sql: 't.assigned_to = ?', params: [userId] };
  const openTickets = [mine, ...oneOf('status', OPEN_TICKET_STATUSES)];
  const openTasks = [mine, ...oneOf('status', ['pending', 'in_progress'])];
  const planned = [mine, { sql: "t.status = 'scheduled'", params: [] }];
  const tomorrow = addDays(calendar.today, 1);

  const bucket = (due: Condition, time: Condition): { shown: DeskBucket; count: number } => {
    const parts = [
      take(tickets, db, 'tickets', [...openTickets, due], 'due_date'),
      take(tasks, db, 'tasks', [...openTasks, due], 'due_date'),
      take(appointments, db, 'appointments', [...planned, time], 'starts_at'),
    ] as const;
    return { shown: { tickets: parts[0].items, tasks: parts[1].items, appointments: parts[2].items }, count: parts[0].count + parts[1].count + parts[2].count };
  };
  const late = bucket(overdue('t.due_date', calendar), { sql: 't.starts_at < ? AND t.ends_at < ?', params: [calendar.now, calendar.now] });
  const today = bucket(dueWithin('t.due_date', { date: calendar.today, moment: calendar.now }, { date: tomorrow, moment: calendar.todayEnds }), {
    sql: 't.starts_at < ? AND t.ends_at >= ?',
    params: [calendar.todayEnds, calendar.now],
  });
  const week = bucket(dueWithin('t.due_date', { date: tomorrow, moment: calendar.todayEnds }, { date: calendar.weekEndDate, moment: calendar.weekEnds }), {
    sql: 't.starts_at >= ? AND t.starts_at < ?',
    params: [calendar.todayEnds, calendar.weekEnds],
  });

  const since = Date.parse(calendar.now) - DAY;
  const touched: Condition = { sql: 't.updated_at >= ?', params: [new Date(since).toISOString()] };
  const fresh = {
    tickets: assignedSince(db, 'tickets', userId, since, [...openTickets, touched]).map((rid) => tickets.one(db, rid)),
    tasks: assignedSince(db, 'tasks', userId, since, [...openTasks, touched]).map((rid) => tasks.one(db, rid)),
    appointments: assignedSince(db, 'appointments', userId, since, [...planned, touched, { sql: 't.ends_at >= ?', params: [calendar.now] }]).map((rid) => appointments.one(db, rid)),
  };
  const newly: DeskBucket = { tickets: fresh.tickets.slice(0, MAX_SHOWN), tasks: fresh.tasks.slice(0, MAX_SHOWN), appointments: fresh.appointments.slice(0, MAX_SHOWN) };
  return {
    overdue: late.shown,
    today: today.shown,
    week: week.shown,
    newly_assigned: newly,
    counts: { overdue: late.count, today: today.count, week: week.count, newly_assigned: fresh.tickets.length + fresh.tasks.length + fresh.appointments.length },
  };
}

/** Rows that all have a value to sort by, found by their rids along the person's own index; only those shown are read in full. */
function take<T>(selector: Selector<T>, db: Db, table: string, conditions: Condition[], sort: string): Part<T> {
  const where = conditions.map((condition) => condition.sql).join(' AND ');
  const params = conditions.flatMap((condition) => condition.params);
  const rids = db.all<{ rid: number }>(`SELECT t.rid FROM ${table} t WHERE t.deleted_at IS NULL AND ${where} ORDER BY t.${sort}, t.rid LIMIT ?`, ...params, MAX_SHOWN + 1);
  const items = rids.slice(0, MAX_SHOWN).map(({ rid }) => selector.one(db, rid));
  if (rids.length <= MAX_SHOWN) return { items, count: items.length };
  return { items, count: db.get<{ total: number }>(`SELECT count(*) AS total FROM ${table} t WHERE t.deleted_at IS NULL AND ${where}`, ...params)?.total ?? items.length };
}
