import type { Entity } from '../../src-shared/audit/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Actor, Role } from '../../src-shared/kernel/permissions.ts';
import type { House } from '../core/house.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import type { Tx } from '../store/tx.ts';
import { createRandom, type Random } from './random.ts';
import { assetValues, clientValues, companyValues, contactValues, contractValues, DAY, dayAt, HOUR, isoAt, MINUTE, ticketValues, type Values } from './rows.ts';
import { totalOf, type Sizes } from './sizes.ts';
import { mobilePhone, personName, transliterate } from './words/people.ts';
import { address, CITIES } from './words/places.ts';
import { clientNote, taskTitle, ticketNote, visitTitle } from './words/work.ts';

export interface SeedProgress {
  done: number;
  total: number;
}

export interface SeedOptions {
  seed?: number;
  /** The moment that counts as now: everything is dated before it, but for what is still to come. The clock's now when absent. */
  nowMs?: number;
  signal?: AbortSignal;
  /** Do not wait for the disk while a fresh file is filled; a crash meanwhile may cost the file. */
  hurry?: boolean;
}

/** Rows of one changeset. */
const CHUNK = 1000;
/** How far back clients and tickets go. */
const CLIENT_YEARS = 8 * 365 * DAY;
const TICKET_YEARS = 5 * 365 * DAY;

interface Member {
  id: string;
  role: Role;
  name: string;
}

/**
 * Fills the installation's first organisation with a firm of any size: the same seed and moment give the same rows. Everything goes
 * through `mutate`, so log, history and search index are as real as the rows. @returns the number of rows written.
 * @throws AppError NOT_FOUND without an organisation; CONFLICT when `hurry` is asked for a file that holds data.
 */
export async function seedBench(house: House, sizes: Sizes, onProgress?: (progress: SeedProgress) => void, options: SeedOptions = {}): Promise<number> {
  const [organization] = house.organizations.list();
  if (!organization) throw new AppError('NOT_FOUND', { params: { entity: 'organization' } });
  const store = house.organizations.open(organization.id);
  const nowMs = options.nowMs ?? house.clock.now();
  const fill = (): Promise<number> => fillOrganization(store, sizes, { ...options, nowMs, onProgress });
  return options.hurry ? store.fillFresh(fill) : fill();
}

interface FillOptions extends SeedOptions {
  nowMs: number;
  onProgress?: ((progress: SeedProgress) => void) | undefined;
}

