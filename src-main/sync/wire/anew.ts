import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../src-shared/kernel/clock.ts';
import { REGISTRY } from '../../core/entities.ts';
import type { House } from '../../core/house.ts';
import { removeDb } from '../../store/sqlite.ts';
import { startFromSnapshot } from '../snapshot.ts';
import type { HubClient } from './client.ts';
import { fetchSnapshot } from './join.ts';
import type { Proofs } from './proofs.ts';

/** Bytes of a snapshot that have arrived, of so many. */
export interface Receiving {
  received: number;
  size: number;
}

/** Starts copies anew from their hub's snapshot, with what waits in them. */
export interface Anew {
  /** Fetches the snapshot and puts the new copy in place of the old one, which stays beside it. @throws AppError of the way to the hub */
  start(organizationId: string, client: HubClient, signal: AbortSignal): Promise<void>;
  /** Whether the next contact is to start the copy anew, whatever the log says. */
  isWanted(organizationId: string): boolean;
  /** Has the contact that `contact` makes start the copy anew; none after the signal, which others may be waiting behind. */
  during<T>(organizationId: string, contact: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Null while none is under way. */
  receiving(organizationId: string): Receiving | null;
}

export interface AnewParts {
  folder: string;
  clock: Clock;
  organizations: House['organizations'];
  proofs: Proofs;
  /** The copy is about to be replaced. */
  leave(organizationId: string): void;
  replaced(organizationId: string): void;
  changed(organizationId: string): void;
}

export function createAnew({ folder, clock, organizations, proofs, leave, replaced, changed }: AnewParts): Anew {
  const receiving = new Map<string, Receiving>();
  const wanted = new Set<string>();
  return {
    start: async (id, client, signal) => {
      try {
        const report = (received: number, size: number): void => {
          receiving.set(id, { received, size });
          changed(id);
        };
        const { file, snapshot } = await fetchSnapshot(client, join(folder, id), report, signal);
        proofs.keepSeals(id, snapshot.seals ?? []);
        leave(id);
        organizations.replace(id, (own) => {
          const fresh = `${own}.joining`;
          removeDb(fresh);
          startFromSnapshot({ snapshot: file, file: fresh, registry: REGISTRY, clock, move: true, old: own });
          for (const ending of ['-wal', '-shm']) rmSync(own + ending, { force: true });
          renameSync(own, `${own}.before`);
          renameSync(fresh, own);
        });
        rmSync(file, { force: true });
        wanted.delete(id);
        replaced(id);
      } finally {
        receiving.delete(id);
        changed(id);
      }
    },
    isWanted: (id) => wanted.has(id),
    during: async (id, contact, signal) => {
      const end = (): void => void wanted.delete(id);
      wanted.add(id);
      signal?.addEventListener('abort', end, { once: true });
      try {
        return await contact();
      } finally {
        signal?.removeEventListener('abort', end);
        end();
      }
    },
    receiving: (id) => receiving.get(id) ?? null,
  };
}
