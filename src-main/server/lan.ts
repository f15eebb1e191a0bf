import type { FastifyInstance } from 'fastify';
import { createServer, type Server } from 'node:https';
import { serverCertificate } from '../sync/index.ts';
import type { SyncService } from '../sync/index.ts';

/** The parts of a large installer that an update needs are asked for in one header. */
const MAX_HEADER_BYTES = 64 * 1024;

/** The same program over TLS for others on the network, while an organisation is shared. */
export interface LanDoor {
  close(): Promise<void>;
}

/** Opens and closes the port of the network as organisations are shared and no longer are. */
export async function openLan(app: FastifyInstance, sync: SyncService): Promise<LanDoor> {
  let server: Server | null = null;
  let silence: (() => Promise<void>) | null = null;
  let turn = Promise.resolve();

  const open = async (): Promise<void> => {
    const certificate = await serverCertificate(sync.db, sync.clock, sync.lanNames());
    const made = createServer({ cert: certificate.cert, key: certificate.key, minVersion: 'TLSv1.2', maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => app.routing(request, response));
    const port = await new Promise<number>((resolve, reject) => {
      made.once('error', reject);
      made.listen(sync.lanPort, sync.lanHost, () => {
        const address = made.address();
        resolve(typeof address === 'object' && address ? address.port : sync.lanPort);
      });
    });
    server = made;
    sync.servedOnLan({ port, fingerprint: certificate.fingerprint, authority: certificate.authority });
    silence = await sync.discovery.announce(port, certificate.fingerprint).catch((error: unknown) => {
      sync.log.warn({ err: error }, 'the hub cannot be announced on the network');
      return null;
    });
  };
  const close = async (): Promise<void> => {
    const closing = server;
    server = null;
    sync.servedOnLan(null);
    await silence?.();
    silence = null;
    if (!closing) return;
    await new Promise<void>((resolve) => {
      closing.close(() => resolve());
      closing.closeAllConnections();
    });
  };
  /** One change after the other; a port that is taken is told and leaves the rest of the program alone. */
  const follow = (): Promise<void> => {
    turn = turn.then(async () => {
      try {
        if (sync.isAnyShared() && !server) await open();
        else if (!sync.isAnyShared() && server) await close();
      } catch (error) {
        sync.lanTrouble(error);
      }
    });
    return turn;
  };
  const stop = sync.onSharing(follow);
  await follow();
  return {
    close: async () => {
      stop();
      await turn;
      await close();
    },
  };
}
