import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuth, createDirectory, type Auth } from '../../src-main/auth/index.ts';
import type { MemberPort } from '../../src-main/organizations/index.ts';
import { undoChange } from '../../src-main/audit/undo.ts';
import { createUser, getUser, listUsers, undoHooks, updateUser } from '../../src-main/users/service.ts';
import { AppError, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

const PASSWORD = 'Ключ-от-серверной-7';
const CALL = { door: 'api' as const, headers: {}, address: '127.0.0.1', setCookie: () => {}, setHeader: () => {} };

let house: TestHouse;
let auth: Auth;
let directory: ReturnType<typeof createDirectory>;
beforeEach(() => {
  house = openTestHouse();
  directory = createDirectory({ file: `${house.store.file}.directory` });
  const organizations = {
    list: () => [{ id: house.store.id, name: 'Полевая служба' }],
    member: (_organization: string, id: string) => {
      const row = house.store.read.get<{ active: number }>('SELECT id AS user_id, no, full_name, email, role, branch_id, language, theme, active FROM users WHERE id = ?', id);
      return row ? { ...row, active: row.active === 1 } : null;
    },
    addMember: async () => {},
  } as unknown as MemberPort;
  auth = createAuth({ directory, clock: house.clock, organizations, demo: false, version: '1', securityLog: () => {} });
});
afterEach(async () => {
  directory.close();
  await house.close();
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
const add = (fields: Record<string, unknown> = {}, who: 'owner' | 'admin' | 'operator' = 'admin') =>
  createUser(house.session(who), { auth }, { full_name: 'Сергей Лапин', email: 'lapin@example.com', role: 'engineer', ...fields });
const signIn = (email: string): Promise<{ user: { id: string } }> => auth.signIn.login(CALL, { email, password: PASSWORD });
const security = (): string[] => house.store.read.all<{ type: string }>('SELECT type FROM security_events ORDER BY id').map((event) => event.type);

describe('adding', () => {
  it('makes a member and an account with the password', async () => {
    const made = await add({ password: PASSWORD, email: 'Lapin@Example.com', phone: '+7 900 000-00-00' });
    expect(made).toMatchObject({ full_name: 'Сергей Лапин', email: 'lapin@example.com', role: 'engineer', active: true, two_factor: false, invitation_token: null });
    expect((await signIn('lapin@example.com')).user.id).toBe(made.id);
    expect(security()).toEqual(['user_created']);
    const stored = JSON.stringify(house.store.read.all('SELECT ops FROM changesets'));
    expect(stored).not.toContain(PASSWORD);
  });

  it('invites whoever has no password; the invitation becomes the same member', async () => {
    const made = await add();
    expect(made.invitation_token).toEqual(expect.any(String));
    await expect(signIn('lapin@example.com')).rejects.toThrow(AppError);
    const joined = await auth.invitations.accept(made.invitation_token ?? '', { full_name: 'Сергей Лапин', password: PASSWORD });
    expect(joined.accountId).toBe(made.id);
    expect((await signIn('lapin@example.com')).user.id).toBe(made.id);
  });

  it('sends the invitation after a new e-mail', async () => {
    const made = await add();
    updateUser(house.session('admin'), { auth }, made.id, { email: 'new@example.com' });
    await auth.invitations.accept(made.invitation_token ?? '', { full_name: 'Сергей Лапин', password: PASSWORD });
    expect((await signIn('new@example.com')).user.id).toBe(made.id);
  });

  it('gives the account that a person has in another organisation', async () => {
    await auth.accounts.join({ id: 'elsewhere', email: 'lapin@example.com', full_name: 'Сергей Лапин', password: PASSWORD }, 'another');
    const made = await add();
    expect(made).toMatchObject({ id: 'elsewhere', invitation_token: null });
    expect((await signIn('lapin@example.com')).user.id).toBe('elsewhere');
    expect(await refusal(() => updateUser(house.session('owner'), { auth }, 'Сергей', { email: 'new@example.com' }))).toMatchObject({ code: 'CONFLICT', field: 'email', detail: 'email_elsewhere' });
    expect(getUser(house.session(), { auth }, 'Сергей').email).toBe('lapin@example.com');
  });

  it('refuses a taken e-mail, a weak password and rights beyond one’s own, and writes nothing then', async () => {
    await add({ password: PASSWORD });
    expect(await refusal(() => add({ email: 'LAPIN@example.com' }))).toMatchObject({ code: 'CONFLICT', field: 'email', detail: 'email_taken' });
    expect(await refusal(() => add({ email: 'two@example.com', password: '12345' }))).toMatchObject({ code: 'INVALID', field: 'password' });
    expect(await refusal(() => add({ email: 'two@example.com', role: 'owner' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'owner_only' });
    expect(await refusal(() => add({ email: 'two@example.com' }, 'operator'))).toMatchObject({ code: 'FORBIDDEN', detail: 'users_manage' });
    expect(auth.accounts.find('two@example.com')).toBeNull();
    expect((await listUsers(house.session(), { auth }, { sort: 'full_name', limit: 50, q: 'Лапин' })).items).toHaveLength(1);
  });

  it('answers a repeated call with the same member and no second invitation', async () => {
    const idempotency = { key: 'once', operation: 'users.create', requestHash: 'h' };
    const create = () => createUser(house.session('admin', { idempotency }), { auth }, { full_name: 'Сергей Лапин', email: 'lapin@example.com', role: 'engineer' });
    const first = await create();
    const answered = house.store.read.get<{ response: string }>('SELECT response FROM local_idempotency_keys')?.response ?? '';
    expect(JSON.parse(answered)).toEqual({ ...first, invitation_token: null });
    expect(answered).not.toContain(first.invitation_token);
  });
});

describe('changing', () => {
  const change = (who: 'owner' | 'admin' | 'engineer', whom: string, patch: Record<string, unknown>) => updateUser(house.session(who), { auth }, whom, patch);

  it('lets everybody change of himself what is his own', async () => {
    const { engineer } = house.people;
    expect(change('engineer', engineer.user_id, { theme: 'dark', language: 'en', phone: '1', full_name: 'Иван Смирнов-Младший' })).toMatchObject({ theme: 'dark', language: 'en', full_name: 'Иван Смирнов-Младший' });
    expect(change('engineer', engineer.user_id, { theme: null })).toMatchObject({ theme: null });
    expect(await refusal(() => change('engineer', engineer.user_id, { role: 'admin' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'own_role' });
    expect(await refusal(() => change('engineer', engineer.user_id, { email: 'x@example.com' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'users_manage' });
    expect(await refusal(() => change('engineer', house.people.operator.user_id, { theme: 'dark' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'users_manage' });
    expect(await refusal(() => change('admin', house.people.owner.user_id, { phone: '1' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'owner_only' });
  });

  it('changes the e-mail of the account too', async () => {
    const made = await add({ password: PASSWORD });
    change('admin', made.id, { email: 'NEW@example.com' });
    expect((await signIn('new@example.com')).user.id).toBe(made.id);
    await expect(signIn('lapin@example.com')).rejects.toThrow(AppError);
    await add({ email: 'other@example.com', password: PASSWORD });
    expect(await refusal(() => change('admin', made.id, { email: 'other@example.com' }))).toMatchObject({ code: 'CONFLICT', field: 'email' });
    await auth.accounts.join({ id: 'x', email: 'stranger@example.com', full_name: 'Чужой' }, 'another');
    expect(await refusal(() => change('admin', made.id, { email: 'stranger@example.com' }))).toMatchObject({ code: 'CONFLICT', detail: 'email_taken' });
    expect(getUser(house.session(), { auth }, made.id).email).toBe('new@example.com');
  });

  it('ends sessions and tokens of this organisation with the access', async () => {
    const made = await add({ password: PASSWORD });
    const here = auth.sessions.open(made.id, house.store.id, CALL).sessionId;
    const elsewhere = auth.sessions.open(made.id, 'another', CALL).sessionId;
    const { token } = auth.tokens.create(made.id, house.store.id, { name: 'скрипт', scope: null, expires_at: null });
    const other = auth.tokens.create(made.id, 'another', { name: 'скрипт', scope: null, expires_at: null });
    expect(change('admin', made.id, { active: false })).toMatchObject({ active: false });
    expect([auth.sessions.alive(here), auth.sessions.alive(elsewhere)]).toEqual([false, true]);
    expect([auth.tokens.holder(token), auth.tokens.holder(other.token)?.accountId]).toEqual([null, made.id]);
    expect(security()).toEqual(['user_created', 'rights_changed']);
    change('admin', made.id, { active: true });
    expect(auth.sessions.alive(here)).toBe(false);
  });

  it('keeps the last active owner', async () => {
    const { owner } = house.people;
    for (const [field, value] of [['role', 'admin'], ['active', false]] as const) {
      const error = await refusal(() => change('owner', owner.user_id, { [field]: value }));
      expect(error).toMatchObject({ code: 'INVALID', field, detail: 'last_owner' });
      expect(translateError('ru', 'INVALID', error)).toBe('Это последний владелец: сначала назначьте другого.');
    }
    const second: Actor = house.join('owner', 'Второй Владелец');
    expect(await refusal(() => change('owner', owner.user_id, { role: 'admin' }))).toMatchObject({ detail: 'own_role' });
    expect(updateUser(house.session(second), { auth }, owner.user_id, { role: 'admin' })).toMatchObject({ role: 'admin' });
    expect(await refusal(() => updateUser(house.session(second), { auth }, second.user_id, { active: false }))).toMatchObject({ detail: 'last_owner' });
  });
});

describe('taking a change back', () => {
  const newest = (): string => String(house.store.read.get<{ id: number }>('SELECT max(id) AS id FROM changesets')?.id);
  const undo = (changeId: string, who: 'owner' | 'admin' = 'admin') => {
    const session = house.session(who);
    return undoChange(session, changeId, undoHooks(session, { auth }));
  };

  it('gives the account its e-mail back', async () => {
    const made = await add({ password: PASSWORD });
    updateUser(house.session('admin'), { auth }, made.id, { email: 'new@example.com' });
    const change = newest();
    undo(change);
    expect(getUser(house.session(), { auth }, made.id).email).toBe('lapin@example.com');
    expect((await signIn('lapin@example.com')).user.id).toBe(made.id);
    await expect(signIn('new@example.com')).rejects.toThrow(AppError);
    expect(security().filter((type) => type === 'email_changed')).toHaveLength(2);
  });

  it('is refused when somebody else has taken the e-mail meanwhile, and changes nothing then', async () => {
    const made = await add({ password: PASSWORD });
    updateUser(house.session('admin'), { auth }, made.id, { email: 'new@example.com' });
    const change = newest();
    await auth.accounts.join({ id: 'x', email: 'lapin@example.com', full_name: 'Другой Лапин' }, 'another');
    expect(await refusal(() => undo(change))).toMatchObject({ code: 'CONFLICT', field: 'email', detail: 'email_taken' });
    expect(getUser(house.session(), { auth }, made.id).email).toBe('new@example.com');
    expect((await signIn('new@example.com')).user.id).toBe(made.id);
  });

  it('ends what a member had opened, and leaves the last owner', async () => {
    const made = await add({ password: PASSWORD });
    updateUser(house.session('admin'), { auth }, made.id, { active: false });
    updateUser(house.session('admin'), { auth }, made.id, { active: true });
    const opened = auth.sessions.open(made.id, house.store.id, CALL).sessionId;
    undo(newest());
    expect(auth.sessions.alive(opened)).toBe(false);

    const second: Actor = house.join('owner', 'Второй Владелец');
    const raised = newest();
    updateUser(house.session(second), { auth }, house.people.owner.user_id, { role: 'admin' });
    const session = house.session(second);
    expect(await refusal(() => undoChange(session, raised, undoHooks(session, { auth })))).toMatchObject({ code: 'INVALID', detail: 'last_owner' });
    expect(house.store.read.all("SELECT 1 FROM users WHERE role = 'owner' AND active = 1 AND deleted_at IS NULL")).toHaveLength(1);
  });
});

it('lists with filters, and says who signs in in two steps', async () => {
  const branch = house.session().mutate((tx) => tx.insert('branches', { name: 'Юг' }).id);
  const made = await add({ password: PASSWORD, branch_id: branch });
  directory.db.run("UPDATE accounts SET totp_secret = 'x' WHERE id = ?", made.id);
  updateUser(house.session('owner'), { auth }, house.people.client.user_id, { active: false });
  const names = async (filters: Record<string, unknown>): Promise<string[]> => (await listUsers(house.session('engineer'), { auth }, { sort: 'full_name', limit: 50, ...filters })).items.map((one) => one.full_name);
  expect(await names({ role: ['engineer', 'owner'] })).toEqual(['Иван Смирнов', 'Ольга Белова', 'Сергей Лапин']);
  expect(await names({ active: false })).toEqual(['Виктор Чернов']);
  expect(await names({ branch_id: branch })).toEqual(['Сергей Лапин']);
  expect((await listUsers(house.session(), { auth }, { sort: 'full_name', limit: 50, total: true })).total).toBe(7);
  expect(getUser(house.session(), { auth }, 'lapin@example.com')).toMatchObject({ two_factor: true, branch_name: 'Юг' });
  expect(getUser(house.session(), { auth }, 'Иван')).toMatchObject({ two_factor: false });
});
