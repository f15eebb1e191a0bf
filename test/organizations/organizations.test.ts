import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOrganizations, type Organizations } from '../../src-main/organizations/index.ts';
import { createOrganization, currentOrganization, myOrganizations, updateOrganization, type OrganizationsHouse } from '../../src-main/organizations/service.ts';
import { AppError, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let test: TestHouse;
let folder: string;
let organizations: Organizations;
let house: OrganizationsHouse;
let joined: [account: string, organization: string][];
beforeEach(() => {
  test = openTestHouse();
  folder = mkdtempSync(join(tmpdir(), 'polevik-organizations-'));
  organizations = createOrganizations({ dataDir: folder, singleFile: null, clock: test.clock, backupBeforeMigration: () => {} });
  joined = [];
  const accounts = {
    join: async (account: { id: string }, organization: string) => {
      joined.push([account.id, organization]);
      return account.id;
    },
  };
  house = { auth: { accounts }, organizations };
});
afterEach(async () => {
  organizations.close();
  rmSync(folder, { recursive: true, force: true });
  await test.close();
});

async function refusal(work: () => unknown): Promise<ErrorData & { code: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.data };
    throw error;
  }
  throw new Error('was not refused');
}

describe('the organisation in use', () => {
  it('shows itself with the role of whoever asks', () => {
    expect(currentOrganization(test.session('engineer'))).toMatchObject({ id: test.store.id, name: 'Полевая служба', time_zone: 'Europe/Moscow', work_starts: '09:00', work_ends: '18:00', support_levels: ['bronze', 'silver', 'gold'], role: 'engineer', members: 6 });
  });

  it('is changed by an admin, never by an engineer', async () => {
    const before = currentOrganization(test.session());
    const after = updateOrganization(test.session('admin'), { name: 'Сервис', time_zone: 'Asia/Yekaterinburg', work_ends: '20:00', support_levels: ['gold', 'gold', 'platinum'] });
    expect(after).toMatchObject({ name: 'Сервис', time_zone: 'Asia/Yekaterinburg', work_starts: '09:00', work_ends: '20:00', support_levels: ['gold', 'platinum'], role: 'admin' });
    expect(after.version).not.toBe(before.version);
    expect(await refusal(() => updateOrganization(test.session('engineer'), { name: 'Моя' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'organization_manage' });
    expect(await refusal(() => updateOrganization(test.session('admin', { ifMatch: before.version }), { name: 'Моя' }))).toMatchObject({ code: 'VERSION_MISMATCH' });
  });

  it.each([
    [{ time_zone: 'Europe/Atlantis' }, 'time_zone', 'time_zone_unknown'],
    [{ work_ends: '08:00' }, 'work_ends', 'end_before_start'],
    [{ work_starts: '18:00' }, 'work_ends', 'end_before_start'],
  ])('refuses %j', async (patch, field, detail) => {
    expect(await refusal(() => updateOrganization(test.session(), patch))).toMatchObject({ code: 'INVALID', field, detail });
    expect(await refusal(() => createOrganization(test.session(), house, { name: 'Вторая', ...patch }))).toMatchObject({ code: 'INVALID', field, detail });
    expect(organizations.list()).toEqual([]);
  });
});

describe('a new organisation', () => {
  it('has a file of its own and belongs to its creator', async () => {
    const { engineer } = test.people;
    const made = await createOrganization(test.session('engineer'), house, { name: 'Вторая', language: 'en', work_starts: '08:00', support_levels: ['basic'] });
    expect(made).toMatchObject({ name: 'Вторая', language: 'en', time_zone: 'Europe/Moscow', work_starts: '08:00', work_ends: '18:00', support_levels: ['basic'], role: 'owner', members: 1 });
    expect(readdirSync(join(folder, 'organizations'))).toContain(`${made.id}.sqlite`);
    expect(joined).toEqual([[engineer.user_id, made.id]]);
    expect(organizations.open(made.id).read.get('SELECT id, role, full_name FROM users')).toEqual({ id: engineer.user_id, role: 'owner', full_name: 'Иван Смирнов' });
    expect(myOrganizations(test.session('engineer'), house)).toEqual([made]);
    expect(myOrganizations(test.session('owner'), house)).toEqual([]);
  });

  it('is made once under one Idempotency-Key', async () => {
    const idempotency = { key: 'k', operation: 'organizations.create', requestHash: 'h' };
    const create = () => createOrganization(test.session('owner', { idempotency }), house, { name: 'Вторая' });
    const made = await create();
    expect(await create()).toEqual(made);
    expect(organizations.list()).toEqual([{ id: made.id, name: 'Вторая' }]);
  });

  it('starts with what every organisation has', async () => {
    const made = await createOrganization(test.session(), house, { name: 'Вторая', time_zone: 'Asia/Omsk' });
    expect(made).toMatchObject({ language: 'ru', time_zone: 'Asia/Omsk', work_starts: '09:00', work_ends: '18:00', support_levels: ['bronze', 'silver', 'gold'] });
  });
});
