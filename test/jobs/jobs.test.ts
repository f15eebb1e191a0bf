import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '../../src-shared/kernel/errors.ts';
import en from '../../src-shared/jobs/messages.en.json' with { type: 'json' };
import ru from '../../src-shared/jobs/messages.ru.json' with { type: 'json' };
import { createJobs, DUTIES, type Jobs } from '../../src-main/jobs/index.ts';
import { listBackups } from '../../src-main/store/backup.ts';
import type { OrganizationStore } from '../../src-main/store/organization-store.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';

let house: RunningHouse;
let token: string;
let userId: string;
let store: OrganizationStore;

beforeEach(async () => {
  house = await startHouse();
  ({ token, userId } = await registerOwner(house.url));
  store = house.core.house.organizations.open(house.core.house.organizations.list()[0]?.id ?? '');
});
afterEach(() => house.close());

/** A registry with duties that end as they are told to. */
function registry(work: Record<string, () => Promise<void>>): Jobs {
  return createJobs(house.core.house, Object.entries(work).map(([name, run]) => ({ name, rule: '0 3 1 1 *', run })));
}
async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${house.url}/api${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-language': 'ru' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: answer.status, body: (await answer.json()) as T };
}
const failure = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(() => null, (reason: unknown) => reason);
  if (error instanceof AppError) return error;
  throw new Error('was not refused');
};

it('backs up the organisation, and forgets old keys and drafts', async () => {
  const { jobs } = house.core.house;
  const keep = (key: string, at: string): unknown => store.local.run("INSERT INTO local_idempotency_keys (actor_id, key, operation, request_hash, response, created_at) VALUES ('a', ?, 'o', 'h', 'null', ?)", key, at);
  const draft = (key: string, at: string): unknown => store.local.run("INSERT INTO local_drafts (user_id, key, value, updated_at) VALUES ('a', ?, '1', ?)", key, at);
  for (const fill of [keep, draft]) {
    fill('old', '2020-01-01T00:00:00.000Z');
    fill('new', new Date().toISOString());
  }
  for (const name of ['backup', 'forget_keys', 'forget_drafts', 'sweep_files']) expect(await jobs.run(store, name, null)).toMatchObject({ name, outcome: 'done', error: null, started_by: null });
  expect(listBackups(join(house.dataDir, 'backups', store.id))).toHaveLength(1);
  expect(store.read.all('SELECT key FROM local_idempotency_keys')).toEqual([{ key: 'new' }]);
  expect(store.read.all('SELECT key FROM local_drafts')).toEqual([{ key: 'new' }]);
});

it('answers what ran, who asked for it and how it ended', async () => {
  const before = await call<{ items: { name: string; enabled: boolean; last_run: unknown; next_run_at: unknown }[] }>('GET', '/jobs');
  expect(before.body.items.map((job) => job.name)).toEqual(DUTIES.map(({ name }) => name));
  expect(before.body.items[0]).toMatchObject({ enabled: true, last_run: null, next_run_at: null });
  expect(await call('POST', '/jobs/forget_keys/run')).toMatchObject({ status: 200, body: { outcome: 'done', started_by: userId, started_by_name: 'Анна Волкова' } });
  const runs = await call<{ items: unknown[] }>('GET', '/jobs/forget_keys/runs');
  expect(runs.body.items).toEqual([expect.objectContaining({ name: 'forget_keys', outcome: 'done', ended_at: expect.any(String) as string })]);
});

it.each([
  ['GET', '/jobs/nothing/runs', undefined],
  ['POST', '/jobs/nothing/run', undefined],
  ['PUT', '/jobs/nothing', { enabled: false }],
])('%s %s says that there is no such job', async (method, path, body) => {
  expect(await call(method, path, body)).toMatchObject({ status: 404, body: { message: 'Задания «nothing» нет.', data: { field: 'name' } } });
});

it('has a next run only while it is on its timetable and switched on, and writes the switch down', async () => {
  house.core.house.jobs.start();
  const next = async (): Promise<unknown> => (await call<{ items: { next_run_at: unknown }[] }>('GET', '/jobs')).body.items[0]?.next_run_at;
  expect(await next()).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  expect(await call('PUT', '/jobs/backup', { enabled: false })).toMatchObject({ status: 200, body: { enabled: false, next_run_at: null } });
  expect(await next()).toBeNull();
  expect(store.read.get("SELECT user_id, details FROM security_events WHERE type = 'job_switched'")).toEqual({ user_id: userId, details: '{"job":"backup","enabled":false}' });
  expect(await call('PUT', '/jobs/backup', { enabled: true })).toMatchObject({ body: { enabled: true, next_run_at: expect.any(String) as string } });
});

