import { spawn, type ChildProcess } from 'node:child_process';
import Database from 'better-sqlite3';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amoExport } from '../support/amo-file.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/main/polevik.mjs');
const OWNER = { ADMIN_EMAIL: 'owner@example.ru', ADMIN_PASSWORD: 'длинный пароль 12', ADMIN_NAME: 'Ольга Хозяйкина', ADMIN_ORGANIZATION: 'Север' };

let dir: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'полевик командой '));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  rmSync(dir, { recursive: true, force: true });
});

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

function start(words: readonly string[], env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Outcome>; said: (text: string) => Promise<void> } {
  const child = spawn(process.execPath, [BUNDLE, ...words, '--data-dir', join(dir, 'данные')], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], POLEVIK_LANGUAGE: 'ru', ...env } });
  running.push(child);
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    for (const listener of listeners) listener();
  });
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Outcome>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (out.includes(text)) resolve();
      };
      listeners.add(look);
      look();
      void ended.then((end) => reject(new Error(`ended without «${text}»: ${end.err}`)));
    });
  return { child, ended, said };
}
const run = (...words: string[]): Promise<Outcome> => start(words).ended;
const found = () => start(['init-db'], OWNER).ended;
const json = (outcome: Outcome): Record<string, unknown> => JSON.parse(outcome.out) as Record<string, unknown>;

it('is built', () => expect(existsSync(BUNDLE), 'npm run build comes first').toBe(true));

describe('a folder without an organisation', () => {
  it('is made, looked over, and asked for its migrations', async () => {
    expect(await run('init-db')).toMatchObject({ code: 0, out: expect.stringContaining('polevik serve') });
    expect(await run('doctor')).toMatchObject({ code: 0, err: '' });
    const { items } = json(await run('migrations', '--json')) as { items: { name: string; applied_at: string | null }[] };
    expect(items[0]).toEqual({ name: '0000_first_desk', applied_at: null });
  });

  it('refuses what needs one, and says what to do', async () => {
    expect(await run('backup')).toMatchObject({ code: 3, out: '', err: expect.stringContaining('create-admin') });
    expect(JSON.parse((await run('export', '--entity', 'clients', '--json')).err)).toMatchObject({ error: { code: 'NOT_FOUND', data: { detail: 'no_organization' } } });
  });

  it('is no hub, and the program ends with the reason instead of going on half', async () => {
    expect(await run('hub', '--port', '0', '--lan-port', '0')).toMatchObject({ code: 3, err: expect.stringContaining('create-admin') });
  });

  it('is served with the address of the first start, not with a link that nobody could use', async () => {
    const serving = start(['serve', '--port', '0']);
    await serving.said('первый запуск');
    expect(await run('doctor')).toMatchObject({ code: 0 });
    serving.child.kill('SIGINT');
    expect(await serving.ended).toMatchObject({ code: 0 });
  });
});

