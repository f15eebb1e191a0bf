import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import type { Core } from '../core/core.ts';
import { openApiDocument } from './openapi.ts';
import { shippedFolder } from './ui.ts';

/** `/openapi.json`, and `/docs`: the interactive documentation out of this program's own files. */
export async function registerDocs(app: FastifyInstance, core: Core): Promise<void> {
  let document: Promise<unknown> | null = null;
  app.get('/openapi.json', () => (document ??= openApiDocument(core.house.config.version)));
  const folder = shippedFolder('ui-docs');
  if (!existsSync(folder)) return;
  await app.register(fastifyStatic, { root: folder, prefix: '/docs/', index: ['index.html'], decorateReply: false });
  app.get('/docs', (_request, reply) => reply.redirect('/docs/'));
}
