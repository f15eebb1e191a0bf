import { readdirSync, readFileSync, rmSync, statSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { router } from '../../src-main/core/router.ts';
import { windowContext } from '../../src-main/core/window-door.ts';
import { authenticatorCode } from '../support/auth.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { fakeClock, type FakeClock } from '../support/session.ts';

const ENGINEER = { full_name: 'Иван Смирнов', email: 'ivan@example.com' };
const PASSWORD = 'Запасной-ключ-от-склада-3';

let folder: string;
let clock: FakeClock;
let house: RunningHouse;
let token: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-access-'));
  clock = fakeClock('2026-06-15T06:00:00.000Z');
  house = await startHouse({ clock, dataDir: folder });
  ({ token } = await registerOwner(house.url));
});
afterEach(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const as = (bearer?: string) => createRouterClient(router, { context: { ...windowContext(house.core.house), headers: bearer ? { authorization: `Bearer ${bearer}` } : {} } });
/** What a refused call answers; the whole refusal is looked at for what it must not say. */
async function refused(call: Promise<unknown>): Promise<{ code: string; field?: string; detail?: string; params?: unknown }> {
  try {
    await call;
  } catch (error) {
    const { code, data } = error as { code: string; data?: object };
    return { code, ...data };
  }
  throw new Error('was not refused');
}
const securityLog = (): { type: string; details: string; user_id: string | null }[] => {
  const { organizations } = house.core.house;
  return organizations.open(organizations.list()[0]?.id ?? '').read.all('SELECT type, details, user_id FROM security_events ORDER BY id');
};
const events = (): string[] => securityLog().map((event) => event.type);
/** Adds the engineer and signs him in. */
async function engineer(): Promise<{ id: string; token: string }> {
  const { id } = await as(token).users.create({ ...ENGINEER, role: 'engineer', password: PASSWORD });
  return { id, token: (await as().auth.login({ email: ENGINEER.email, password: PASSWORD })).access_token };
}

describe('two-factor', () => {
  const code = (secret: string, offset = 0): string => authenticatorCode(secret, clock.now() + offset * 30_000);
  const login = (more: { otp?: string; recovery_code?: string } = {}) => as().auth.login({ email: OWNER.email, password: OWNER.password, ...more });
  async function switchOn(): Promise<{ secret: string; codes: string[] }> {
    const { secret, otpauth_url, qr_svg } = await as(token).auth.twoFactorSetup({ password: OWNER.password });
    expect(otpauth_url).toContain(secret);
    expect(qr_svg).toMatch(/^<svg/);
    const { enabled, recovery_codes } = await as(token).auth.twoFactorVerify({ otp: code(secret) });
    expect([enabled, recovery_codes.length, new Set(recovery_codes).size]).toEqual([true, 10, 10]);
    return { secret, codes: recovery_codes };
  }

  it('is on only after a code made from the secret', async () => {
    expect(await refused(as(token).auth.twoFactorVerify({ otp: '123456' }))).toMatchObject({ code: 'INVALID', detail: 'two_factor_not_begun' });
    expect(await refused(as(token).auth.twoFactorSetup({ password: 'не тот пароль' }))).toMatchObject({ code: 'INVALID', field: 'password', detail: 'password_wrong' });
    const { secret } = await as(token).auth.twoFactorSetup({ password: OWNER.password });
    expect((await login()).user.two_factor).toBe(false);
    expect(await refused(as(token).auth.twoFactorVerify({ otp: code(secret, 6) }))).toMatchObject({ code: 'INVALID', field: 'otp', detail: 'otp_drift', params: { minutes: 3 } });
    expect((await login()).user.two_factor).toBe(false);
    await as(token).auth.twoFactorVerify({ otp: code(secret) });
    expect(await refused(as(token).auth.twoFactorSetup({ password: OWNER.password }))).toMatchObject({ code: 'CONFLICT', detail: 'two_factor_on_already' });
    expect((await as(token).auth.me()).user.two_factor).toBe(true);
  });

  it('demands a code, takes each one once, and tells how far a clock is off', async () => {
    const { secret } = await switchOn();
    expect(await refused(login())).toMatchObject({ code: 'OTP_REQUIRED', field: 'otp' });
    // The code that switched it on is spent.
    expect(await refused(login({ otp: code(secret) }))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'otp_replayed' });
    clock.advance(30_000);
    const used = code(secret);
    expect((await login({ otp: used })).user.two_factor).toBe(true);
    expect(await refused(login({ otp: used }))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'otp_replayed' });
    clock.advance(60_000);
    expect(await refused(login({ otp: code(secret, 8) }))).toMatchObject({ detail: 'otp_drift', params: { minutes: 4 } });
    expect((await login({ otp: code(secret) })).user.two_factor).toBe(true);
  });

  it('cannot be guessed at', async () => {
    const { secret } = await switchOn();
    clock.advance(60_000);
    const wrong = String((Number(code(secret)) + 1) % 1_000_000).padStart(6, '0');
    for (let i = 0; i < 5; i++) expect((await refused(login({ otp: wrong }))).code).toBe('UNAUTHENTICATED');
    expect(await refused(login({ otp: code(secret) }))).toMatchObject({ code: 'LOCKED' });
    expect(events()).toContain('login_locked');
  });

  it('lets in by each recovery code once, however it is typed', async () => {
    const { codes } = await switchOn();
    const [first = '', second = ''] = codes;
    expect((await login({ recovery_code: ` ${first.toLowerCase().replace('-', ' ')} ` })).user.two_factor).toBe(true);
    expect(await refused(login({ recovery_code: first }))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'recovery_wrong' });
    expect((await refused(as(token).auth.recoveryCodes({ password: OWNER.password }))).code).toBe('OTP_REQUIRED');
    expect(await refused(as(token).auth.recoveryCodes({ password: OWNER.password, recovery_code: first }))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'recovery_wrong' });
    const { recovery_codes } = await as(token).auth.recoveryCodes({ password: OWNER.password, recovery_code: codes[2] ?? '' });
    expect(await refused(login({ recovery_code: second }))).toMatchObject({ detail: 'recovery_wrong' });
    expect((await login({ recovery_code: recovery_codes[0] ?? '' })).user.two_factor).toBe(true);
    expect(events()).toEqual(expect.arrayContaining(['two_factor_on', 'login_by_recovery_code', 'recovery_codes_renewed']));
  });

  it('is switched off by its owner with a code, or by whoever manages users; an owner’s only by an owner', async () => {
    const { secret } = await switchOn();
    expect((await refused(as(token).auth.twoFactorDisable({ password: OWNER.password }))).code).toBe('OTP_REQUIRED');
    const ivan = await engineer();
    expect((await refused(as(ivan.token).auth.twoFactorDisable({ user_id: OWNER.email, password: PASSWORD }))).code).toBe('FORBIDDEN');
    await as(token).users.update({ id: ivan.id, role: 'admin' });
    expect((await refused(as(ivan.token).auth.twoFactorDisable({ user_id: OWNER.email, password: PASSWORD }))).code).toBe('FORBIDDEN');
    clock.advance(60_000);
    expect(await as(token).auth.twoFactorDisable({ password: OWNER.password, otp: code(secret) })).toEqual({ enabled: false });
    expect((await login()).user.two_factor).toBe(false);

    const his = await as(ivan.token).auth.twoFactorSetup({ password: PASSWORD });
    await as(ivan.token).auth.twoFactorVerify({ otp: code(his.secret) });
    expect(await as(token).auth.twoFactorDisable({ user_id: 'Иван', password: OWNER.password })).toEqual({ enabled: false });
    expect((await as().auth.login({ email: ENGINEER.email, password: PASSWORD })).user.two_factor).toBe(false);
  });
});