it('keeps why a job failed: the sentence of a refusal, the words of the system', async () => {
  const jobs = registry({
    refused: () => Promise.reject(new AppError('STORE_UNAVAILABLE')),
    explained: () => Promise.reject(new AppError('STORE_UNAVAILABLE', { detail: 'sync_unreachable', params: { url: 'https://hub:7412', reason: 'ECONNREFUSED' } })),
    broken: () => Promise.reject(new Error('ENOSPC: no space left on device')),
  });
  const refused = await jobs.run(store, 'refused', userId, 'ru');
  expect(refused).toMatchObject({ outcome: 'failed' });
  expect(refused.error).toMatch(/[а-я]/);
  expect(jobs.runs(store, 'refused', 'en')[0]?.error).toMatch(/^[A-Za-z ,.’]+/);
  expect(await jobs.run(store, 'broken', userId)).toMatchObject({ outcome: 'failed', error: 'ENOSPC: no space left on device' });
  expect((await jobs.run(store, 'explained', userId, 'en')).error).toContain('https://hub:7412');
  // As it was written down by an earlier version.
  store.local.run("UPDATE local_job_runs SET error = 'sync_alone', error_code = 'CONFLICT' WHERE name = 'broken'");
  expect(jobs.runs(store, 'broken', 'ru')[0]?.error).toMatch(/узл/);
  expect(house.logged()).toContain('job failed');
});

it('never runs a job twice at once, waits for it at the end, and then begins no other', async () => {
  let release = (): void => {};
  const jobs = registry({ long: () => new Promise<void>((done) => (release = done)), short: () => Promise.resolve() });
  const first = jobs.run(store, 'long', null);
  expect(jobs.list(store, 'ru')[0]).toMatchObject({ running: true, last_run: { outcome: 'running', ended_at: null } });
  expect(await failure(jobs.run(store, 'long', null))).toMatchObject({ code: 'CONFLICT', data: { detail: 'job_running' } });
  const stopped = jobs.stop();
  expect(await failure(jobs.run(store, 'short', null))).toMatchObject({ data: { detail: 'job_stopping' } });
  release();
  await stopped;
  expect(await first).toMatchObject({ outcome: 'done' });
});

it('shows as interrupted what was running when the program ended', () => {
  store.local.run("INSERT INTO local_job_runs (name, started_at, outcome) VALUES ('one', '2026-01-01T00:00:00.000Z', 'running')");
  const jobs = registry({ one: () => Promise.resolve() });
  expect(jobs.list(store, 'ru')[0]).toMatchObject({ running: false, last_run: { outcome: 'interrupted', ended_at: null } });
});

it('runs by itself at its hour where it is on, and tells whoever listens when that fails', async () => {
  const told: string[] = [];
  let off = 0;
  const jobs = createJobs(house.core.house, [
    { name: 'broken', rule: '* * * * * *', run: () => Promise.reject(new Error('broken')) },
    { name: 'off', rule: '* * * * * *', run: () => void off++ },
    { name: 'quiet', rule: '* * * * * *', quiet: true, run: () => Promise.reject(new Error('no network, as everybody can see')) },
  ]);
  jobs.setEnabled(store, 'off', false);
  jobs.onFailed((name) => void told.push(name));
  await jobs.run(store, 'broken', userId);
  expect(told).toEqual([]);
  jobs.start();
  await expect.poll(() => Math.min(told.length, jobs.runs(store, 'quiet', 'ru').length), { timeout: 10_000 }).toBeGreaterThan(0);
  await jobs.stop();
  expect(new Set(told)).toEqual(new Set(['broken']));
  expect(jobs.runs(store, 'broken', 'ru')[0]).toMatchObject({ outcome: 'failed', started_by: null });
  expect([off, jobs.runs(store, 'off', 'ru')]).toEqual([0, []]);
});

it('has words for every job, for its name and for its hour', () => {
  const names = DUTIES.map((duty) => duty.name).sort();
  for (const { names: named, rules } of [ru, en]) expect([Object.keys(named).sort(), Object.keys(rules).sort()]).toEqual([names, names]);
});

it('keeps the last fifty runs of each job', async () => {
  const jobs = registry({ one: () => Promise.resolve(), two: () => Promise.resolve() });
  await jobs.run(store, 'two', null);
  for (let i = 0; i < 52; i++) await jobs.run(store, 'one', null);
  expect(jobs.runs(store, 'one', 'ru')).toHaveLength(50);
  expect(jobs.runs(store, 'two', 'ru')).toHaveLength(1);
});
