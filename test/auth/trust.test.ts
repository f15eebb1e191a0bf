import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { router } from '../../src-main/core/router.ts';
import { windowContext } from '../../src-main/core/window-door.ts';
import { authenticatorCode } from '../support/auth.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { fakeClock, type FakeClock } from '../support/session.ts';

const NEIGHBOUR = { full_name: 'Пётр Соседов', email: 'peter@example.com', password: 'Чужой-ключ-от-двери-1' };
const IVAN = { full_name: 'Иван Смирнов', email: 'ivan@example.com' };
const PASSWORD = 'Запасной-ключ-от-склада-3';

let folder: string;
let clock: FakeClock;
let house: RunningHouse;
/** Of the owner of the first organisation, and of the owner of a second one that knows nothing of the first. */
let token: string;
let ownerId: string;
let neighbour: string;
let first: string;
let second: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-trust-'));
  clock = fakeClock('2026-06-15T06:00:00.000Z');
  house = await startHouse({ clock, dataDir: folder });
  ({ token, userId: ownerId } = await registerOwner(house.url));
  const { organizations, auth } = house.core.house;
  first = organizations.list()[0]?.id ?? '';
  second = uuidv7();
  const id = uuidv7();
  organizations.create({ id: second, name: 'Соседи', language: 'ru' }, { id, full_name: NEIGHBOUR.full_name, email: NEIGHBOUR.email });
  await auth.accounts.join({ id, ...NEIGHBOUR }, second);
  neighbour = (await as().auth.login(NEIGHBOUR)).access_token;
});
afterEach(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const as = (bearer?: string, headers: Record<string, string> = {}) =>
  createRouterClient(router, { context: { ...windowContext(house.core.house), headers: { ...(bearer ? { authorization: `Bearer ${bearer}` } : {}), ...headers } } });
async function refused(call: Promise<unknown>): Promise<{ code: string; field?: string; detail?: string }> {
  try {
    await call;
  } catch (error) {
    const { code, data } = error as { code: string; data?: object };
    return { code, ...data };
  }
  throw new Error('was not refused');
}
const events = (organization: string): { type: string; user_id: string | null; details: string }[] => house.core.house.organizations.open(organization).read.all('SELECT type, user_id, details FROM security_events ORDER BY id');
async function switchOn(bearer: string, password: string): Promise<string> {
  const { secret } = await as(bearer).auth.twoFactorSetup({ password });
  await as(bearer).auth.twoFactorVerify({ otp: authenticatorCode(secret, clock.now()) });
  return secret;
}

describe('another organisation', () => {
  it('cannot touch the two-factor of a person by making him a member', async () => {
    await switchOn(token, OWNER.password);
    expect((await as(neighbour).users.create({ full_name: OWNER.full_name, email: OWNER.email, role: 'engineer' })).id).toBe(ownerId);
    const its = as(neighbour);
    for (const call of [its.auth.twoFactorDisable({ user_id: ownerId, password: NEIGHBOUR.password }), its.auth.twoFactorSetup({ user_id: OWNER.email, password: NEIGHBOUR.password }), its.auth.twoFactorVerify({ user_id: ownerId, otp: '123456' })]) {
      expect(await refused(call)).toMatchObject({ code: 'FORBIDDEN', field: 'user_id', detail: 'two_factor_elsewhere' });
    }
    expect((await as(token).auth.me()).user.two_factor).toBe(true);
  });

  it('leaves it to whoever manages the person in both', async () => {
    const { id } = await as(token).users.create({ ...IVAN, role: 'engineer', password: PASSWORD });
    await switchOn((await as().auth.login({ email: IVAN.email, password: PASSWORD, organization_id: first })).access_token, PASSWORD);
    await as(neighbour).users.create({ ...IVAN, role: 'engineer' });
    const disable = () => as(token).auth.twoFactorDisable({ user_id: id, password: OWNER.password });
    expect(await refused(disable())).toMatchObject({ detail: 'two_factor_elsewhere' });
    await as(neighbour).users.create({ full_name: OWNER.full_name, email: OWNER.email, role: 'admin' });
    expect(await disable()).toEqual({ enabled: false });
  });

  it('gets by its own invitation no way into the first, and takes no founder’s place', async () => {
    const waiting = await as(token).users.create({ ...IVAN, role: 'admin' });
    const its = await as(neighbour).auth.invite({ ...IVAN, role: 'engineer' });
    const taken = await as().auth.register({ ...IVAN, password: PASSWORD, invitation_token: its.token });
    expect(taken.organizations.map((organization) => organization.id)).toEqual([second]);
    expect(await refused(as(taken.access_token, { 'x-organization-id': first }).clients.list({}))).toMatchObject({ code: 'UNAUTHENTICATED' });
    await house.close();
    house = await startHouse({ clock, dataDir: folder });
    expect((await as().auth.login({ email: IVAN.email, password: PASSWORD })).organizations).toHaveLength(1);
    // The first organisation's own invitation lets him in there too, with the password that he has by now.
    const joined = await as().auth.register({ ...IVAN, password: PASSWORD, invitation_token: waiting.invitation_token ?? '' });
    expect(joined).toMatchObject({ user: { id: waiting.id, role: 'admin' }, organization: { id: first } });
    expect(joined.organizations).toHaveLength(2);
  });

  it('cannot choose the password of a founder who has none', async () => {
    const [third, founder] = [uuidv7(), uuidv7()];
    house.core.house.organizations.create({ id: third, name: 'Без пароля', language: 'ru' }, { id: founder, ...IVAN });
    await house.core.house.auth.repair();
    const its = await as(neighbour).auth.invite({ ...IVAN, role: 'engineer' });
    expect(await refused(as().auth.register({ ...IVAN, password: PASSWORD, invitation_token: its.token }))).toMatchObject({ code: 'FORBIDDEN', detail: 'invitation_elsewhere' });
    expect((await as(neighbour).users.list({})).items.map((one) => one.email)).toEqual([NEIGHBOUR.email]);
  });
});

describe('an invitation of somebody who signs in elsewhere already', () => {
  const accept = async (more: { password: string; otp?: string; recovery_code?: string }) => {
    const { token: invitation_token } = await as(token).auth.invite({ full_name: NEIGHBOUR.full_name, email: NEIGHBOUR.email, role: 'engineer' });
    return as().auth.register({ full_name: NEIGHBOUR.full_name, email: NEIGHBOUR.email, invitation_token, ...more });
  };

  it('is accepted with the password of the account, which stays as it is', async () => {
    expect(await refused(accept({ password: PASSWORD }))).toMatchObject({ code: 'INVALID', field: 'password', detail: 'password_of_account' });
    expect(await accept({ password: NEIGHBOUR.password })).toMatchObject({ organization: { id: first }, user: { role: 'engineer' } });
    expect((await as().auth.login(NEIGHBOUR)).organizations).toHaveLength(2);
  });

  it('asks for the code too, and counts the guesses at both', async () => {
    const secret = await switchOn(neighbour, NEIGHBOUR.password);
    expect(await refused(accept({ password: NEIGHBOUR.password }))).toMatchObject({ code: 'OTP_REQUIRED' });
    for (let i = 0; i < 5; i++) expect(await refused(accept({ password: NEIGHBOUR.password, otp: '000000' }))).toMatchObject({ code: 'UNAUTHENTICATED' });
    clock.advance(29_000);
    expect(await refused(accept({ password: NEIGHBOUR.password, otp: authenticatorCode(secret, clock.now()) }))).toMatchObject({ code: 'LOCKED' });
    clock.advance(2_000);
    for (let i = 0; i < 5; i++) expect(await refused(accept({ password: PASSWORD }))).toMatchObject({ detail: 'password_of_account' });
    expect(await refused(as().auth.login(NEIGHBOUR))).toMatchObject({ code: 'LOCKED' });
    clock.advance(31_000);
    expect((await accept({ password: NEIGHBOUR.password, otp: authenticatorCode(secret, clock.now()) })).organizations).toHaveLength(2);
  });
});

it('an admin does not become an owner by inviting one anew', async () => {
  await as(token).users.create({ ...IVAN, role: 'owner' });
  const { access_token: admin } = await as(token).auth.register({ full_name: 'Вера Ёлкина', email: 'vera@example.com', password: PASSWORD });
  await as(token).users.update({ id: 'vera@example.com', role: 'admin' });
  expect(await refused(as(admin).auth.invite({ ...IVAN, role: 'engineer' }))).toMatchObject({ code: 'FORBIDDEN', field: 'email', detail: 'owner_only' });
  expect((await as(token).auth.invite({ ...IVAN, role: 'engineer' })).token).toEqual(expect.any(String));
});

describe('registration by an admin', () => {
  const newcomer = { ...IVAN, password: PASSWORD };

  it('adds an engineer in the admin’s name, and answers the newcomer’s session', async () => {
    const made = await as(token).auth.register(newcomer);
    expect(made).toMatchObject({ user: { email: IVAN.email, role: 'engineer' }, refresh_token: expect.any(String) });
    expect((await as().auth.login({ email: IVAN.email, password: PASSWORD })).user.id).toBe(made.user.id);
    expect(events(first)).toContainEqual(expect.objectContaining({ type: 'user_created', user_id: ownerId }));
    const change = house.core.house.organizations.open(first).read.get<{ created_by: string }>('SELECT created_by FROM users WHERE id = ?', made.user.id);
    expect(change?.created_by).toBe(ownerId);
    expect(await refused(as(token).auth.register(newcomer))).toMatchObject({ code: 'CONFLICT', field: 'email', detail: 'email_taken' });
    expect(await refused(as(token).auth.register({ ...newcomer, email: 'x@example.com', password: 'password12' }))).toMatchObject({ code: 'INVALID', field: 'password' });
    expect((await as(token).users.list({})).items).toHaveLength(2);
  });

  it('is nobody else’s, not even by an admin’s token without that right', async () => {
    const { access_token: engineer } = await as(token).auth.register(newcomer);
    const narrow = await as(token).auth.createToken({ name: 'чтение', scope: ['base.read'] });
    const more = { full_name: 'Ещё Один', email: 'more@example.com', password: PASSWORD };
    for (const bearer of [undefined, engineer, narrow.token]) expect(await refused(as(bearer).auth.register(more))).toMatchObject({ code: 'FORBIDDEN', detail: 'registration_by_invitation' });
    expect(events(first).filter((event) => event.type === 'refused' && event.details.includes('auth.register'))).toHaveLength(2);
  });

  it('leaves the admin’s own browser signed in as the admin', async () => {
    const response = await fetch(`${house.url}/rpc/auth/register`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ json: newcomer }) });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([200, null]);
  });
});

