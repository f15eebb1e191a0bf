import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileWithin, pageFiles } from '../../src-main/shell/page-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'polevik-pages-'));
const ui = join(folder, 'ui');
mkdirSync(join(ui, 'static'), { recursive: true });
writeFileSync(join(ui, 'index.html'), '<p>страница</p>');
writeFileSync(join(ui, 'static', 'app.js'), 'export {}');
writeFileSync(join(folder, 'secret.json'), '{}');
const serve = pageFiles(ui, (path) => (path === '/shell/trouble' ? '<p>беда</p>' : null));
const get = (url: string, method = 'GET'): Promise<Response> => serve({ method, url });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('answers files with their type, and the page for each of its own addresses', async () => {
  const script = await get('app://polevik/static/app.js');
  expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  for (const path of ['/', '/tickets/12', '/clients?q=а']) expect(await (await get(`app://polevik${path}`)).text()).toBe('<p>страница</p>');
});

it('sends the content policy with every answer, refusals too', async () => {
  for (const url of ['app://polevik/', 'app://polevik/static/none.js', 'app://evil/', 'app://polevik/shell/trouble']) {
    const policy = (await get(url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|\*|https?:/);
  }
});

it('stays in its folder', async () => {
  for (const path of ['/../secret.json', '/%2e%2e/secret.json', '/..%2fsecret.json', '/static/..%2f..%2fsecret.json', '/%00.json', '/%E0%A4%A.json']) {
    const answer = await get(`app://polevik${path}`);
    expect([403, 404], path).toContain(answer.status);
  }
  expect(fileWithin(ui, '/../secret.json')).toBeNull();
  expect(fileWithin(ui, '/static/app.js')).toBe(join(ui, 'static', 'app.js'));
});

it('answers nobody else and nothing but GET', async () => {
  expect((await get('app://elsewhere/index.html')).status).toBe(403);
  expect((await get('app://polevik/', 'POST')).status).toBe(403);
  expect((await get('app://polevik/shell/quit')).status).toBe(404);
  expect(await (await get('app://polevik/shell/trouble')).text()).toBe('<p>беда</p>');
});