async function fillOrganization(store: OrganizationStore, sizes: Sizes, options: FillOptions): Promise<number> {
  const random = createRandom(options.seed ?? 1);
  const total = totalOf(sizes);
  let done = 0;
  let members: Member[] = [];

  const actor = (): Actor | null => {
    if (members.length === 0) return null;
    const member = random.pick(members);
    return { user_id: member.id, organization_id: store.id, role: member.role, full_name: member.name, branch_id: null, language: 'ru' };
  };
  /** Writes `count` rows, a chunk a change, letting others work in between. */
  const write = async (entity: Entity, count: number, make: (index: number) => { values: Values; id: string; createdMs: number }): Promise<void> => {
    for (let from = 0; from < count; from += CHUNK) {
      options.signal?.throwIfAborted();
      const to = Math.min(count, from + CHUNK);
      store.mutate({ actor: actor(), origin: 'cli' }, (tx: Tx) => {
        for (let index = from; index < to; index++) {
          const { values, id, createdMs } = make(index);
          tx.insert(entity, values, { id, createdAt: isoAt(createdMs) });
        }
      });
      done += to - from;
      options.onProgress?.({ done, total });
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  /** Moment of the row that stands at `share` of a period that ends now. */
  const momentOf = (share: number, period: number): number => Math.floor(options.nowMs - period * (1 - share));
  const idsOf = (count: number, period: number): string[] => Array.from({ length: count }, (_, index) => random.uuid(momentOf(index / count, period)));

  const branchIds = idsOf(sizes.branches, CLIENT_YEARS);
  await write('branches', sizes.branches, (index) => {
    const city = CITIES[index % CITIES.length] as (typeof CITIES)[number];
    return { id: branchIds[index] as string, createdMs: options.nowMs - CLIENT_YEARS, values: { name: index < CITIES.length ? city.name : `${city.name} ${Math.floor(index / CITIES.length) + 1}`, address: address(random, city) } };
  });
  const crew = crewOf(random, sizes.users, branchIds, options.nowMs);
  await write('users', sizes.users, (index) => ({ ...(crew[index] as (typeof crew)[number]), createdMs: options.nowMs - CLIENT_YEARS }));
  members = crew.map(({ id, values }) => ({ id, role: values['role'] as Role, name: values['full_name'] as string }));
  const engineers = members.filter((member) => member.role === 'engineer').map((member) => member.id);
  const somebody = (): string => random.pick(members).id;

  const companyIds = idsOf(sizes.companies, CLIENT_YEARS);
  await write('companies', sizes.companies, (index) => ({
    id: companyIds[index] as string,
    createdMs: momentOf(index / sizes.companies, CLIENT_YEARS),
    values: { ...companyValues(random), branch_id: random.pick(branchIds), responsible_id: somebody() },
  }));
  const clientIds = idsOf(sizes.clients, CLIENT_YEARS);
  await write('clients', sizes.clients, (index) => {
    const values = clientValues(random);
    const known = values['kind'] === 'organization' && random.chance(0.55);
    return { id: clientIds[index] as string, createdMs: momentOf(index / sizes.clients, CLIENT_YEARS), values: { ...values, company_id: known ? random.pick(companyIds) : null, responsible_id: somebody() } };
  });
  /** A client who was there at the moment; the older ones call more often. */
  const clientAt = (ms: number): string => {
    const there = Math.max(1, Math.min(sizes.clients, Math.floor(sizes.clients * (1 - (options.nowMs - ms) / CLIENT_YEARS))));
    return clientIds[Math.floor(there * random.next() ** 2)] as string;
  };
  const plain = (entity: Entity, count: number, period: number, values: (createdMs: number) => Values): Promise<void> =>
    write(entity, count, (index) => {
      const createdMs = momentOf(index / count, period);
      return { id: random.uuid(createdMs), createdMs, values: values(createdMs) };
    });
  await plain('contacts', sizes.contacts, CLIENT_YEARS, (ms) => ({ ...contactValues(random), client_id: clientAt(ms), company_id: random.chance(0.4) ? random.pick(companyIds) : null }));
  await plain('assets', sizes.assets, CLIENT_YEARS, (ms) => ({ ...assetValues(random, ms - random.int(0, 200) * DAY), client_id: clientAt(ms) }));
  await plain('contracts', sizes.contracts, CLIENT_YEARS, (ms) => ({ ...contractValues(random, ms), client_id: clientAt(ms) }));

  /** Rows of another table that are due once `written` of all tickets stand, so that time runs on evenly in all tables. */
  const dueAt = (count: number, written: number): number => Math.floor((count * written) / sizes.tickets);
  const wholes = { notes: 0, tasks: 0, appointments: 0 };
  for (let from = 0; from < sizes.tickets; from += CHUNK) {
    const to = Math.min(sizes.tickets, from + CHUNK);
    const recent: { id: string; client: string; kind: number; createdMs: number }[] = [];
    await write('tickets', to - from, (index) => {
      const createdMs = momentOf((from + index) / sizes.tickets, TICKET_YEARS) + random.int(0, 20) * MINUTE;
      const ticket = ticketValues(random, Math.min(createdMs, options.nowMs), options.nowMs);
      const client = clientAt(createdMs);
      const id = random.uuid(createdMs);
      recent.push({ id, client, kind: ticket.kind, createdMs });
      return { id, createdMs, values: { ...ticket.values, client_id: client, assigned_to: random.chance(0.9) ? random.pick(engineers) : null } };
    });
    const oneOf = (): (typeof recent)[number] => recent[Math.floor(recent.length * random.next() ** 2)] as (typeof recent)[number];
    await write('notes', dueAt(sizes.notes, to) - wholes.notes, () => {
      const ticket = oneOf();
      const createdMs = Math.min(options.nowMs, ticket.createdMs + random.int(5, 5000) * MINUTE);
      const owner = random.next();
      if (owner < 0.8) return { id: random.uuid(createdMs), createdMs, values: { content: ticketNote(random, ticket.kind), ticket_id: ticket.id } };
      if (owner < 0.95) return { id: random.uuid(createdMs), createdMs, values: { content: clientNote(random), client_id: ticket.client, pinned: random.chance(0.03) } };
      return { id: random.uuid(createdMs), createdMs, values: { content: clientNote(random), company_id: random.pick(companyIds) } };
    });
    await write('tasks', dueAt(sizes.tasks, to) - wholes.tasks, () => {
      const ticket = oneOf();
      const done = options.nowMs - ticket.createdMs > 20 * DAY ? random.chance(0.96) : random.chance(0.4);
      const due = ticket.createdMs + random.int(1, 21) * DAY;
      const values = { title: taskTitle(random), client_id: ticket.client, ticket_id: random.chance(0.3) ? ticket.id : null, priority: random.int(0, 3), assigned_to: somebody(), due_date: dayAt(due) };
      const state = done ? { status: 'completed', completed_at: isoAt(Math.min(options.nowMs, due)) } : { status: random.weighted({ pending: 3, in_progress: 1 }) };
      return { id: random.uuid(ticket.createdMs), createdMs: ticket.createdMs, values: { ...values, ...state } };
    });
    await write('appointments', dueAt(sizes.appointments, to) - wholes.appointments, () => {
      const ticket = oneOf();
      const starts = Math.floor((ticket.createdMs + random.int(1, 14) * DAY) / DAY) * DAY + random.int(10, 32) * 30 * MINUTE;
      const status = starts < options.nowMs ? random.weighted({ completed: 9, cancelled: 1 }) : 'scheduled';
      const values = { title: visitTitle(random), client_id: ticket.client, ticket_id: random.chance(0.5) ? ticket.id : null, starts_at: isoAt(starts), ends_at: isoAt(starts + random.int(1, 6) * (HOUR / 2)) };
      return { id: random.uuid(ticket.createdMs), createdMs: ticket.createdMs, values: { ...values, status, assigned_to: random.pick(engineers) } };
    });
    for (const table of ['notes', 'tasks', 'appointments'] as const) wholes[table] = dueAt(sizes[table], to);
  }
  return done;
}

/** The people of the firm: a few at the desk, the rest on the road. */
function crewOf(random: Random, count: number, branchIds: readonly string[], nowMs: number): { id: string; values: Values }[] {
  return Array.from({ length: count }, (_, index) => {
    const person = personName(random);
    const role: Role = index === 0 ? 'admin' : index < count * 0.1 ? 'coordinator' : index < count * 0.25 ? 'operator' : 'engineer';
    return {
      id: random.uuid(nowMs - CLIENT_YEARS),
      values: { full_name: `${person.last} ${person.first} ${person.middle}`, email: `${transliterate(person.last)}.${index + 1}@example.com`, role, branch_id: random.pick(branchIds), phone: mobilePhone(random), language: 'ru', active: true },
    };
  });
}
