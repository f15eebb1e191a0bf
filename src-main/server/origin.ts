import type { FastifyReply, FastifyRequest } from 'fastify';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Over TLS others on the network may call by an address, which no rebinding can fake, or by this machine's own names. */
function isOwnName(name: string, encrypted: boolean): boolean {
  if (LOCAL_NAMES.has(name)) return true;
  return encrypted && (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === hostname().toLowerCase() || name === `${hostname().toLowerCase()}.local`);
}

const nameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Refuses requests that a foreign page could make a browser send: a Host that is not this machine (DNS rebinding), or an Origin
 * that is not this very server. The local pipe has no host of the network and passes.
 */
export async function refuseForeign(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!request.socket.remoteAddress) return;
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  const encrypted = 'encrypted' in request.socket;
  const foreign = !isOwnName(nameOf(host), encrypted) || (origin !== undefined && origin !== `${encrypted ? 'https' : 'http'}://${host}`);
  if (foreign) await reply.status(403).send({ code: 'FORBIDDEN', message: 'Host or Origin is not this server' });
}