describe('an API token', () => {
  it('makes none that outlives it', async () => {
    const end = '2026-06-15T07:00:00.000Z';
    const { token: held } = await as(token).auth.createToken({ name: 'на час', expires_at: end });
    expect((await as(held).auth.createToken({ name: 'без срока' })).expires_at).toBe(end);
    expect((await as(held).auth.createToken({ name: 'короче', expires_at: '2026-06-15T06:30:00.000Z' })).expires_at).toBe('2026-06-15T06:30:00.000Z');
    expect(await refused(as(held).auth.createToken({ name: 'дольше', expires_at: '2026-06-15T07:00:00.001Z' }))).toMatchObject({ code: 'INVALID', field: 'expires_at', detail: 'expires_beyond_token' });
    const endless = await as(token).auth.createToken({ name: 'скрипт' });
    expect((await as(endless.token).auth.createToken({ name: 'ещё один' })).expires_at).toBeNull();
  });

  it('takes those that it made with it when it ends, and no others', async () => {
    const parent = await as(token).auth.createToken({ name: 'утёкший' });
    const child = await as(parent.token).auth.createToken({ name: 'запасной' });
    const grandchild = await as(child.token).auth.createToken({ name: 'запасной запасного' });
    const other = await as(token).auth.createToken({ name: 'чужой' });
    await as(token).auth.revokeToken({ id: parent.id });
    for (const held of [parent, child, grandchild]) expect(await refused(as(held.token).auth.me())).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await as(other.token).auth.me()).user.email).toBe(OWNER.email);
  });

  it('of a narrow scope ends nothing but itself, and says what it may', async () => {
    const held = await as(token).auth.createToken({ name: 'чтение', scope: ['base.read'] });
    const other = await as(token).auth.createToken({ name: 'другой' });
    const [session] = (await as(held.token).auth.sessions()).items;
    expect((await as(held.token).auth.me()).permissions.sort()).toEqual(['base.read', 'public', 'self']);
    expect(await refused(as(held.token).auth.revokeSession({ id: session?.id ?? '' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'not_by_token' });
    expect(await refused(as(held.token).auth.revokeToken({ id: other.id }))).toMatchObject({ code: 'FORBIDDEN', detail: 'not_by_token' });
    expect(await as(held.token).auth.revokeToken({ id: held.id })).toEqual({ done: true });
    expect(await refused(as(held.token).auth.me())).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await as(other.token).auth.revokeSession({ id: session?.id ?? '' })).toEqual({ done: true });
  });

  it('works in its own organisation and refuses to be taken for another’s', async () => {
    const { token: held } = await as(token).auth.createToken({ name: 'скрипт' });
    expect((await as(held, { 'x-organization-id': first }).organizations.current()).id).toBe(first);
    expect(await refused(as(held, { 'x-organization-id': second }).clients.create({ name: 'Не туда' }))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await as(held).clients.list({})).items).toEqual([]);
  });
});

it('answers how the program stands before anybody signs in', async () => {
  expect(await as().auth.status()).toMatchObject({ first_run: false, demo: false, organizations: 2, language: 'ru' });
});
