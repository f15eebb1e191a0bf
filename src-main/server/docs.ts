import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Core } from '../core/core.ts';
import { openApiDocument } from './openapi.ts';
import { shippedFolder } from './ui.ts';

/** `/openapi.json`, and `/docs`: the interactive documentation out of this program's own files. */
export async function registerDocs(app: FastifyInstance, core: Core): Promise<void> {
  let document: Promise<unknown> | null = null;
  app.get('/openapi.json', () => (document ??= openApiDocument(core.house.config.version)));
  const folder = shippedFolder('ui-docs');
  if (!existsSync(folder)) return;
  await app.register(fastifyStatic, { root: folder, prefix: '/docs/', index: false, decorateReply: false });
  // The router takes both spellings for one, but what the page asks for lies below the one with the slash.
  app.get('/docs', (request, reply) => (/^\/docs\/(\?|$)/.test(request.url) ? reply.type('text/html; charset=utf-8').send(createReadStream(join(folder, 'index.html'))) : reply.redirect('/docs/')));
}
