import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type AgentOptions, type RequestOptions } from 'node:https';

export const CONNECT_MS = 10_000;
/**
 * A hub that has once taken a connection and once answered within so long is near, on a line that is faster than packing: processors are what
 * there is least of. Both, since a tunnel takes connections here for a hub that is far.
 */
const NEAR_MS = { connection: 3, answer: 20 };

/**
 * Certificates are believed by the pinned authority alone; a hub changes its addresses, not its authority. All of it belongs to the agent:
 * with a `checkServerIdentity` of its own, every request of Node makes a connection of its own.
 */
export const agentOf = (authority: string, options: AgentOptions): Agent => new Agent({ ca: authority, checkServerIdentity: () => undefined, minVersion: 'TLSv1.2', ...options });

/** What requests have shown of the way to a hub. */
export interface Way {
  /** Something took so long, in milliseconds. */
  took(what: keyof typeof NEAR_MS, ms: number): void;
  isNear(): boolean;
}

export function measureWay(): Way {
  const shortest = { connection: Infinity, answer: Infinity };
  return {
    took: (what, ms) => {
      shortest[what] = Math.min(shortest[what], ms);
    },
    isNear: () => shortest.connection < NEAR_MS.connection && shortest.answer < NEAR_MS.answer,
  };
}

interface Calling {
  options: RequestOptions;
  body: Buffer | null;
  /** Whether the answer comes as fast as the way is: nothing in the request takes time. */
  isSmall: boolean;
  way: Way;
}

/** One request. @returns the beginning of the answer. @throws Error of the network, also `ETIMEDOUT` */
export function call(url: string, calling: Calling): Promise<IncomingMessage> {
  const { options, body, isSmall, way } = calling;
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options);
    const began = performance.now();
    let isAnswered = false;
    const fail = (message: string): unknown => request.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const late = setTimeout(() => fail('no connection'), CONNECT_MS);
      let asked = performance.now();
      socket.once('lookup', () => (asked = performance.now()));
      socket.once('connect', () => way.took('connection', performance.now() - asked));
      for (const end of [options.agent ? 'secureConnect' : 'connect', 'close']) socket.once(end, () => clearTimeout(late));
    });
    request.on('response', (response) => {
      isAnswered = true;
      if (request.reusedSocket && isSmall) way.took('answer', performance.now() - began);
      resolve(response);
    });
    request.on('timeout', () => fail('no answer'));
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A connection that the hub had just given up is no trouble: whatever is asked over one that is kept may come twice.
      if (request.reusedSocket && !isAnswered && error.code === 'ECONNRESET') resolve(call(url, calling));
      else reject(error);
    });
    request.end(body ?? undefined);
  });
}
