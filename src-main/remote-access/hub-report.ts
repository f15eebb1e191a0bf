import { request as httpsRequest } from 'node:https';
import { request as httpRequest } from 'node:http';
import { AppError, ERROR_STATUS, type ErrorCode } from '../../src-shared/kernel/errors.ts';

const ANSWER_MS = 15_000;
/** No answer of a hub to a report is longer, bytes. */
const MAX_ANSWER = 1024 * 1024;

export interface HubPlace {
  url: string;
  token: string;
  /** Certificates of the authority to believe, PEM, where it is the hub's own. */
  ca?: string | undefined;
}

const notHub = (url: string): AppError => new AppError('BAD_REQUEST', { field: 'hub', detail: 'sync_not_hub', params: { url } });

/** A hub's address as it was typed. @throws AppError INVALID */
export function hubUrl(typed: string): URL {
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash) throw new AppError('INVALID', { field: 'hub', detail: 'sync_address_malformed' });
  return url;
}

/**
 * Tells a hub what a machine has read of itself, through its REST port.
 * @throws AppError `sync_unreachable` without an answer, `sync_not_hub` for one that no hub gives (a router's page, megabytes), or what the hub refused with
 */
export function sendReport(place: HubPlace, client: string, report: object): Promise<unknown> {
  const base = hubUrl(place.url);
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/api/clients/${encodeURIComponent(client)}/remote-access/report`, base);
  const body = Buffer.from(JSON.stringify({ report }));
  return new Promise((resolve, reject) => {
    const call = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
      url,
      { method: 'POST', timeout: ANSWER_MS, ...(place.ca ? { ca: place.ca } : {}), headers: { accept: 'application/json', 'content-type': 'application/json', 'content-length': body.length, authorization: `Bearer ${place.token}` } },
      (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          if (size > MAX_ANSWER) {
            answer.destroy();
            reject(notHub(place.url));
          } else parts.push(part);
        });
        answer.on('error', () => reject(notHub(place.url)));
        answer.on('end', () => {
          try {
            const said = JSON.parse(Buffer.concat(parts).toString('utf8')) as { code?: string; data?: { detail?: string; field?: string }; client_id?: string };
            if (answer.statusCode === 200 && typeof said.client_id === 'string') resolve(said);
            else if (said.code && said.code in ERROR_STATUS) reject(new AppError(said.code as ErrorCode, { ...(said.data?.detail ? { detail: said.data.detail } : {}), ...(said.data?.field ? { field: said.data.field } : {}) }));
            else reject(notHub(place.url));
          } catch {
            reject(notHub(place.url));
          }
        });
      },
    );
    call.on('timeout', () => call.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    call.on('error', (error: NodeJS.ErrnoException) => reject(new AppError('STORE_UNAVAILABLE', { field: 'hub', detail: 'sync_unreachable', params: { url: place.url, reason: error.code ?? error.message } })));
    call.end(body);
  });
}
