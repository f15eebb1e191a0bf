import { z } from 'zod';
import { iso } from '../../src-shared/kernel/clock.ts';
import { REMOTE_TOOLS } from '../../src-shared/remote-access/model.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import type { House } from '../core/house.ts';
import { setFact } from '../store/change-log.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { realSystem, type System } from './tools/system.ts';
import { endInTrace } from './tools/trace.ts';
import { TOOLS } from './tools/tools.ts';

/** A program that ends sooner has handed the session over to one that ran already: its end says nothing. */
const HANDED_OVER_MS = 10_000;
/** A trace that does not know of the session by then never will. */
const TRACE_PATIENCE_MS = 10 * 60_000;
const FORGOTTEN_MS = 24 * 60 * 60_000;
const TAIL_BYTES = 4 * 1024 * 1024;
const KEY = 'remote_watch:';

/** A session under way on this machine: what is needed to see its end, also after this program was closed meanwhile. */
const watch = z.object({
  tool: z.enum(REMOTE_TOOLS),
  address: z.string(),
  file: z.string(),
  build: z.string(),
  pid: z.number(),
  birth: z.string().nullable(),
  began: z.number(),
  /** When its program was last seen running. */
  seen: z.number(),
  /** Its program has handed the session to one that ran already. */
  handed: z.boolean(),
  actor: z.custom<Actor>((value) => typeof value === 'object' && value !== null),
  client: z.string(),
});
export type Watch = z.infer<typeof watch>;

const keep = (store: OrganizationStore, id: string, one: Watch): void => setFact(store.local, KEY + id, JSON.stringify(one));
const drop = (store: OrganizationStore, id: string): void => setFact(store.local, KEY + id, null);

function watches({ read }: OrganizationStore): { id: string; one: Watch | null }[] {
  const rows = read.all<{ key: string; value: string }>('SELECT key, value FROM local_facts WHERE key >= ? AND key < ?', KEY, `${KEY}\u{10FFFF}`);
  return rows.map(({ key, value }) => {
    const read = watch.safeParse(JSON.parse(value));
    return { id: key.slice(KEY.length), one: read.success ? read.data : null };
  });
}

/** Whether sessions are under way that this machine began. */
export const hasWatches = (store: OrganizationStore): boolean => watches(store).length > 0;

/** The end stands in the row; the line of what was done is still asked for. */
function conclude(house: House, store: OrganizationStore, id: string, one: Watch, end: number): void {
  drop(store, id);
  const row = store.read.get<{ started_at: string; ended_at: string | null }>('SELECT started_at, ended_at FROM remote_sessions WHERE id = ? AND deleted_at IS NULL', id);
  if (!row || row.ended_at) return;
  store.mutate({ actor: one.actor, origin: 'system' }, (tx) => tx.update('remote_sessions', id, { ended_at: iso(Math.max(end, Date.parse(row.started_at))) }));
  house.notices.tell({ key: 'session_ended', params: { client: one.client }, path: '/desk' });
}

/** When the session ended by the tool's own trace: null while it lasts, undefined where no trace knows of it. */
function traced(system: System, one: Watch): number | null | undefined {
  let lasts: null | undefined;
  for (const { folder, name } of TOOLS[one.tool].traces(system, one)) {
    const bytes = system.tail(system.platform === 'win32' ? `${folder}\\${name}` : `${folder}/${name}`, TAIL_BYTES);
    const end = bytes ? endInTrace(bytes, one.address, one.began) : undefined;
    if (typeof end === 'number') return end;
    if (end === null) lasts = null;
  }
  return lasts;
}

/** Remembers a session whose program has just been started, and writes its end down when the program ends. */
export async function beginWatch(house: House, store: OrganizationStore, id: string, begun: Omit<Watch, 'birth' | 'seen' | 'handed'>, ended: Promise<void>, system: System = realSystem): Promise<void> {
  const one: Watch = { ...begun, birth: null, seen: begun.began, handed: false };
  keep(store, id, one);
  void ended.then(() => {
    try {
      const now = house.clock.now();
      if (now - one.began >= HANDED_OVER_MS) conclude(house, store, id, one, traced(system, one) ?? now);
      else if (TOOLS[one.tool].traces(system, one).length === 0) drop(store, id);
      else keep(store, id, { ...one, handed: true });
    } catch (error) {
      house.log.warn({ err: error }, 'the end of a remote session could not be written');
    }
  });
  const birth = await system.birth(one.pid);
  one.birth = birth;
  if (watches(store).some((kept) => kept.id === id && kept.one?.handed === false)) keep(store, id, one);
}

/**
 * Looks after every session that is under way: an end that the tool's trace tells, or that of a program which ended while this one was
 * not running, counts from when it was last seen.
 */
export async function lookAfterSessions(house: House, store: OrganizationStore, system: System = realSystem): Promise<void> {
  for (const { id, one } of watches(store)) {
    const now = house.clock.now();
    const row = one && store.read.get<{ ended_at: string | null }>('SELECT ended_at FROM remote_sessions WHERE id = ? AND deleted_at IS NULL', id);
    if (!one || !row || row.ended_at || now - one.began > FORGOTTEN_MS) {
      drop(store, id);
      continue;
    }
    const end = traced(system, one);
    if (typeof end === 'number') {
      conclude(house, store, id, one, end);
      continue;
    }
    const runs = !one.handed && one.birth !== null && (await system.birth(one.pid)) === one.birth;
    if (runs) keep(store, id, { ...one, seen: now });
    else if (!one.handed && one.seen - one.began >= HANDED_OVER_MS) conclude(house, store, id, one, one.seen);
    else if (end === undefined && now - one.began > TRACE_PATIENCE_MS) drop(store, id);
    else if (!one.handed) keep(store, id, { ...one, handed: true });
  }
}
