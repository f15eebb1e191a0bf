import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../../src-shared/kernel/clock.ts';
import { PACKING } from '../../store/packing.ts';
import type { HubDoor } from '../types.ts';
import type { SnapshotReply } from './messages.ts';

/** A snapshot is given to whoever asks while the log has not gone far beyond it. */
const KEPT_MS = 30 * 60_000;
const KEPT_POSITIONS = 5_000;

interface Kept extends SnapshotReply {
  organizationId: string;
  file: string;
  at: number;
}

export interface Snapshots {
  /** `isPacked`: for whoever can unpack it. */
  take(organizationId: string, isPacked?: boolean): Promise<SnapshotReply>;
  find(organizationId: string, id: string): { file: string; size: number } | null;
  close(): void;
}

/** Snapshots that this hub holds ready, in a folder that is emptied at every start. */
export function createSnapshots(folder: string, clock: Clock, hubOf: (organizationId: string) => HubDoor): Snapshots {
  rmSync(folder, { recursive: true, force: true });
  // By organisation and form.
  const kept = new Map<string, Kept>();
  const making = new Map<string, Promise<Kept>>();

  const make = async (organizationId: string, isPacked: boolean): Promise<Kept> => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const id = uuidv7();
    const file = join(folder, `${id}.snapshot`);
    const { whole, sha256, position, epoch } = await hubOf(organizationId).snapshot(file, isPacked);
    const made: Kept = { id, organizationId, file, at: clock.now(), size: statSync(file).size, sha256, ...(isPacked ? { packed: { packing: PACKING, whole } } : {}), position, epoch };
    const key = keyOf(organizationId, isPacked);
    const before = kept.get(key);
    kept.set(key, made);
    // A download that is under way goes on: the file lives until the last one reading it lets go.
    if (before) rmSync(before.file, { force: true });
    return made;
  };

  return {
    take: async (organizationId, isPacked = false) => {
      const hub = hubOf(organizationId);
      const key = keyOf(organizationId, isPacked);
      const known = kept.get(key);
      const fresh = known && clock.now() - known.at < KEPT_MS && known.epoch.id === hub.log.epoch().id && hub.log.head() - known.position < KEPT_POSITIONS && hub.log.floor() <= known.position;
      if (fresh) return reply(known);
      const under = making.get(key) ?? make(organizationId, isPacked).finally(() => making.delete(key));
      making.set(key, under);
      return reply(await under);
    },
    find: (organizationId, id) => {
      const known = [...kept.values()].find((one) => one.id === id && one.organizationId === organizationId);
      return known ? { file: known.file, size: known.size } : null;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const keyOf = (organizationId: string, isPacked: boolean): string => `${organizationId} ${isPacked ? PACKING : ''}`;
const reply = ({ id, size, sha256, packed, position, epoch }: Kept): SnapshotReply => ({ id, size, sha256, ...(packed ? { packed } : {}), position, epoch });
