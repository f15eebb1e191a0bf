import { statfsSync } from 'node:fs';
import { SEARCHABLE } from '../../src-shared/search/contract.ts';
import { checkContents } from '../attachments/index.ts';
import { REGISTRY } from '../core/entities.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { changesetHash } from '../store/change-log.ts';
import { metaOf } from '../store/entity.ts';
import type { OrganizationStore } from '../store/organization-store.ts';

export interface Check {
  name: string;
  ok: boolean;
  message: string;
}

const LOW_DISK_BYTES = 500 * 1024 * 1024;
const CHAIN_STEP = 5_000;

/** Looks the store over: pages, chain of the log, search index, contents of files, space. Only reads, once what the search index waits for has been written; `deep` reads every file as well. */
export async function examine(session: Session, house: House, deep: boolean): Promise<{ ok: boolean; checks: Check[] }> {
  const { store } = session;
  const [integrity] = await session.readers.all<{ integrity_check: string }>(store.file, 'PRAGMA integrity_check(1)', [], { timeoutMs: 600_000 });
  const result = integrity?.integrity_check ?? 'no answer';
  const disk = statfsSync(house.config.dataDir);
  const free = disk.bavail * disk.bsize;
  const chain = await checkChain(store);
  const checks: Check[] = [
    { name: 'integrity', ok: result === 'ok', message: result },
    { name: 'log_chain', ok: chain.broken === null, message: chain.broken === null ? `${chain.length}` : `changeset ${chain.broken}` },
    ...searchChecks(store),
    await fileCheck(session, house, deep),
    { name: 'disk_space', ok: free > LOW_DISK_BYTES, message: `${Math.floor(free / 1024 / 1024)} MiB` },
  ];
  return { ok: checks.every((check) => check.ok), checks };
}

interface Link {
  id: number;
  seq: number;
  actor_id: string | null;
  schema: number;
  stamp_time: number;
  stamp_counter: number;
  ops: string;
  prev_hash: Buffer;
  hash: Buffer;
}

/** Recomputes every hash of this device's chain; letting others work in between. */
export async function checkChain(store: OrganizationStore): Promise<{ length: number; broken: number | null }> {
  let previous: Buffer = Buffer.alloc(32);
  let seq = 0;
  for (;;) {
    const links = store.read.all<Link>('SELECT id, seq, actor_id, schema, stamp_time, stamp_counter, ops, prev_hash, hash FROM changesets WHERE device = ? AND seq > ? ORDER BY seq LIMIT ?', store.own.alias, seq, CHAIN_STEP);
    for (const link of links) {
      const header = { device: store.deviceId, seq: link.seq, actor: link.actor_id, schema: link.schema, stamp: { time: link.stamp_time, counter: link.stamp_counter, device: store.own.alias } };
      const intact = link.seq === seq + 1 && link.prev_hash.equals(previous) && changesetHash(previous, header, link.ops).equals(link.hash);
      if (!intact) return { length: seq, broken: link.id };
      previous = link.hash;
      seq = link.seq;
    }
    if (links.length < CHAIN_STEP) return { length: seq, broken: null };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Contents that are said to be here are here, and whole. Those that have not come yet are counted, and are no fault. */
async function fileCheck({ store }: Session, house: House, deep: boolean): Promise<Check> {
  const { checked, missing, damaged, absent } = await checkContents(store.read, house.attachments.of(store.id), deep);
  return { name: 'files', ok: missing + damaged === 0, message: `${checked} here, ${missing} missing, ${damaged} damaged, ${absent} not here yet` };
}

function searchChecks(store: OrganizationStore): Check[] {
  store.searchIndex.ready();
  return SEARCHABLE.map((entity) => {
    const { tableName } = metaOf(REGISTRY, entity);
    const missing = store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${tableName} t WHERE t.deleted_at IS NULL AND t.rid NOT IN (SELECT rowid FROM ${tableName}_fts)`)?.n ?? 0;
    return { name: `search_${entity}`, ok: missing === 0, message: `${missing}` };
  });
}
