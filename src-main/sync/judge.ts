import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Actor, PolicyContext, RowAction } from '../../src-shared/kernel/permissions.ts';
import { mayWrite } from '../../src-shared/sync/rights.ts';
import type { WireChangeset } from '../../src-shared/sync/wire.ts';
import { OP_KINDS, type Op } from '../store/change-log.ts';
import { metaOf, type EntityMeta, type Row } from '../store/entity.ts';
import { isTakenForNew, type Exchange, type Judge } from './exchange.ts';
import { isHubName } from './identity.ts';
import { RowTrouble } from './rows.ts';
import type { Peer } from './types.ts';

const ACTIONS = Object.fromEntries(Object.entries(OP_KINDS).map(([action, kind]) => [kind, action])) as Record<Op['k'], RowAction | 'number'>;

/**
 * Judges the ops of one pushed changeset under its actor's role as it is at the hub now: the operation's permission first, then the
 * same row policy that judges a local write. @returns a judge that throws RowTrouble
 */
export function judgeOf(x: Exchange, change: WireChangeset, peer: Peer): Judge {
  const id = change.actor;
  if (id !== null && peer.actors && !peer.actors.includes(id)) throw new RowTrouble('no_member');
  const { authority, actor, context } = rightsOf(x, change.device, id);
  if (actor === null) {
    if (!authority) throw new RowTrouble('no_member');
    return () => undefined;
  }
  return (op, ops) => {
    const action = ACTIONS[op.k];
    if (action === 'number' || (op.v && op.v['no'] !== undefined) || action === 'purge') {
      if (!authority) throw new RowTrouble('not_authority');
      if (action === 'number') return undefined;
    }
    const meta = metaOf(x.registry, op.t);
    const before = isTakenForNew(x, op) ? null : (x.rows.read(meta, op.i) ?? null);
    const withParent = action === 'delete' && before !== null && goesWithParent(x, meta, before, ops);
    const gate = mayWrite(actor, { entity: op.t, action, own: before?.created_by === actor.user_id, withParent });
    if (!gate.allowed) throw new RowTrouble('not_permitted', gate.why);
    const verdict = meta.policy(actor, action, before, afterOf(meta, op, before, actor), { ...context, with_parent: withParent });
    if (!verdict.allowed) throw new RowTrouble('not_permitted', verdict.why);
    return before;
  };
}

interface Rights {
  authority: boolean;
  /** Null for a device that speaks for itself. */
  actor: Actor | null;
  context: PolicyContext;
}

/** Whose changes a device brings, and what he may; read once for many changesets, until one of them changes a member, a branch or the organisation. @throws RowTrouble */
function rightsOf(x: Exchange, device: string, id: string | null): Rights {
  const key = `${device} ${id}`;
  const known = x.rows.remembered.get(key) as Rights | undefined;
  if (known) return known;
  const directed = id === null ? [] : x.db.all<{ id: string }>('SELECT id FROM branches WHERE director_id = ? AND deleted_at IS NULL', id).map((branch) => branch.id);
  const rights = { authority: isAuthority(x, device), actor: id === null ? null : actorOf(x, id), context: { directed_branches: directed } };
  x.rows.remembered.set(key, rights);
  return rights;
}

/** The authority, and what this hub itself was called before it was restored from a backup. */
function isAuthority(x: Exchange, device: string): boolean {
  return x.own.former.includes(device) || isHubName(x.db, device) || x.db.get('SELECT 1 FROM organization WHERE authority_device = ?', device) !== undefined;
}

function actorOf(x: Exchange, id: string): Actor {
  const member = x.db.get<{ role: Actor['role']; full_name: string; branch_id: string | null; language: Actor['language'] | null; active: number; deleted_at: string | null }>(
    'SELECT role, full_name, branch_id, language, active, deleted_at FROM users WHERE id = ?',
    id,
  );
  if (!member) throw new RowTrouble('no_member');
  if (member.active !== 1 || member.deleted_at !== null) throw new RowTrouble('member_inactive');
  const organization = x.db.get<{ id: string }>('SELECT id FROM organization LIMIT 1');
  if (!organization) throw new AppError('NOT_FOUND', { params: { entity: 'organization' } });
  return { user_id: id, organization_id: organization.id, role: member.role, full_name: member.full_name, branch_id: member.branch_id, language: member.language ?? 'ru' };
}

/** Whether what the row hangs on goes to the trash in the same changeset. */
function goesWithParent(x: Exchange, meta: EntityMeta, row: Row, ops: readonly Op[]): boolean {
  return [...x.registry.values()].some((parent) =>
    (parent.children ?? []).some((child) => child.entity === meta.name && ops.some((op) => op.k === OP_KINDS.delete && op.t === parent.name && op.i === row[child.column])),
  );
}

const absent = new WeakMap<EntityMeta, Record<string, null>>();
/** A row of the table in which nothing is written. */
function absentOf(meta: EntityMeta): Record<string, null> {
  const known = absent.get(meta);
  if (known) return known;
  const made = Object.fromEntries(meta.dataColumns.map((column) => [column, null]));
  absent.set(meta, made);
  return made;
}

function afterOf(meta: EntityMeta, op: Op, before: Row | null, actor: Actor): Row | null {
  if (op.k === OP_KINDS.purge) return null;
  if (op.k === OP_KINDS.create) {
    return { ...absentOf(meta), ...op.v, id: op.i, created_by: actor.user_id, updated_by: actor.user_id, deleted_at: null } as unknown as Row;
  }
  return { ...before, ...Object.assign({}, ...Object.values(op.g ?? {}).map((write) => write.v)) } as Row;
}
