import { createServer as createTls } from 'node:https';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { readRanges } from '../../../src-shared/updates/ranges.ts';
import { serverCertificate } from '../../../src-main/sync/index.ts';
import type { Station } from '../../sync/support/network.ts';

/** Somebody who holds the hub's own certificate, but not the publisher's key, and answers whatever he likes: bytes, a status, or 0 to hang up. */
export async function hostileHub(hub: Station, files: Map<string, Buffer | number>): Promise<{ url: string; close(): void }> {
  const { sync } = hub.house.core.house;
  const { cert, key } = await serverCertificate(sync.db, sync.clock);
  const server = createTls({ cert, key }, (request, response) => {
    const content = files.get(decodeURIComponent((request.url ?? '').replace('/updates/', ''))) ?? 404;
    if (content === 0) return void request.socket.destroy();
    if (typeof content === 'number') return void response.writeHead(content).end();
    const ranges = readRanges(request.headers.range, content.length);
    if (ranges === 'unsatisfiable' || (ranges && ranges.length > 1)) return void response.writeHead(416).end();
    const { start, end } = ranges?.[0] ?? { start: 0, end: content.length - 1 };
    response.writeHead(ranges ? 206 : 200, ranges ? { 'content-range': `bytes ${start}-${end}/${content.length}` } : {}).end(content.subarray(start, end + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The way to the hub, which breaks off after so many bytes, so many times. */
export async function frailWay(address: string, { bytes, times }: { bytes: number; times: number }): Promise<{ url: string; cuts(): number; close(): void }> {
  const [host = '', port = ''] = address.split(':');
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    let passed = 0;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => (near.destroy(), far.destroy(), sockets.delete(socket)));
    }
    near.pipe(far);
    far.on('data', (piece: Buffer) => {
      passed += piece.length;
      if (passed > bytes && cuts < times) {
        cuts += 1;
        near.destroy();
      } else near.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
