import { OP_KINDS, type Op } from '../store/change-log.ts';
import type { EntityMeta, Registry } from '../store/entity.ts';
import { isWellFormed } from '../store/text.ts';
import { columnsOf } from './heads.ts';
import { RowTrouble } from './rows.ts';

const KINDS = new Set<string>(Object.values(OP_KINDS));
const OF_CREATION = new Set(['no', 'created_at']);
const MAX_ID = 64;

/**
 * The ops of a changeset out of the text that travelled. Names of tables, groups and columns are looked up here and reach SQL only as
 * the registry spells them. @returns null where only a newer version understands it. @throws RowTrouble `failed` for what no version could write
 */
export function readOps(registry: Registry, text: string): Op[] | null {
  const list = parse(text);
  if (!Array.isArray(list)) throw malformed('ops');
  let understood = true;
  for (const op of list as unknown[]) {
    if (!isRecord(op) || typeof op['t'] !== 'string' || typeof op['i'] !== 'string' || op['i'].length === 0 || op['i'].length > MAX_ID || typeof op['k'] !== 'string') throw malformed('op');
    const meta = (registry as ReadonlyMap<string, EntityMeta>).get(op['t']);
    if (!meta || !KINDS.has(op['k']) || !checkValues(meta, op) || !checkGroups(meta, op)) understood = false;
  }
  return understood ? (list as Op[]) : null;
}

/** Ids of the rows that a changeset touches, whatever version wrote it. */
export function rowIdsOf(text: string): string[] {
  const list = parse(text);
  return Array.isArray(list) ? [...new Set((list as unknown[]).flatMap((op) => (isRecord(op) && typeof op['i'] === 'string' ? [op['i']] : [])))] : [];
}

function checkValues(meta: EntityMeta, op: Record<string, unknown>): boolean {
  if (op['k'] !== OP_KINDS.create) return true;
  const values = op['v'];
  if (!isRecord(values) || typeof values['created_at'] !== 'string') throw malformed('v');
  if (values['no'] !== undefined && !Number.isSafeInteger(values['no'])) throw malformed('no');
  for (const column in values) if (!OF_CREATION.has(column) && !fits(meta, column, values[column])) return false;
  return true;
}

function checkGroups(meta: EntityMeta, op: Record<string, unknown>): boolean {
  const groups = op['g'];
  if (op['h'] !== undefined && !isStampList(op['h'])) throw malformed('h');
  if (groups === undefined) {
    if (op['k'] !== OP_KINDS.create && op['k'] !== OP_KINDS.purge) throw malformed('g');
    return true;
  }
  if (!isRecord(groups)) throw malformed('g');
  return Object.entries(groups).every(([group, write]) => {
    if (!isRecord(write) || !isRecord(write['v']) || !isStampList(write['s']) || (write['b'] !== undefined && typeof write['b'] !== 'string')) throw malformed(group);
    const columns = columnsOf(meta, group);
    if (!columns) return false;
    const special = group === 'deleted_at' || group === 'no';
    if (special && !fitsSpecial(group, op['k'] as string, write['v'][group])) throw malformed(group);
    return Object.entries(write['v']).every(([column, value]) => columns.includes(column) && (special || fits(meta, column, value)));
  });
}

/** Whether the column is known. @throws RowTrouble for a value that it could never hold */
function fits(meta: EntityMeta, column: string, value: unknown): boolean {
  const codec = Object.hasOwn(meta.groupOf, column) ? meta.codecs[column] : undefined;
  if (codec === undefined) return false;
  // SQLite would turn a number in a column of text into text: the row would say another thing than the log.
  const plain = value === null || (meta.numeric.has(column) ? typeof value === 'number' && Number.isFinite(value) : typeof value === 'string');
  const valid = codec === 'json' ? Array.isArray(value) || value === null : codec === 'bool' ? typeof value === 'boolean' : plain;
  if (!valid || !isWellFormed(value) || (value === null && codec === 'plain' && meta.notNull.has(column))) throw malformed(column);
  return true;
}

/** Whether a column could hold the value, and says something where something has to be said. */
export function mayHold(meta: EntityMeta, column: string, value: unknown): boolean {
  try {
    return fits(meta, column, value) && !(typeof value === 'string' && value.trim() === '' && meta.notNull.has(column));
  } catch {
    return false;
  }
}

function fitsSpecial(group: string, kind: string, value: unknown): boolean {
  if (group === 'no') return kind === OP_KINDS.number && Number.isSafeInteger(value);
  return (kind === OP_KINDS.delete && typeof value === 'string') || (kind === OP_KINDS.restore && value === null);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('json');
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isStampList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((stamp) => Array.isArray(stamp) && stamp.length === 3 && Number.isSafeInteger(stamp[0]) && Number.isSafeInteger(stamp[1]) && typeof stamp[2] === 'string');
const malformed = (part: string): RowTrouble => new RowTrouble('failed', `malformed_${part}`);
