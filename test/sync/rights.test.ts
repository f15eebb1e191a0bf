import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import type { Registry } from '../../src-main/store/entity.ts';
import type { Tx } from '../../src-main/store/tx.ts';
import { contract } from '../../src-shared/contract.ts';
import type { OperationMeta } from '../../src-shared/kernel/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { may, ROLES, type Actor, type Permission, type Role } from '../../src-shared/kernel/permissions.ts';
import { createWorld, exchangeAll, pull, push, type Copy, type World } from './support/copies.ts';

/** A program that was tampered with: it lets everybody write everything. */
const LAX: Registry = new Map([...REGISTRY].map(([name, meta]) => [name, { ...meta, policy: openPolicy }]));

/** What somebody does: the operation that asks for it at home, the rows that it needs, and the write itself. */
interface Deed {
  name: string;
  operation: string;
  /** Makes, as the owner, what is to be written to. @returns the row's id */
  rows?: (tx: Tx, actor: Actor) => string;
  write: (tx: Tx, id: string, actor: Actor) => unknown;
  /** Who may; the operation's permission keeps the others out, or the row's policy for one of these reasons. */
  may: readonly Role[];
  why?: readonly string[];
}

const STAFF: readonly Role[] = ['owner', 'admin', 'coordinator', 'operator', 'engineer'];
const OFFICE: readonly Role[] = ['owner', 'admin', 'coordinator', 'operator'];
const ADMINS: readonly Role[] = ['owner', 'admin'];
const client = (tx: Tx): string => tx.insert('clients', { name: 'Ромашка', kind: 'organization' }).id;
const ticket = (tx: Tx): string => tx.insert('tickets', { client_id: client(tx), subject: 'Нет сети', status: 'open', priority: 1 }).id;
const company = (values: Record<string, unknown> = {}) => (tx: Tx): string => tx.insert('companies', { name: 'Завод', ...values }).id;
const note = (tx: Tx): string => tx.insert('notes', { content: 'Ключ у охраны', pinned: false, client_id: client(tx) }).id;
const member = (role: Role) => (tx: Tx): string => tx.insert('users', { full_name: 'Новый', email: `${role}-${tx.changeId}@example.test`, role, language: 'ru', active: true }).id;

const DEEDS: Deed[] = [
  { name: 'makes a client', operation: 'clients.create', write: (tx) => client(tx), may: STAFF },
  { name: 'changes a client', operation: 'clients.update', rows: client, write: (tx, id) => tx.update('clients', id, { phone: '+74950000001' }), may: STAFF },
  { name: 'deletes a client', operation: 'clients.delete', rows: client, write: (tx, id) => tx.remove('clients', id), may: OFFICE },
  { name: 'deletes somebody else’s ticket', operation: 'tickets.delete', rows: ticket, write: (tx, id) => tx.remove('tickets', id), may: OFFICE },
  {
    name: 'brings a ticket back from the trash',
    operation: 'trash.restore',
    rows: (tx) => {
      const id = ticket(tx);
      tx.remove('tickets', id);
      return id;
    },
    write: (tx, id) => tx.restore('tickets', id),
    may: STAFF,
  },
  { name: 'changes somebody else’s company', operation: 'companies.update', rows: company(), write: (tx, id) => tx.update('companies', id, { name: 'Чужая' }), may: ADMINS, why: ['company_not_yours'] },
  { name: 'changes a company that he is responsible for', operation: 'companies.update', rows: (tx, actor) => company({ responsible_id: actor.user_id })(tx), write: (tx, id) => tx.update('companies', id, { name: 'Своя' }), may: STAFF },
  { name: 'changes a company of a branch that he directs', operation: 'companies.update', rows: (tx, actor) => company({ branch_id: tx.insert('branches', { name: 'Север', director_id: actor.user_id }).id })(tx), write: (tx, id) => tx.update('companies', id, { name: 'Филиала' }), may: STAFF },
  { name: 'rewrites somebody else’s note', operation: 'notes.update', rows: note, write: (tx, id) => tx.update('notes', id, { content: 'Иначе' }), may: ['owner'], why: ['note_not_yours'] },
  { name: 'pins somebody else’s note', operation: 'notes.update', rows: note, write: (tx, id) => tx.update('notes', id, { pinned: true }), may: STAFF },
  {
    name: 'deletes a client with a note of somebody else',
    operation: 'clients.delete',
    rows: note,
    write: (tx, id) => {
      tx.remove('clients', String(tx.get('notes', id)?.['client_id']));
      tx.remove('notes', id, { withParent: true });
    },
    may: OFFICE,
  },
  { name: 'changes his own name', operation: 'users.update', write: (tx, _id, actor) => tx.update('users', actor.user_id, { full_name: `Иначе ${actor.role}` }), may: ROLES },
  { name: 'changes his own role', operation: 'users.update', write: (tx, _id, actor) => tx.update('users', actor.user_id, { role: actor.role === 'engineer' ? 'admin' : 'engineer' }), may: [], why: ['own_role'] },
  { name: 'changes somebody else’s role', operation: 'users.update', rows: member('engineer'), write: (tx, id) => tx.update('users', id, { role: 'operator' }), may: ADMINS, why: ['users_manage'] },
  { name: 'locks an owner out', operation: 'users.update', rows: member('owner'), write: (tx, id) => tx.update('users', id, { active: false }), may: ['owner'], why: ['owner_only', 'users_manage'] },
  { name: 'makes a branch', operation: 'branches.create', write: (tx) => tx.insert('branches', { name: 'Юг' }), may: ADMINS },
  { name: 'changes the organisation', operation: 'organizations.update', write: (tx, _id, actor) => tx.update('organization', actor.organization_id, { name: `Служба ${actor.role}` }), may: ADMINS },
];

