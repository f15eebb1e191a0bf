import { once } from 'node:events';
import { request } from 'node:http';

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  /** The body in pieces; it goes out chunked unless a header says how long it is. */
  body?: Iterable<string | Buffer>;
}

/** A request with any headers at all, which `fetch` would not send: Host, Origin, a length that is not true. */
export function rawRequest(url: string, { method = 'GET', headers = {}, body = [] }: RawRequest = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => (text += piece));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        sent.destroy();
      });
      answer.on('error', reject);
    });
    sent.on('error', reject);
    const closed = once(sent, 'close');
    void (async () => {
      for (const piece of body) {
        if (sent.destroyed) return;
        if (!sent.write(piece)) await Promise.race([once(sent, 'drain'), closed]);
      }
      if (Number(headers['content-length'] ?? 0) === 0) sent.end();
    })();
  });
}