describe('API tokens', () => {
  it('act as their owner, within their scope, and never beyond his present role', async () => {
    const ivan = await engineer();
    expect(await refused(as(ivan.token).auth.createToken({ name: 'много', scope: ['base.read', 'users.manage'] }))).toMatchObject({ code: 'INVALID', field: 'scope', detail: 'scope_beyond_role' });
    const narrow = await as(ivan.token).auth.createToken({ name: 'чтение', scope: ['base.read'] });
    expect(narrow.token).toMatch(/^plv_/);
    expect((await as(narrow.token).clients.list({})).items).toEqual([]);
    expect(await refused(as(narrow.token).clients.create({ name: 'Нельзя' }))).toMatchObject({ code: 'FORBIDDEN', params: { permission: 'base.write' } });
    expect(await refused(as(narrow.token).auth.createToken({ name: 'шире', scope: ['base.write'] }))).toMatchObject({ detail: 'scope_beyond_role' });
    expect((await as(narrow.token).auth.createToken({ name: 'такой же' })).scope).toEqual(['base.read']);

    const wide = await as(ivan.token).auth.createToken({ name: 'всё' });
    await as(wide.token).clients.create({ name: 'Можно' });
    await as(token).users.update({ id: ivan.id, role: 'client' });
    for (const held of [wide.token, narrow.token]) expect((await refused(as(held).clients.list({}))).code).toBe('FORBIDDEN');
    await as(token).users.update({ id: ivan.id, active: false });
    expect((await refused(as(wide.token).auth.me())).code).toBe('UNAUTHENTICATED');
  });

  it('are shown once, end in time, and can be withdrawn by their owner alone', async () => {
    expect(await refused(as(token).auth.createToken({ name: 'вчера', expires_at: '2026-06-14T00:00:00.000Z' }))).toMatchObject({ code: 'INVALID', field: 'expires_at' });
    const made = await as(token).auth.createToken({ name: 'на час', expires_at: '2026-06-15T07:00:00.000Z' });
    const { items } = await as(token).auth.tokens();
    expect(items).toEqual([expect.objectContaining({ id: made.id, name: 'на час', scope: null })]);
    expect(JSON.stringify(items)).not.toContain(made.token);
    expect((await as(made.token).auth.me()).user.email).toBe(OWNER.email);
    clock.advance(60 * 60_000);
    expect((await refused(as(made.token).auth.me())).code).toBe('UNAUTHENTICATED');

    const fresh = await as().auth.login({ email: OWNER.email, password: OWNER.password });
    const other = await as(fresh.access_token).auth.createToken({ name: 'скрипт' });
    const { id } = await as(fresh.access_token).users.create({ ...ENGINEER, role: 'admin', password: PASSWORD });
    const ivan = (await as().auth.login({ email: ENGINEER.email, password: PASSWORD })).access_token;
    expect(id).toEqual(expect.any(String));
    expect((await refused(as(ivan).auth.revokeToken({ id: other.id }))).code).toBe('NOT_FOUND');
    await as(fresh.access_token).auth.revokeToken({ id: other.id });
    for (const bad of [other.token, `${other.token}x`, 'plv_', 'plv_неверный']) expect((await refused(as(bad).auth.me())).code).toBe('UNAUTHENTICATED');
    expect(events()).toEqual(expect.arrayContaining(['token_created', 'token_revoked']));
  });
});

