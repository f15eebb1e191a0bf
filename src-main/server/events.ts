import type { FastifyInstance } from 'fastify';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { languageOf } from '../core/call.ts';
import type { Core } from '../core/core.ts';
import { changesOf } from '../events/index.ts';
import { httpContext } from './doors.ts';

/** A comment line keeps proxies and sleeping laptops from closing a quiet stream. */
const KEEP_ALIVE_MS = 25_000;

/** `/events`: server-sent events for whoever is signed in; says that something changed, not what. */
export function registerEvents(app: FastifyInstance, core: Core): void {
  app.get('/events', async (request, reply) => {
    const context = httpContext(core, 'api', request, reply);
    const actor = context.vouched ?? (await core.house.auth.authenticate(context.headers));
    if (!actor) {
      const error = new AppError('UNAUTHENTICATED', {});
      return reply.status(error.status).send({ code: error.code, message: translateError(languageOf(context, null), error.code) });
    }
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', connection: 'keep-alive', 'x-accel-buffering': 'no' });
    raw.write(': open\n\n');
    const gone = new AbortController();
    const keepAlive = setInterval(() => raw.write(':\n\n'), KEEP_ALIVE_MS);
    raw.on('close', () => gone.abort());
    try {
      for await (const change of changesOf(core.house.organizations.open(actor.organization_id), gone.signal)) {
        raw.write(`id: ${change.position}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
      }
    } finally {
      clearInterval(keepAlive);
      raw.end();
    }
    return reply;
  });
}