let world: World;
let hub: Copy;
let tampered: Copy;
const actors = new Map<Role, Actor>();

beforeAll(async () => {
  world = createWorld();
  hub = world.hub;
  const owner = world.people['Ольга'] as Actor;
  for (const role of ROLES) {
    const id = role === 'owner' ? owner.user_id : hub.store.mutate({ actor: owner, origin: 'window' }, (tx) => tx.insert('users', { full_name: role, email: `${role}@example.test`, role, language: 'ru', active: true }).id);
    actors.set(role, { ...owner, user_id: id, role, full_name: role });
  }
  tampered = await world.join('tampered', { registry: LAX });
});
afterAll(() => world.close());

class Undone extends Error {}
const permissionOf = (operation: string): Permission => {
  const [feature = '', name = ''] = operation.split('.');
  return (contract as unknown as Record<string, Record<string, { '~orpc': { meta: OperationMeta } }>>)[feature]?.[name]?.['~orpc'].meta.permission as Permission;
};

/** How this hub judges its own user's write, of which nothing stays. @returns null where it is allowed, else why not */
function atHome(deed: Deed, id: string, actor: Actor): string | null {
  const permission = permissionOf(deed.operation);
  expect(permission, deed.operation).toBeDefined();
  if (!may(actor, permission)) return 'permission';
  try {
    hub.store.mutate({ actor, origin: 'window' }, (tx) => {
      deed.write(tx, id, actor);
      throw new Undone();
    });
  } catch (error) {
    if (error instanceof Undone) return null;
    if (error instanceof AppError && error.code === 'FORBIDDEN') return error.data.detail ?? '';
    throw error;
  }
  throw new Error('it was written');
}

/** The same write made on a device and pushed. */
function pushed(deed: Deed, id: string, actor: Actor): string | null {
  tampered.store.mutate({ actor, origin: 'window' }, (tx) => deed.write(tx, id, actor));
  const [verdict] = push(tampered, hub)?.verdicts ?? [];
  pull(tampered, hub);
  if (verdict?.verdict === 'accepted') return null;
  if (verdict?.verdict === 'returned' && verdict.reason === 'not_permitted') return verdict.why ?? '';
  throw new Error(`neither taken nor refused: ${JSON.stringify(verdict)}`);
}

describe.each(DEEDS)('whoever $name', (deed) => {
  it.each(ROLES)('is judged alike at home and by a push: %s', (role) => {
    const owner = actors.get('owner') as Actor;
    const actor = actors.get(role) as Actor;
    const id = deed.rows ? hub.store.mutate({ actor: owner, origin: 'window' }, (tx) => deed.rows?.(tx, actor) ?? '') : '';
    exchangeAll(hub, [tampered]);
    const local = atHome(deed, id, actor);
    const foreign = pushed(deed, id, actor);
    expect([local === null, foreign === null]).toEqual([deed.may.includes(role), deed.may.includes(role)]);
    // Where the operation lets him in, the same policy of the row gives the same reason.
    if (local !== 'permission') expect(foreign).toBe(local);
    if (local !== null) expect(['permission', ...(deed.why ?? [])]).toContain(local);
    if (local === null) expect(tampered.engine.stateHash()).toBe(hub.engine.stateHash());
  });
});
