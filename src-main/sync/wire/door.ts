import { copyFileSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { HubDoor, SyncEngine } from '../types.ts';
import type { HubClient } from './client.ts';
import type { Peers } from './peers.ts';
import { sealedByReply, type Proofs } from './proofs.ts';
import type { Snapshots } from './snapshots.ts';

/** The engine of a copy that keeps the common log itself. */
export const doorOf = (engine: SyncEngine): HubDoor => ({
  log: engine.log,
  push: engine.acceptPush,
  page: (request) => engine.readPage(request),
  readOn: engine.readOn,
  snapshot: engine.snapshot,
  devices: engine.devices,
  compact: engine.compact,
  newEpoch: engine.newEpoch,
  subscribe: engine.subscribe,
});

/** A hub that has much to read says so, by naming no state, and is asked again: meanwhile the device goes on with what is new. */
const READING_MS = 500;

/** Reads what the hub's state is made of, for a while. */
export async function readState(hub: HubDoor): Promise<void> {
  const end = performance.now() + READING_MS;
  while (hub.readOn() && performance.now() < end) await breathe();
}

interface InnerParts {
  organization: string;
  hub: HubDoor;
  /** The hub that this installation has joined: contents of files are not in the log, and go to and from there. */
  outer: HubClient;
  snapshots: Snapshots;
  proofs: Proofs;
  peers: Peers;
  /** The public key of this installation. */
  key: string;
}

/** The hub process in this very program, for the copy that its own page works on: what members write here waits for its place in the log like anybody's. */
export function createInnerClient({ organization, hub, outer, snapshots, proofs, peers, key }: InnerParts): HubClient {
  const own = { id: '', organizationId: organization, key, actors: [] };
  return {
    contents: outer.contents,
    push: async (body) => {
      // The name of this copy is nobody else's.
      peers.bind(own, body.device);
      const answer = await hub.push(body, { device: body.device, vouched: proofs.vouching(organization, body.proofs) });
      const part = sealedByReply(answer);
      return part ? { ...answer, seal: proofs.seal(organization, answer.epoch, part.since, part.entries) } : answer;
    },
    pull: async (body) => {
      if (body.state !== null) await readState(hub);
      const page = await hub.page(body);
      return { ...page, seal: proofs.seal(organization, page.epoch, page.since, page.entries) };
    },
    snapshot: async () => {
      const snapshot = await snapshots.take(organization);
      return { ...snapshot, seals: proofs.sealsUpTo(organization, hub.log, Math.min(snapshot.position, hub.log.head())) };
    },
    download: async (snapshot, file, report) => {
      const found = snapshots.find(organization, snapshot.id);
      if (!found) throw new AppError('NOT_FOUND', { detail: 'sync_snapshot_gone' });
      copyFileSync(found.file, file);
      report(snapshot.size);
      return snapshot.sha256;
    },
    listen: (onOpen, onNews, signal) =>
      new Promise((resolve) => {
        const stop = hub.subscribe((event) => onNews(event.type === 'log' ? event.position : null));
        signal.addEventListener('abort', () => resolve(stop()), { once: true });
        onOpen();
      }),
    close: outer.close,
  };
}
