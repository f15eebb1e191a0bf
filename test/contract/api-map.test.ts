import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openApiDocument } from '../../src-main/server/openapi.ts';
import { apiMapTable, REFERENCE } from '../support/api-map.ts';

it('has every endpoint of the reference that this release covers, to the letter', async () => {
  const { paths } = await openApiDocument('0');
  for (const [method, path, covered] of REFERENCE) {
    const declared = (paths?.[path] as Record<string, unknown> | undefined)?.[method.toLowerCase()] !== undefined;
    expect(declared, `${method} ${path}`).toBe(covered);
  }
});

it('has a map of the API that says what the document says', async () => {
  const document = await openApiDocument('0');
  const map = readFileSync(new URL('../../docs/api-map.md', import.meta.url), 'utf8');
  expect(map).toContain(apiMapTable(document));
});

it('documents who may call each operation and what it may be refused with', async () => {
  const { paths } = await openApiDocument('0');
  for (const [path, item] of Object.entries(paths ?? {})) {
    for (const [method, operation] of Object.entries(item as Record<string, { summary?: string; tags?: string[]; responses?: Record<string, unknown> }>)) {
      expect(operation.summary, `${method} ${path}`).toBeTruthy();
      expect(operation.tags, `${method} ${path}`).toHaveLength(1);
      expect(Object.keys(operation.responses ?? {}), `${method} ${path}`).toContain('401');
    }
  }
});
