import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder that ships beside the bundled program. */
export function shippedFolder(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

const YEAR = 31_536_000_000;
const OWN_PATHS = /^\/(api|rpc|sync|events|docs|static|updates|health|openapi\.json)(\/|$|\?)/;

/** The page itself; every address that is not a file or a door is the page's own. */
export async function registerUi(app: FastifyInstance): Promise<void> {
  const folder = shippedFolder('ui');
  const hasPage = existsSync(join(folder, 'index.html'));
  app.setNotFoundHandler((request, reply) => {
    if (!hasPage || request.method !== 'GET' || OWN_PATHS.test(request.url)) return reply.status(404).send({ code: 'NOT_FOUND', message: 'No such address' });
    return reply.sendFile('index.html');
  });
  if (!hasPage) return;
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      const hashed = /[\\/]static[\\/]/.test(path);
      void reply.header('cache-control', hashed ? `public, max-age=${YEAR / 1000}, immutable` : 'no-cache');
    },
  });
}
