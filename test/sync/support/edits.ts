import { appointments } from '../../../src-main/appointments/service.ts';
import { undoChange } from '../../../src-main/audit/undo.ts';
import { assets } from '../../../src-main/assets/service.ts';
import { clients } from '../../../src-main/clients/service.ts';
import { companies } from '../../../src-main/companies/service.ts';
import { contracts } from '../../../src-main/contracts/service.ts';
import { notes } from '../../../src-main/notes/service.ts';
import type { Random } from '../../../src-main/seed/random.ts';
import { appendChangeset, nextInChain, type Op } from '../../../src-main/store/change-log.ts';
import { SCHEMA } from '../../../src-main/store/migrate.ts';
import { tasks } from '../../../src-main/tasks/service.ts';
import { tickets } from '../../../src-main/tickets/service.ts';
import { restoreRow } from '../../../src-main/trash/restore.ts';
import type { Entity } from '../../../src-shared/audit/model.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { Actor, Role } from '../../../src-shared/kernel/permissions.ts';
import type { Copy } from './copies.ts';

/** Half of an emoji is no text that a database could keep. */
const RICH_WORDS = ['ключ', '😀', 'a\u0000b', '\ud83d', 'x\udc00y', 'пере\u0301нос', '\u202eсправа', '100 %'];
const WORDS = ['ключ', 'щит', 'сервер', 'ЁЛКА', '😀', 'a\u0000b', 'пере\u0301нос', '"кавычки"', 'этаж 2', 'line\nbreak', "O'Brien", '100 %', 'свет'];
const INNS = ['7707083893', '7736050003', '7702070139'];
const SERIALS = ['SN-1', 'SN-2'];
const AMOUNTS = [0, 1, 99_999_999_999_999, 100_000_000_000_000];

/** What one member does on one copy; `text` draws the words, `random` everything else. */
interface Edit {
  copy: Copy;
  actor: Actor;
  random: Random;
  text: Random;
  rich: boolean;
}

const words = (text: Random): string => Array.from({ length: text.int(1, 4) }, () => text.pick(WORDS)).join(' ');
const phone = (text: Random): string => `+7${text.digits(10)}`;

/** The member as this copy knows him now; null for one who may not enter. */
export function memberAt(copy: Copy, id: string): Actor | null {
  const row = copy.store.read.get<{ role: Role; full_name: string; active: number; deleted_at: string | null }>('SELECT role, full_name, active, deleted_at FROM users WHERE id = ?', id);
  const organization = copy.store.read.get<{ id: string }>('SELECT id FROM organization');
  return row && organization && row.active === 1 && !row.deleted_at ? { user_id: id, organization_id: organization.id, role: row.role, full_name: row.full_name, branch_id: null, language: 'ru' } : null;
}

function some({ copy, random }: Edit, table: string, where = 'deleted_at IS NULL'): string | null {
  const rows = copy.store.read.all<{ id: string }>(`SELECT id FROM ${table} WHERE ${where} ORDER BY rid`);
  return rows.length === 0 ? null : random.pick(rows).id;
}