describe('invitations', () => {
  const join = (invitation_token: string, password = PASSWORD) => as().auth.register({ ...ENGINEER, password, invitation_token });

  it('are the only way in after the first user, and are good once', async () => {
    expect(await refused(as().auth.register({ ...ENGINEER, password: PASSWORD, organization_name: 'Другая' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'registration_by_invitation' });
    const invited = await as(token).auth.invite({ ...ENGINEER, role: 'engineer' });
    expect((await as(token).auth.invitations()).items).toEqual([expect.objectContaining({ id: invited.id, email: ENGINEER.email, role: 'engineer' })]);
    expect(JSON.stringify((await as(token).auth.invitations()).items)).not.toContain(invited.token);
    expect(await refused(join(invited.token, 'password12'))).toMatchObject({ code: 'INVALID', field: 'password' });
    expect(await refused(join('выдуманное'))).toMatchObject({ code: 'FORBIDDEN', detail: 'invitation_over' });
    const joined = await join(invited.token);
    expect(joined.user).toMatchObject({ email: ENGINEER.email, role: 'engineer' });
    expect(await refused(join(invited.token))).toMatchObject({ code: 'FORBIDDEN', detail: 'invitation_over' });
    expect((await as(token).auth.invitations()).items).toEqual([]);
    expect((await refused(as(joined.access_token).auth.invite({ full_name: 'Ещё', email: 'x@example.com', role: 'engineer' }))).code).toBe('FORBIDDEN');
  });

  it('end after a week or when withdrawn, and make an owner only by an owner', async () => {
    const [late, withdrawn] = [await as(token).auth.invite({ ...ENGINEER, role: 'engineer' }), await as(token).auth.invite({ ...ENGINEER, role: 'admin' })];
    await as(token).auth.revokeInvitation({ id: withdrawn.id });
    expect(await refused(join(withdrawn.token))).toMatchObject({ detail: 'invitation_over' });
    clock.advance(7 * 86_400_000 + 1);
    expect(await refused(join(late.token))).toMatchObject({ detail: 'invitation_over' });
    const fresh = (await as().auth.login({ email: OWNER.email, password: OWNER.password })).access_token;
    const { token: admin } = await as(fresh).auth.invite({ ...ENGINEER, role: 'admin' });
    const joined = await join(admin);
    expect(await refused(as(joined.access_token).auth.invite({ full_name: 'Ещё', email: 'x@example.com', role: 'owner' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'owner_only' });
    expect((await as(fresh).auth.invite({ full_name: 'Ещё', email: 'x@example.com', role: 'owner' })).role).toBe('owner');
  });
});

it('keeps secrets out of the security log, the log, and every file but the directory; of the directory too, but for what it must compare', async () => {
  const wrong = 'Неверный-но-похожий-пароль-8';
  const logged = await as().auth.login({ email: OWNER.email, password: OWNER.password });
  await refused(as().auth.login({ email: OWNER.email, password: wrong }));
  // The password in the wrong field.
  await refused(as().auth.login({ email: wrong, password: wrong }));
  const { secret } = await as(token).auth.twoFactorSetup({ password: OWNER.password });
  const otp = authenticatorCode(secret, clock.now());
  const { recovery_codes } = await as(token).auth.twoFactorVerify({ otp });
  const recovered = await as().auth.login({ email: OWNER.email, password: OWNER.password, recovery_code: recovery_codes[0] ?? '' });
  const refreshed = await as().auth.refresh({ refresh_token: recovered.refresh_token ?? '' });
  const api = await as(token).auth.createToken({ name: 'скрипт' });
  await as(api.token).clients.list({});
  const invited = await as(token).auth.invite({ ...ENGINEER, role: 'engineer' });
  const member = await as(token).users.create({ full_name: 'Вера Ёлкина', email: 'vera@example.com', role: 'operator' });
  await as().auth.register({ ...ENGINEER, password: PASSWORD, invitation_token: invited.token });
  const link = house.core.house.auth.issueLocalLink();
  await as().auth.linkLogin({ token: link });
  await as(token).auth.changePassword({ current_password: OWNER.password, new_password: 'Новый-ключ-от-двери-9' });

  const events = JSON.stringify(securityLog());
  const log = house.logged();
  await house.close();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  house = await startHouse({ clock, dataDir: folder });

  const secrets: Record<string, string> = {
    password: OWNER.password,
    wrong,
    changed: 'Новый-ключ-от-двери-9',
    joined: PASSWORD,
    access: logged.access_token,
    refresh: logged.refresh_token as string,
    rotated: refreshed.refresh_token as string,
    recovery: recovery_codes[0] as string,
    unused: recovery_codes[1] as string,
    api: api.token,
    invitation: invited.token,
    member: member.invitation_token as string,
    link,
  };
  expect(files.map((file) => file.name)).toContain('directory.sqlite');
  for (const [name, value] of Object.entries({ ...secrets, secret })) {
    expect(value.length, name).toBeGreaterThan(8);
    expect(events.includes(value), `${name} in the security log`).toBe(false);
    expect(log.includes(value), `${name} in the log`).toBe(false);
    for (const file of files) {
      if (name === 'secret' && file.name.startsWith('directory.sqlite')) continue;
      for (const spelling of new Set([value, value.toLowerCase()])) expect(file.bytes.includes(spelling), `${name} in ${file.name}`).toBe(false);
    }
  }
});
