import { REGISTRY } from '../../../src-main/core/entities.ts';
import type { Op } from '../../../src-main/store/change-log.ts';
import { fromSql } from '../../../src-main/store/entity.ts';
import { createAliases } from '../../../src-main/sync/aliases.ts';
import { createHeadStore } from '../../../src-main/sync/heads.ts';
import { rowText } from '../../../src-main/sync/state-hash.ts';
import type { LogEntry } from '../../../src-shared/sync/wire.ts';
import type { Copy } from './copies.ts';
import { differences } from './model.ts';

export interface Stored {
  stamp_time: number;
  stamp_counter: number;
  ops: string;
}
/** Of every change in a copy's log, what its key is made of. */
export const SELECT = 'SELECT stamp_time, stamp_counter, ops FROM changesets';

/** A change by what it says, whatever name its device goes by in the end. */
export function keyOf(change: Stored): string {
  let values: unknown = change.ops;
  if (!change.ops.includes('"g":{"name":7}')) values = (JSON.parse(change.ops) as Op[]).map((op) => [op.t, op.i, op.k, op.v, Object.entries(op.g ?? {}).map(([group, write]) => [group, write.v])]);
  return JSON.stringify([change.stamp_time, change.stamp_counter, values]);
}
export const keyOfWire = (entry: { stamp: [number, number]; ops: string }): string => keyOf({ stamp_time: entry.stamp[0], stamp_counter: entry.stamp[1], ops: entry.ops });
export const lastId = (copy: Copy): number => copy.store.read.get<{ id: number | null }>('SELECT max(id) AS id FROM changesets')?.id ?? 0;
export const positionOf = (copy: Copy): string => `${copy.engine.status(false).cursor} ${copy.store.deviceId} ${lastId(copy)}`;
const idsOf = (conflict: { kind: string; row_id: string }): string => `${conflict.kind} ${conflict.row_id}`;

/** Every change that a copy knows in some way, and those of a log. */
export function keysIn(copy: Copy, log: readonly LogEntry[]): Set<string> {
  const keys = copy.store.read.all<Stored>(SELECT).map(keyOf);
  const refused = copy.store.read.all<{ changeset: string }>('SELECT changeset FROM local_sync_refused').map(({ changeset }) => keyOfWire(JSON.parse(changeset) as LogEntry));
  return new Set([...keys, ...refused, ...log.map(keyOfWire)]);
}

/** Copies at rest hold the same rows, those that the log says, and know it. */
export function agreementFaults(hub: Copy, devices: readonly Copy[], log: readonly LogEntry[]): string[] {
  const faults: string[] = [];
  const expected = hub.engine.stateHash();
  for (const copy of [hub, ...devices]) {
    const status = copy.engine.status(false);
    if (copy.engine.stateHash() !== expected) faults.push(`${copy.name}: state differs`, ...rowFaults(copy, hub).slice(0, 3));
    if (!status.synchronised) faults.push(`${copy.name}: not synchronised ${JSON.stringify(status)}`);
    faults.push(...differences(copy, log).slice(0, 5), ...derivedFaults(copy));
  }
  if (JSON.stringify(hub.engine.conflicts(1000).map(idsOf).sort()) !== JSON.stringify(devices[0]?.engine.conflicts(1000).map(idsOf).sort())) faults.push('conflicts are not the same everywhere');
  return faults;
}

/** Search index, keys for duplicates and numbers must be those of the rows. */
function derivedFaults(copy: Copy): string[] {
  const faults: string[] = [];
  copy.store.searchIndex.ready();
  for (const meta of REGISTRY.values()) {
    if (meta.search) {
      const wrong = copy.store.read.get<{ n: number }>(
        `SELECT (SELECT count(*) FROM ${meta.tableName} WHERE deleted_at IS NULL AND rid NOT IN (SELECT rowid FROM ${meta.tableName}_fts)) + (SELECT count(*) FROM ${meta.tableName}_fts WHERE rowid NOT IN (SELECT rid FROM ${meta.tableName} WHERE deleted_at IS NULL)) AS n`,
      )?.n;
      if (wrong) faults.push(`${copy.name}: search index of ${meta.name} is off by ${wrong}`);
    }
    const numbers = copy.store.read.get<{ rows: number; numbers: number }>(`SELECT count(*) AS rows, count(DISTINCT no) AS numbers FROM ${meta.tableName}`);
    if (numbers && numbers.rows !== numbers.numbers) faults.push(`${copy.name}: ${numbers.rows} ${meta.name} have ${numbers.numbers} numbers`);
  }
  const keys = copy.store.read.get<{ n: number }>('SELECT count(*) AS n FROM local_company_keys WHERE row NOT IN (SELECT rid FROM companies WHERE deleted_at IS NULL)')?.n;
  if (keys) faults.push(`${copy.name}: ${keys} keys of companies that are gone`);
  return faults;
}

/** Rows that two copies do not hold alike, to the last head. */
function rowFaults(copy: Copy, hub: Copy): string[] {
  const [ours, theirs] = [textsOf(copy), textsOf(hub)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((id) => ours.get(id) !== theirs.get(id)).map((id) => `${copy.name}: ${ours.get(id) ?? 'no such row'}\n    hub: ${theirs.get(id) ?? 'no such row'}`);
}

function textsOf({ store }: Copy): Map<string, string> {
  const aliases = createAliases(store.read);
  const heads = createHeadStore(store.read, aliases);
  return new Map([...REGISTRY.values()].flatMap((meta) => store.read.all<Record<string, unknown>>(`SELECT * FROM ${meta.tableName}`).map((raw): [string, string] => [`${meta.name}/${String(raw['id'])}`, rowText(meta, fromSql(meta, raw), aliases, heads)])));
}
