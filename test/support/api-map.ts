/**
 * The reference's table of methods and URLs (below `/api`), and whether this release covers them. What is not covered belongs to
 * features that come later: monitoring, analytics, schedule, remote access.
 */
export const REFERENCE: readonly (readonly [method: string, path: string, covered: boolean])[] = [
  ['GET', '/clients', true],
  ['POST', '/clients', true],
  ['GET', '/clients/{id}', true],
  ['PUT', '/clients/{id}', true],
  ['DELETE', '/clients/{id}', true],
  ['GET', '/clients/{id}/assets', true],
  ['POST', '/clients/{id}/assets', true],
  ['GET', '/clients/{id}/contracts', true],
  ['POST', '/clients/{id}/contracts', true],
  ['GET', '/clients/{id}/notes', true],
  ['POST', '/clients/{id}/notes', true],
  ['GET', '/clients/{id}/tickets', true],
  ['GET', '/clients/{id}/overview', true],
  ['GET', '/clients/{id}/tasks', true],
  ['POST', '/clients/{id}/tasks', true],
  ['PUT', '/clients/{id}/theme', true],
  ['GET', '/clients/{id}/appointments', true],
  ['POST', '/clients/{id}/appointments', true],
  ['POST', '/tickets', true],
  ['GET', '/tickets', true],
  ['PUT', '/tickets/{id}', true],
  ['POST', '/tickets/{id}/notes', true],
  ['GET', '/dashboard/overview', true],
  ['GET', '/analytics/forecasts', false],
  ['GET', '/tasks', true],
  ['PUT', '/tasks/{id}', true],
  ['POST', '/tasks/{id}/complete', true],
  ['GET', '/appointments', true],
  ['PUT', '/appointments/{id}', true],
  ['DELETE', '/appointments/{id}', true],
  ['POST', '/schedule/optimize', true],
  ['GET', '/companies', true],
  ['POST', '/companies', true],
  ['PUT', '/companies/{id}', true],
  ['DELETE', '/companies/{id}', true],
  ['POST', '/integrations/zabbix/events', false],
  ['GET', '/monitoring/incidents', false],
  ['PATCH', '/monitoring/incidents/{id}', false],
  ['GET', '/knowledge-base', true],
  ['POST', '/knowledge-base', true],
  ['GET', '/knowledge-base/{id}', true],
  ['PUT', '/knowledge-base/{id}', true],
  ['DELETE', '/knowledge-base/{id}', true],
  ['GET', '/clients/{id}/remote-access', true],
  ['POST', '/clients/{id}/remote-access/sync', true],
  ['POST', '/auth/register', true],
  ['POST', '/auth/login', true],
  ['POST', '/auth/two-factor/setup', true],
  ['POST', '/auth/two-factor/verify', true],
  ['POST', '/auth/two-factor/disable', true],
  ['PUT', '/users/{id}/theme', true],
];

interface ApiDocument {
  paths?: Record<string, unknown> | undefined;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The table of `docs/api-map.md`, made from the OpenAPI document. */
export function apiMapTable(document: ApiDocument): string {
  const inReference = new Set(REFERENCE.filter(([, , covered]) => covered).map(([method, path]) => `${method} ${path}`));
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Record<string, { summary?: string } | undefined>)[method];
      if (!operation) return [];
      const key = `${method.toUpperCase()} ${path}`;
      return [`| ${method.toUpperCase()} | \`/api${path}\` | ${operation.summary ?? ''} | ${inReference.has(key) ? 'yes' : 'own'} |`];
    }),
  );
  return ['| Method | URL | What it does | In the reference |', '|---|---|---|---|', ...rows.sort()].join('\n');
}
