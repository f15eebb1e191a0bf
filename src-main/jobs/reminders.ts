import type { House } from '../core/house.ts';
import { calendarAt, type Calendar } from '../core/calendar.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { getFact, setFact } from '../store/change-log.ts';
import type { OrganizationStore } from '../store/organization-store.ts';

const AHEAD_MS = 60 * 60_000;
/** What was due longer ago is old news. */
const BEHIND_MS = 7 * 86_400_000;
/** So many are told one by one; of more only the number. */
const ONE_BY_ONE = 3;
const TOLD = 'reminded:';

interface Due {
  entity: 'tasks' | 'tickets';
  id: string;
  no: number | null;
  title: string;
  due: string;
}

/** Open tasks and tickets of the people who are signed in on this machine: due within the hour, or today where only a day is said. */
function dueSoon({ read }: OrganizationStore, people: readonly string[], now: number, { today }: Calendar): Due[] {
  if (people.length === 0) return [];
  const marks = people.map(() => '?').join(', ');
  const of = (entity: 'tasks' | 'tickets', title: string, over: string): Due[] =>
    read.all<Due>(
      `SELECT '${entity}' AS entity, id, no, ${title} AS title, due_date AS due FROM ${entity}
       WHERE assigned_to IN (${marks}) AND status NOT IN (${over}) AND deleted_at IS NULL AND due_date >= ? AND (CASE WHEN length(due_date) > 10 THEN due_date < ? ELSE due_date <= ? END) ORDER BY due_date LIMIT 100`,
      ...people,
      iso(now - BEHIND_MS).slice(0, 10),
      iso(now + AHEAD_MS),
      today,
    );
  return [...of('tasks', 'title', "'completed'"), ...of('tickets', 'subject', "'resolved', 'closed'")];
}

/** What is due and has not been told yet under this due date. */
export function untold(house: House, store: OrganizationStore): Due[] {
  const now = house.clock.now();
  const people = house.auth.sessions.present(store.id);
  return dueSoon(store, people, now, calendarAt(store.read, iso(now))).filter(({ entity, id, due }) => getFact(store.read, `${TOLD}${entity}:${id}`) !== due);
}

/** Tells once of each due date that comes near. */
export function remind(house: House, store: OrganizationStore): void {
  const due = untold(house, store);
  for (const { entity, id, due: date } of due) setFact(store.local, `${TOLD}${entity}:${id}`, date);
  if (due.length > ONE_BY_ONE) return house.notices.tell({ key: 'due_list', params: { count: due.length }, path: '/desk' });
  for (const { entity, id, no, title } of due) house.notices.tell({ key: 'due_soon', params: { title }, path: `/${entity}/${no ?? id}` });
}
