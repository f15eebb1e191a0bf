import { createHash } from 'node:crypto';
import { Agent, request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { PROTOCOL, type LogPlace } from '../../../../src-shared/sync/wire.ts';
import { sessionText, type DeviceKey } from '../../../../src-main/sync/wire/keys.ts';

const AT_ONCE = 32;

/** A hub as an installation of many names sees it. */
export interface Talk {
  url: string;
  authority: string;
  peer: string;
  key: DeviceKey;
  organization: string;
  epoch: string | null;
}

/** What is only a place in the log: it fetches what is new and hashes it. */
export interface Cursor {
  device: string;
  place: LogPlace;
  /** Hash of everything that it has fetched, in its order. */
  hash: string;
}

/** Lets every cursor fetch up to the head. @returns requests that this took */
export async function fetchAll(talk: Talk, cursors: readonly Cursor[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const call = request(talk.url + path, { method: 'POST', agent, ca: talk.authority, checkServerIdentity: () => undefined, headers: { 'content-type': 'application/x-polevik-sync', ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${path}: ${response.statusCode} ${text}`));
        });
      });
      call.on('error', reject);
      call.end(JSON.stringify(body));
    });
  const { challenge } = JSON.parse(await post('/sync/challenge', {})) as { challenge: string };
  const { token } = JSON.parse(await post('/sync/session', { protocol: PROTOCOL, peer: talk.peer, challenge, signature: talk.key.sign(sessionText(challenge, talk.peer)), version: 'bench' })) as { token: string };

  let requests = 0;
  const fetchOne = async (cursor: Cursor): Promise<void> => {
    for (;;) {
      requests++;
      const body = { protocol: PROTOCOL, organization: talk.organization, device: cursor.device, epoch: talk.epoch, cursor: cursor.place, newest: cursor.place, state: null, rows: [], parked: [] };
      const [, ...entries] = (await post('/sync/pull', body, { authorization: `Bearer ${token}` })).split('\n');
      if (entries.length === 0) return;
      for (const entry of entries) cursor.hash = createHash('sha256').update(cursor.hash).update(entry).digest('hex');
      const last = JSON.parse(entries.at(-1) ?? '') as { position: number; hash: string };
      cursor.place = { position: last.position, hash: last.hash };
    }
  };
  const waiting = [...cursors];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await fetchOne(next);
  }));
  agent.destroy();
  return requests;
}
