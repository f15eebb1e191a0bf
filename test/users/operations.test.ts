import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authRoutes } from '../../src-main/auth/index.ts';
import { companiesHandlers } from '../../src-main/companies/index.ts';
import { readConfig } from '../../src-main/core/config.ts';
import { createCore, type Core } from '../../src-main/core/core.ts';
import { windowContext } from '../../src-main/core/window-door.ts';
import { organizationsHandlers } from '../../src-main/organizations/index.ts';
import { tasksHandlers } from '../../src-main/tasks/index.ts';
import { usersHandlers } from '../../src-main/users/index.ts';

const OWNER = { full_name: 'Анна Волкова', email: 'anna@example.com', password: 'Ключ-от-серверной-7' };
const operations = { auth: authRoutes, companies: companiesHandlers, organizations: organizationsHandlers, tasks: tasksHandlers, users: usersHandlers };

let folder: string;
let core: Core;
const as = (token?: string, headers: Record<string, string> = {}) =>
  createRouterClient(operations, { context: { ...windowContext(core.house), headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers } } });
let owner: ReturnType<typeof as>;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-operations-'));
  core = await createCore({ config: readConfig({ dataDir: folder }, {}), log: pino({ level: 'silent' }) });
  ({ access_token: token } = await as().auth.register({ ...OWNER, organization_name: 'Сервис-Юг', language: 'ru' }));
  owner = as(token);
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const refused = (call: Promise<unknown>): Promise<unknown> => call.then(() => 'not refused', (error: { code: string; data?: unknown }) => ({ code: error.code, ...(error.data as object) }));

describe('users', () => {
  it('come by an invitation, which can be repeated but not doubled', async () => {
    const invited = await owner.users.create({ full_name: 'Сергей Лапин', email: 'lapin@example.com', role: 'engineer' });
    const again = await owner.auth.invite({ full_name: 'Сергей Лапин', email: 'Lapin@example.com', role: 'engineer' });
    const joined = await as().auth.register({ full_name: 'Сергей Лапин', email: 'lapin@example.com', password: 'Другой-ключ-от-двери-5', invitation_token: again.token });
    expect(joined.user).toMatchObject({ id: invited.id, role: 'engineer' });
    expect((await owner.users.list({})).items.map((one) => one.full_name)).toEqual(['Анна Волкова', 'Сергей Лапин']);
    expect(await refused(owner.auth.invite({ full_name: 'Сергей Лапин', email: 'lapin@example.com', role: 'engineer' }))).toMatchObject({ code: 'CONFLICT', field: 'email' });
    const mine = as(joined.access_token);
    expect(await mine.users.setTheme({ id: 'Сергей', theme: 'dark' })).toMatchObject({ theme: 'dark' });
    expect(await refused(mine.users.setTheme({ id: 'Анна', theme: 'dark' }))).toMatchObject({ code: 'FORBIDDEN' });
    await owner.users.update({ id: invited.id, active: false });
    expect(await refused(mine.users.list({}))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await refused(as().auth.login({ email: 'lapin@example.com', password: 'Другой-ключ-от-двери-5' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'not_a_member' });
  });

  it('are added once under one Idempotency-Key', async () => {
    const keyed = as(token, { 'idempotency-key': 'one' });
    const input = { full_name: 'Пётр Орлов', email: 'orlov@example.com', role: 'operator' as const };
    const first = await keyed.users.create(input);
    expect(await keyed.users.create(input)).toEqual({ ...first, invitation_token: null });
  });
});

it('opens a second organisation, in which its creator works by a header', async () => {
  const second = await owner.organizations.create({ name: 'Сервис-Север', language: 'en' });
  expect((await owner.organizations.list()).items.map((one) => one.name).sort()).toEqual(['Сервис-Север', 'Сервис-Юг']);
  const there = as(token, { 'x-organization-id': second.id });
  expect(await there.organizations.current()).toMatchObject({ id: second.id, role: 'owner', members: 1 });
  expect(await there.users.create({ full_name: 'Сергей Лапин', email: 'lapin@example.com', role: 'admin' })).toMatchObject({ invitation_token: null });
  expect(await owner.organizations.update({ name: 'Сервис-Юг и Ко' })).toMatchObject({ name: 'Сервис-Юг и Ко' });
});

it('merges companies and repeats tasks in the form that the contract declares', async () => {
  const [a, b] = [await owner.companies.create({ name: 'Ромашка', inn: '7707083893' }), await owner.companies.create({ name: 'ООО «Ромашка»', activity_fields: ['Связь'] })];
  expect((await owner.companies.duplicates({ exclude_id: a.id })).items).toMatchObject([{ company: { id: b.id }, reasons: [{ field: 'name', strength: 'exact' }] }]);
  expect((await owner.companies.activityFields()).items).toEqual([{ name: 'Связь', count: 1 }]);
  expect(await owner.companies.merge({ id: a.id, other_id: b.id, take: ['activity_fields'] })).toMatchObject({ company: { activity_fields: ['Связь'] }, moved: { clients: 0, contacts: 0, notes: 0 } });
  const task = await owner.tasks.create({ title: 'Проверить копии', rrule: 'FREQ=WEEKLY', due_date: '2026-06-15' });
  expect(await owner.tasks.complete({ id: task.id })).toMatchObject({ status: 'completed', next_task_id: expect.any(String) });
  expect((await owner.tasks.list({ overdue: true })).items.every((one) => one.status !== 'completed')).toBe(true);
  expect(await owner.tasks.preview({ rrule: 'FREQ=WEEKLY', due_date: '2026-06-15', count: 2 })).toEqual({ words: 'каждую неделю', dates: ['2026-06-15', '2026-06-22'] });
});