const EDITS: Record<string, { weight: number; run: (edit: Edit) => void }> = {
  newClient: { weight: 6, run: ({ copy, actor, text }) => void clients.create(copy.session(actor), { name: words(text), comment: words(text), phones: [phone(text)] }) },
  newCompany: { weight: 2, run: ({ copy, actor, text }) => void companies.create(copy.session(actor), { name: words(text), inn: text.pick(INNS) }) },
  newTicket: { weight: 4, run: (edit) => below(edit, (client) => tickets.create(edit.copy.session(edit.actor), { client_id: client, subject: words(edit.text), description: words(edit.text) })) },
  newTask: { weight: 2, run: (edit) => below(edit, (client) => tasks.create(edit.copy.session(edit.actor), { client_id: client, title: words(edit.text), due_date: '2026-07-01', rrule: 'FREQ=WEEKLY' })) },
  newNote: { weight: 2, run: (edit) => below(edit, (client) => notes.create(edit.copy.session(edit.actor), { client_id: client, content: words(edit.text) })) },
  newVisit: { weight: 2, run: (edit) => below(edit, (client) => appointments.create(edit.copy.session(edit.actor), { client_id: client, title: words(edit.text), starts_at: '2026-07-01T08:00:00.000Z', duration_minutes: edit.random.int(1, 9) * 30 })) },
  newContract: {
    weight: 2,
    run: (edit) => {
      if (edit.copy.registry.has('contracts')) below(edit, (client) => contracts.create(edit.copy.session(edit.actor), { client_id: client, title: words(edit.text), start_date: '2026-01-01', amount: edit.text.int(0, 1e9) }));
    },
  },
  client: { weight: 10, run: (edit) => change(edit, 'clients', (id) => clients.update(edit.copy.session(edit.actor), id, edit.random.chance(0.4) ? { phone: phone(edit.text) } : edit.random.chance(0.5) ? { name: words(edit.text) } : { address: words(edit.text), latitude: edit.text.next() * 90, longitude: edit.text.next() * 180 })) },
  clientText: { weight: 5, run: (edit) => change(edit, 'clients', (id) => clients.update(edit.copy.session(edit.actor), id, { comment: oneWordChanged(edit, id) })) },
  clientLists: { weight: 2, run: (edit) => change(edit, 'clients', (id) => clients.update(edit.copy.session(edit.actor), id, { phones: Array.from({ length: edit.text.int(0, 3) }, () => phone(edit.text)) })) },
  company: { weight: 4, run: (edit) => change(edit, 'companies', (id) => companies.update(edit.copy.session(edit.actor), id, edit.random.chance(0.5) ? { inn: edit.text.pick(INNS), kpp: edit.text.digits(9) } : { name: words(edit.text) })) },
  ticket: { weight: 8, run: (edit) => change(edit, 'tickets', (id) => tickets.update(edit.copy.session(edit.actor), id, edit.random.chance(0.5) ? { status: edit.random.pick(['open', 'in_progress', 'resolved', 'closed']) } : { description: words(edit.text), priority: edit.random.pick(['low', 'high']) })) },
  task: { weight: 3, run: (edit) => change(edit, 'tasks', (id) => (edit.random.chance(0.5) ? tasks.complete(edit.copy.session(edit.actor), id) : tasks.update(edit.copy.session(edit.actor), id, { title: words(edit.text) }))) },
  visit: { weight: 4, run: (edit) => change(edit, 'appointments', (id) => appointments.update(edit.copy.session(edit.actor), id, edit.random.chance(0.5) ? { starts_at: `2026-07-0${edit.text.int(1, 5)}T07:00:00.000Z`, duration_minutes: 60 } : { ends_at: `2026-07-0${edit.text.int(6, 9)}T20:00:00.000Z` })) },
  note: { weight: 2, run: (edit) => change(edit, 'notes', (id) => notes.update(edit.copy.session(edit.actor), id, edit.random.chance(0.5) ? { pinned: true } : { content: words(edit.text) })) },
  remove: { weight: 3, run: (edit) => change(edit, edit.random.pick(['tickets', 'companies', 'notes', 'tasks']), (id, table) => ({ tickets, companies, notes, tasks })[table as 'tickets'].remove(edit.copy.session(edit.actor), id)) },
  removeClient: { weight: 2, run: (edit) => change(edit, 'clients', (id) => clients.remove(edit.copy.session(edit.actor), id)) },
  restore: {
    weight: 2,
    run: (edit) => {
      const table = edit.random.pick(['clients', 'tickets', 'companies']);
      const id = some(edit, table, 'deleted_at IS NOT NULL');
      if (id) restoreRow(edit.copy.session(edit.actor), table as Entity, id);
    },
  },
  undo: {
    weight: 2,
    run: (edit) => {
      const changes = edit.copy.store.read.all<{ id: number }>("SELECT id FROM changesets WHERE actor_id = ? AND ops <> '[]' ORDER BY id DESC LIMIT 5", edit.actor.user_id);
      if (changes.length > 0) undoChange(edit.copy.session(edit.actor), String(edit.random.pick(changes).id));
    },
  },
  settle: {
    weight: 3,
    run: (edit) => {
      const conflicts = edit.copy.engine.conflicts(20);
      if (conflicts.length === 0) return;
      const conflict = edit.random.pick(conflicts);
      if (conflict.kind === 'values') edit.copy.engine.resolve(edit.actor, { entity: conflict.entity, row_id: conflict.row_id, group: conflict.group, values: edit.random.pick(conflict.sides).values });
      else if (conflict.kind === 'edited_in_trash') edit.copy.engine.deleteAgain(edit.actor, conflict);
    },
  },
};
const RICH_EDITS: typeof EDITS = {
  ...EDITS,
  newAsset: { weight: 2, run: (edit) => below(edit, (client) => assets.create(edit.copy.session(edit.actor), { client_id: client, name: edit.text.pick(RICH_WORDS), serial_number: edit.text.pick(SERIALS) })) },
  asset: { weight: 2, run: (edit) => change(edit, 'assets', (id) => assets.update(edit.copy.session(edit.actor), id, edit.random.chance(0.5) ? { serial_number: edit.text.pick(SERIALS) } : { name: edit.text.pick(RICH_WORDS), warranty_until: '2027-01-01' })) },
  oddText: { weight: 4, run: (edit) => change(edit, 'clients', (id) => clients.update(edit.copy.session(edit.actor), id, edit.random.chance(0.5) ? { name: edit.text.pick(RICH_WORDS) } : { comment: `${edit.text.pick(RICH_WORDS)} ${edit.text.pick(RICH_WORDS)}` })) },
  amount: {
    weight: 2,
    run: (edit) => {
      if (edit.copy.registry.has('contracts')) change(edit, 'contracts', (id) => contracts.update(edit.copy.session(edit.actor), id, { amount: edit.text.pick(AMOUNTS) }));
    },
  },
};
const weightsOf = (edits: typeof EDITS): Record<string, number> => Object.fromEntries(Object.entries(edits).map(([name, { weight }]) => [name, weight]));
const [WEIGHTS, RICH_WEIGHTS] = [weightsOf(EDITS), weightsOf(RICH_EDITS)];

