import type { FastifyReply, FastifyRequest } from 'fastify';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

const nameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Refuses requests that a foreign page could make a browser send: a Host that is not this machine (DNS rebinding), or an Origin
 * that is not this very server. The local pipe has no host of the network and passes.
 */
export async function refuseForeign(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!request.socket.remoteAddress) return;
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  const foreign = !LOCAL_NAMES.has(nameOf(host)) || (origin !== undefined && origin !== `http://${host}`);
  if (foreign) await reply.status(403).send({ code: 'FORBIDDEN', message: 'Host or Origin is not this server' });
}
