import type { Entity, HistoryEntry } from '../../src-shared/audit/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { REGISTRY } from '../core/entities.ts';
import { OP_KINDS, type Before, type Op } from '../store/change-log.ts';
import { metaOf, titleOf, type EntityMeta } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import { encodePlace, isUndone, readChange, written, type LoggedChange, type Place } from './log.ts';

const ACTIONS = Object.fromEntries(Object.entries(OP_KINDS).map(([action, kind]) => [kind, action])) as Record<Op['k'], HistoryEntry['action']>;
/** Values of a creation that its line of history need not repeat. */
const HEAD_FIELDS = new Set(['no', 'created_at']);

interface Known {
  rid: number;
  no: number | null;
  title: string;
}

/** Writes the history of ops in words. Names, changes and verdicts are looked up once for a page. */
export function createNarrator(db: Db) {
  const known = new Map<string, Known | null>();
  const renames = new Map<string, { changeset: number; old: string }[]>();
  const changes = new Map<number, LoggedChange | undefined>();
  const undone = new Map<number, boolean>();

  const remember = <K, V>(memory: Map<K, V>, key: K, make: () => V): V => {
    if (!memory.has(key)) memory.set(key, make());
    return memory.get(key) as V;
  };
  const lookUp = (entity: Entity, id: string): Known | null =>
    remember(known, `${entity}/${id}`, () => {
      const meta = metaOf(REGISTRY, entity);
      const row = db.get<Record<string, unknown>>(`SELECT rid, no, ${meta.label} FROM ${meta.tableName} WHERE id = ?`, id);
      return row ? { rid: row['rid'] as number, no: row['no'] as number | null, title: titleOf(meta, row) } : null;
    });
  /** The name that a row had right after a changeset: the value that the next renaming replaced. */
  const nameAt = (entity: Entity, id: string, changeset: number): string => {
    const row = lookUp(entity, id);
    if (!row) return id;
    const meta = metaOf(REGISTRY, entity);
    const later = remember(renames, `${entity}/${id}`, () =>
      db.all<{ changeset: number; old: string }>(
        `SELECT * FROM (SELECT r.changeset, json_extract(c.before, '$[' || r.op || '].${meta.label}') AS old
           FROM change_rows r CROSS JOIN changesets c ON c.id = r.changeset WHERE r.entity = ? AND r.row = ?) WHERE old IS NOT NULL ORDER BY changeset`,
        meta.code,
        row.rid,
      ),
    );
    const next = later.find((rename) => rename.changeset > changeset);
    return next ? titleOf(meta, { [meta.label]: next.old }) : row.title;
  };
  const field = (meta: EntityMeta, name: string, before: unknown, after: unknown, changeset: number): HistoryEntry['fields'][number] => {
    const target = meta.refs?.[name] ?? meta.listRefs?.[name];
    const called = (value: unknown, at: number): string | null => {
      const ids = [value].flat().filter((id) => typeof id === 'string');
      return target && ids.length > 0 ? ids.map((id) => nameAt(target, id, at)).join(', ') : null;
    };
    return { field: name, before: inWords(name, before), after: inWords(name, after), before_name: called(before, changeset - 1), after_name: called(after, changeset) };
  };
  const fieldsOf = (meta: EntityMeta, op: Op, before: Before, changeset: number): HistoryEntry['fields'] => {
    switch (op.k) {
      case 'c':
        return Object.entries(op.v ?? {})
          .filter(([name, value]) => !HEAD_FIELDS.has(name) && !isEmpty(value))
          .map(([name, value]) => field(meta, name, null, value, changeset));
      case 'u':
        return Object.entries(before ?? writtenValues(op)).map(([name, old]) => field(meta, name, before ? old : null, written(op, name), changeset));
      case 'p':
        return Object.entries(before ?? {})
          .filter(([, value]) => !isEmpty(value))
          .map(([name, value]) => field(meta, name, value, null, changeset));
      default:
        return [];
    }
  };

  const change = (id: number): LoggedChange | undefined => remember(changes, id, () => readChange(db, id));

  return {
    change,
    entry: (place: Place): HistoryEntry | undefined => {
      const logged = change(place.changeset);
      const op = logged?.ops[place.op];
      if (!logged || !op) return undefined;
      const meta = metaOf(REGISTRY, op.t);
      const before = logged.before[place.op] ?? null;
      const row = lookUp(op.t, op.i);
      const last = written(op, meta.label) ?? before?.[meta.label];
      return {
        change_id: String(logged.id),
        at: iso(logged.at),
        actor_id: logged.actor_id,
        actor_name: logged.actor_id && (lookUp('users', logged.actor_id)?.title ?? null),
        origin: logged.origin,
        import_id: logged.import_id,
        entity: op.t,
        row_id: op.i,
        row_no: row ? row.no : ((op.v?.['no'] as number | undefined) ?? null),
        row_title: row ? row.title : last === undefined ? null : titleOf(meta, { [meta.label]: last }),
        action: ACTIONS[op.k],
        fields: fieldsOf(meta, op, before, logged.id),
        undone: remember(undone, logged.id, () => isUndone(db, logged.id)),
      };
    },
  };
}

/** A page of history from places, of which the caller has asked for one more than the page holds. */
export function pageOf(narrator: ReturnType<typeof createNarrator>, places: Place[], limit: number, fits: (entry: HistoryEntry) => boolean = () => true): { items: HistoryEntry[]; next_cursor: string | null } {
  const shown = places.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((place) => narrator.entry(place)).filter((entry) => entry !== undefined && fits(entry)) as HistoryEntry[],
    next_cursor: places.length > limit && last ? encodePlace(last) : null,
  };
}

const isEmpty = (value: unknown): boolean => value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0);
const writtenValues = (op: Op): Record<string, unknown> => Object.assign({}, ...Object.values(op.g ?? {}).map((group) => group.v)) as Record<string, unknown>;
const inWords = (name: string, value: unknown): unknown => (name === 'priority' && typeof value === 'number' ? (PRIORITIES[value] ?? value) : (value ?? null));