describe('a folder with an organisation', () => {
  beforeEach(async () => {
    const made = await found();
    if (made.code !== 0) throw new Error(made.err);
  });

  it('is examined, backed up, and restored', async () => {
    const checks = (json(await run('doctor', '--json')) as { ok: boolean; checks: { name: string }[] }).checks.map((check) => check.name);
    expect(checks).toEqual(expect.arrayContaining(['integrity', 'log_chain', 'search_clients']));
    const copy = join(dir, 'копия.sqlite');
    expect(await run('backup', '--out', copy)).toMatchObject({ code: 0, out: expect.stringContaining('копия.sqlite') });
    expect(await run('restore', '--file', copy)).toMatchObject({ code: 0 });
    expect((await run('restore', '--file', join(dir, 'нет.sqlite'))).code).not.toBe(0);
    expect(await run('migrations')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*0000_first_desk/) });
  });

  it('is filled, exported, and keeps the owner that it has', async () => {
    expect(await run('seed-db')).toMatchObject({ code: 0 });
    const file = join(dir, 'заявки.csv');
    const exported = json(await run('export', '--entity', 'tickets', '--out', file, '--json'));
    expect(exported).toMatchObject({ state: 'done', out: file });
    expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeGreaterThan(Number(exported['rows']));
    expect(await run('export', '--entity', 'нет')).toMatchObject({ code: 2, err: expect.stringContaining('tickets') });
    const again = await start(['create-admin', '--email', OWNER.ADMIN_EMAIL], { ADMIN_PASSWORD: 'другой пароль 123' }).ended;
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('остался прежним') });
    expect(await start(['create-admin', '--email', 'second@example.ru'], { ADMIN_PASSWORD: 'x' }).ended).toMatchObject({ code: 2 });
  });

  it('prints the description of its REST door', async () => {
    expect(json(await run('openapi'))).toMatchObject({ openapi: expect.stringMatching(/^3\./), paths: expect.objectContaining({ '/clients': expect.anything() }) });
  });

  it('imports a file by itself and through the running program', async () => {
    const file = join(dir, 'база.csv');
    writeFileSync(file, amoExport(40));
    expect(json(await run('import-amo', '--csv', file, '--dry-run', '--json'))).toMatchObject({ state: 'checked', counts: { rows: 40 } });
    const serving = start(['serve', '--port', '0']);
    await serving.said('http');
    expect(json(await run('import-amo', '--csv', file, '--json'))).toMatchObject({ state: 'done', counts: { rows: 40, failed: 0 } });
    expect(await run('import-amo', '--csv', join(dir, 'нет.csv'))).toMatchObject({ code: 2 });
    expect(await run('seed-db')).toMatchObject({ code: 5, err: expect.stringContaining('Закройте') });
    serving.child.kill('SIGTERM');
    expect(await serving.ended).toMatchObject({ code: 0 });
    expect(json(await run('import-amo', '--csv', file, '--json'))).toMatchObject({ counts: { created: 0, skipped: 40 } });
  });

  /** Until the first companies are in the file; a command would take longer to look than the import takes. */
  const inTheMiddle = async (): Promise<void> => {
    const folder = join(dir, 'данные', 'organizations');
    const db = new Database(join(folder, readdirSync(folder).find((name) => name.endsWith('.sqlite')) ?? ''), { readonly: true });
    try {
      while (!db.prepare('SELECT 1 FROM companies LIMIT 1').get()) await new Promise((done) => setTimeout(done, 10));
    } finally {
      db.close();
    }
  };

  it('takes back an import that is stopped with Ctrl+C', async () => {
    const file = join(dir, 'большая.csv');
    writeFileSync(file, amoExport(10_000));
    const serving = start(['serve', '--port', '0']);
    await serving.said('http');
    const importing = start(['import-amo', '--csv', file, '--json']);
    await inTheMiddle();
    importing.child.kill('SIGINT');
    const end = await importing.ended;
    expect(end).toMatchObject({ code: 130 });
    expect(json(end)).toMatchObject({ state: 'cancelled' });
    expect(json(await run('export', '--entity', 'companies', '--out', join(dir, 'потом.csv'), '--json'))).toMatchObject({ rows: 0 });
    serving.child.kill('SIGTERM');
    expect(await serving.ended).toMatchObject({ code: 0 });
    expect(await run('doctor')).toMatchObject({ code: 0 });
  });
});

it.each([[['import-amo']], [['nowhere']], [['seed-db', '--size', 'много']], [['serve', '--нет']]])('is used wrongly with %j', async (words) => {
  expect(await run(...words)).toMatchObject({ code: 2, out: '' });
});

describe('jobs', () => {
  it('are listed, and run one at a time with an exit code', async () => {
    await found();
    const listed = json(await run('jobs', '--json')) as { items: { name: string; last_run: unknown; next_run_at: unknown }[] };
    expect(listed.items.map((job) => job.name)).toContain('backup');
    expect(listed.items[0]).toMatchObject({ last_run: null, next_run_at: null });
    expect(await run('jobs', 'run', 'backup')).toMatchObject({ code: 0, out: expect.stringContaining('Выполнено') });
    expect((await run('jobs')).out).toMatch(/backup +on .*done/);
    expect(await run('jobs', 'run', 'nothing')).toMatchObject({ code: 3, err: expect.stringContaining('Задания «nothing» нет.') });
  });
});