function below(edit: Edit, make: (client: string) => unknown): void {
  const client = some(edit, 'clients');
  if (client) make(client);
}

function change(edit: Edit, table: string, write: (id: string, table: string) => unknown): void {
  const id = some(edit, table);
  if (id) write(id, table);
}

function oneWordChanged({ copy, random, text }: Edit, id: string): string {
  const old = copy.store.read.get<{ comment: string | null }>('SELECT comment FROM clients WHERE id = ?', id)?.comment ?? '';
  const list = old === '' ? [words(text)] : old.split(' ');
  list[random.int(0, list.length - 1)] = `${text.pick(WORDS)}${text.int(0, 99)}`;
  return list.join(' ');
}

/** One random edit through the real services. @returns its name, for the trace */
export function editAtRandom(edit: Edit): string {
  const name = edit.random.weighted(edit.rich ? RICH_WEIGHTS : WEIGHTS);
  return name + allowed(() => RICH_EDITS[name]?.run(edit));
}

/** The same field of one client on every copy that has it, before any of them has heard of the others. @returns what was changed, for the trace */
export function editTheSame(copies: readonly Copy[], memberOf: (copy: Copy) => Actor | null, random: Random, text: Random): string {
  const [first] = copies;
  const ids = first?.store.read.all<{ id: string }>('SELECT id FROM clients WHERE deleted_at IS NULL ORDER BY rid') ?? [];
  if (ids.length === 0) return 'nothing';
  const { id } = random.pick(ids);
  const field = random.pick(['name', 'phone', 'comment', 'email']);
  for (const copy of copies) {
    const actor = memberOf(copy);
    const value = field === 'phone' ? phone(text) : field === 'email' ? `${text.digits(3)}@example.test` : words(text);
    if (actor) allowed(() => clients.update(copy.session(actor), id, { [field]: value }));
  }
  return `${field} ${id}`;
}

/** A refusal is an answer too. @returns its words */
function allowed(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    if (error instanceof AppError) return ` ${error.code} ${error.data.detail ?? ''}`;
    // The services are those of today, and look for what hangs on a row also where the older version has no such table.
    if (error instanceof Error && error.message === 'entity contracts is not in the registry') return ' older version';
    throw error;
  }
}

type People = Record<string, Actor>;

/** Takes a member's rights away, gives them back, or makes him something else. @returns what was done, for the trace */
export function changeRights(hub: Copy, people: People, random: Random): string {
  const name = random.pick(['Иван', 'Пётр', 'Анна']);
  const id = people[name]?.user_id as string;
  const owner = memberAt(hub, people['Ольга']?.user_id ?? '');
  if (!owner) return 'nobody';
  const active = memberAt(hub, id) !== null;
  const patch = random.chance(0.5) ? { active: !active } : { role: random.pick(['engineer', 'coordinator', 'operator']) };
  hub.store.mutate({ actor: owner, origin: 'window' }, (tx) => tx.update('users', id, patch));
  return `${name} ${JSON.stringify(patch)}`;
}

/** Deletes a ticket of the trash for good, which is the authority's alone. */
export function purgeTicket(hub: Copy, people: People): string {
  const owner = memberAt(hub, people['Ольга']?.user_id ?? '');
  const row = hub.store.read.get<{ id: string }>('SELECT id FROM tickets WHERE deleted_at IS NOT NULL ORDER BY rid LIMIT 1');
  if (!owner || !row || !hub.store.isAuthority()) return 'nothing';
  hub.store.mutate({ actor: owner, origin: 'window' }, (tx) => tx.purge('tickets', row.id));
  return row.id;
}

/** A changeset that no version could have written, or that the database refuses. */
export function poison(copy: Copy, actor: string | null, { random, text, rich }: Pick<Edit, 'random' | 'text' | 'rich'>): string {
  const kind = random.pick(['null', 'shape', 'ghost', ...(rich ? ['number', 'half'] : [])]);
  const known = copy.store.read.get<{ id: string }>('SELECT id FROM clients LIMIT 1')?.id ?? 'nobody';
  const ops = { null: [{ t: 'clients', i: `p${text.digits(8)}`, k: 'c', v: { name: null, created_at: 'x' } }], shape: [{ t: 'clients', i: 'p', k: 'u', g: { name: 7 } }], ghost: [{ t: 'clients', i: 'nobody', k: 'u', g: { name: { v: { name: 'x' }, s: [] } } }], number: [{ t: 'clients', i: known, k: 'u', g: { name: { v: { name: 7 }, s: [] } } }], half: [{ t: 'clients', i: known, k: 'u', g: { name: { v: { name: '\ud83d' }, s: [] } } }] }[kind] as unknown as Op[];
  copy.store.exchange((db) => {
    const place = nextInChain(db, copy.store.clock.now(), copy.store.own);
    appendChangeset(db, place, { deviceId: copy.store.own.id, actorId: actor, schema: SCHEMA, origin: 'api', importId: null, undoes: null }, ops, ops.map(() => null));
  });
  return kind;
}
