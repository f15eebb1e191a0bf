import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDb } from '../../src-main/store/sqlite.ts';
import type { SignedIn } from '../../src-shared/auth/model.ts';
import { callFrom, refusal } from '../support/auth.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { fakeClock, type FakeClock } from '../support/session.ts';

let folder: string;
let clock: FakeClock;
let house: RunningHouse;
let userId: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-auth-'));
  clock = fakeClock('2026-06-15T06:00:00.000Z');
  house = await startHouse({ clock, dataDir: folder });
  ({ userId } = await registerOwner(house.url));
});
afterEach(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const auth = () => house.core.house.auth;
const login = (password = OWNER.password, address = 'local', email = OWNER.email): Promise<SignedIn> => auth().signIn.login(callFrom(address), { email, password });
const events = (): string[] => {
  const { organizations } = house.core.house;
  return organizations.open(organizations.list()[0]?.id ?? '').read.all<{ type: string }>('SELECT type FROM security_events ORDER BY id').map((event) => event.type);
};
const who = async (token: string): Promise<string | undefined> => (await auth().authenticate({ authorization: `Bearer ${token}` }))?.user_id;
const restart = async (demo = false): Promise<void> => {
  await house.close();
  house = await startHouse({ clock, dataDir: folder, demo });
};

describe('lock-out', () => {
  const wrong = (times: number, address = 'local', email = OWNER.email): Promise<unknown[]> => Promise.all(Array.from({ length: times }, () => refusal(() => login('не тот пароль', address, email))));

  it('closes the account after five failures, also to the right password, and opens it in time', async () => {
    for (let i = 0; i < 5; i++) expect(await refusal(() => login('не тот пароль'))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'login_refused' });
    expect(await refusal(() => login())).toMatchObject({ code: 'LOCKED', params: { seconds: 30 } });
    clock.advance(29_001);
    expect(await refusal(() => login())).toMatchObject({ code: 'LOCKED', params: { seconds: 1 } });
    await restart();
    expect(await refusal(() => login())).toMatchObject({ code: 'LOCKED' });
    clock.advance(1_000);
    expect(await refusal(() => login('опять не тот'))).toMatchObject({ code: 'UNAUTHENTICATED' });
    clock.advance(59_000);
    expect(await refusal(() => login())).toMatchObject({ code: 'LOCKED', params: { seconds: 1 } });
    clock.advance(1_001);
    expect((await login()).user.id).toBe(userId);
    // A success forgets the failures before it.
    await wrong(4);
    expect((await login()).user.id).toBe(userId);
    expect(events().filter((type) => type === 'login_locked')).toHaveLength(2);
  });

  it('forgets failures after an hour', async () => {
    for (let i = 0; i < 4; i++) await refusal(() => login('не тот пароль'));
    clock.advance(60 * 60_000);
    await refusal(() => login('не тот пароль'));
    expect((await login()).user.id).toBe(userId);
  });

  it('closes an address that tries many accounts, and no other', async () => {
    for (let i = 0; i < 25; i++) await refusal(() => login('не тот пароль', '10.0.0.7', `no-${i}@example.com`));
    expect(await refusal(() => login(OWNER.password, '10.0.0.7'))).toMatchObject({ code: 'LOCKED' });
    expect((await login(OWNER.password, '10.0.0.8')).user.id).toBe(userId);
  });

  it('says the same of a wrong password and of an unknown account', async () => {
    expect(await refusal(() => login('не тот пароль'))).toEqual(await refusal(() => login('не тот пароль', 'local', 'nobody@example.com')));
  });
});

describe('refresh token', () => {
  const refresh = (token: string | null): Promise<SignedIn> => auth().signIn.refresh(callFrom(), { refresh_token: token ?? '' });

  it('is spent by each use, and lets a second tab through for ten seconds', async () => {
    const first = await login();
    clock.advance(60_000);
    const second = await refresh(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    clock.advance(9_000);
    const tab = await refresh(first.refresh_token);
    expect(tab.refresh_token).toBeNull();
    expect(await who(tab.access_token)).toBe(userId);
    expect((await refresh(second.refresh_token)).user.id).toBe(userId);
  });

  it('that was stolen ends the whole session when it is used again', async () => {
    const first = await login();
    const second = await refresh(first.refresh_token);
    const other = await login();
    clock.advance(10_000);
    expect(await refusal(() => refresh(first.refresh_token))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'session_over' });
    expect(await refusal(() => refresh(second.refresh_token))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await who(second.access_token)).toBeUndefined();
    expect(await who(other.access_token)).toBe(userId);
    expect(events()).toContain('refresh_reuse');
  });

  it('is no good when made up, when it is a month old, or after logging out', async () => {
    const { refresh_token, access_token } = await login();
    for (const made of ['', 'x', 'a.b', `${refresh_token?.split('.')[0]}.x`]) expect(await refusal(() => refresh(made))).toMatchObject({ code: 'UNAUTHENTICATED' });
    auth().signIn.logout(callFrom(), refresh_token ?? undefined);
    expect(await refusal(() => refresh(refresh_token))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await who(access_token)).toBeUndefined();
    const later = await login();
    clock.advance(30 * 86_400_000 + 1);
    expect(await refusal(() => refresh(later.refresh_token))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is needed every quarter of an hour', async () => {
    const { access_token, refresh_token } = await login();
    clock.advance(15 * 60_000 - 1_000);
    expect(await who(access_token)).toBe(userId);
    clock.advance(1_000);
    expect(await who(access_token)).toBeUndefined();
    expect(await who((await refresh(refresh_token)).access_token)).toBe(userId);
    expect(await who(`${access_token.slice(0, -2)}xx`)).toBeUndefined();
    // An unsigned token of the same contents.
    const [, claims] = access_token.split('.');
    expect(await who(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`)).toBeUndefined();
  });
});

describe('password', () => {
  it('changes only by the old one, is checked, and ends the other sessions', async () => {
    const here = await login();
    const there = await login();
    const actor = await auth().authenticate({ authorization: `Bearer ${here.access_token}` });
    const call = callFrom('local', { actor, headers: { authorization: `Bearer ${here.access_token}` } });
    const change = (current_password: string, new_password: string): Promise<unknown> => auth().accounts.changePassword(call, { current_password, new_password });
    expect(await refusal(() => change('не тот', 'Новый-ключ-от-двери-9'))).toMatchObject({ code: 'INVALID', field: 'current_password', detail: 'password_wrong' });
    expect(await refusal(() => change(OWNER.password, 'password12'))).toMatchObject({ code: 'INVALID', field: 'new_password', detail: 'password_known' });
    await change(OWNER.password, 'Новый-ключ-от-двери-9');
    expect([await who(here.access_token), await who(there.access_token)]).toEqual([userId, undefined]);
    expect(await refusal(() => login())).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await login('Новый-ключ-от-двери-9')).user.id).toBe(userId);
  });

  it('of an owner who lost everything is set on this machine, and nobody else’s', async () => {
    const before = await login();
    for (let i = 0; i < 5; i++) await refusal(() => login('не тот пароль'));
    expect(await refusal(() => auth().resetOwner(OWNER.email, '12345'))).toMatchObject({ code: 'INVALID', field: 'password' });
    expect(await refusal(() => auth().resetOwner('nobody@example.com', 'Новый-ключ-от-двери-9'))).toMatchObject({ code: 'NOT_FOUND', detail: 'owner_unknown' });
    const invited = auth().invitations.create(before.organization.id, { email: 'ivan@example.com', full_name: 'Иван Смирнов', role: 'admin' });
    await auth().invitations.accept(invited.token, { full_name: 'Иван Смирнов', password: 'Запасной-ключ-от-склада-3' });
    expect(await refusal(() => auth().resetOwner('ivan@example.com', 'Новый-ключ-от-двери-9'))).toMatchObject({ code: 'NOT_FOUND', detail: 'owner_unknown' });
    await auth().resetOwner(OWNER.email.toUpperCase(), 'Новый-ключ-от-двери-9');
    expect(await who(before.access_token)).toBeUndefined();
    expect((await login('Новый-ключ-от-двери-9')).user.id).toBe(userId);
    expect(events()).toContain('owner_reset');
  });
});

describe('one-time link', () => {
  it('signs in once, within ten minutes', async () => {
    const follow = (token: string): Promise<SignedIn> => auth().signIn.linkLogin(callFrom(), token);
    const link = auth().issueLocalLink();
    expect((await follow(link)).user.id).toBe(userId);
    expect(await refusal(() => follow(link))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'link_over' });
    expect(await refusal(() => follow('выдуманная'))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'link_over' });
    const old = auth().issueLocalLink();
    clock.advance(10 * 60_000 + 1);
    expect(await refusal(() => follow(old))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'link_over' });
    expect(events().filter((type) => type === 'login_by_link')).toHaveLength(1);
  });
});

describe('demonstration account', () => {
  const demo = { email: 'demo@example.com', password: 'demo' };
  const enter = (address = 'local'): Promise<SignedIn> => auth().signIn.login(callFrom(address), demo);

  it('lets in only with the demonstration on, and only on this machine', async () => {
    const { id } = (await login()).organization;
    const invited = auth().invitations.create(id, { email: demo.email, full_name: 'Показ', role: 'engineer' });
    const { accountId } = await auth().invitations.accept(invited.token, { full_name: 'Показ', password: 'Запасной-ключ-от-склада-3' });
    await auth().accounts.setPassword(accountId, demo.password);
    await markDemo(accountId);

    expect(await refusal(() => enter())).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'login_refused' });
    await restart(true);
    const inside = await enter();
    expect(inside.user.full_name).toBe('Показ');
    for (const address of ['127.0.0.1', '::1']) expect((await enter(address)).user.id).toBe(accountId);
    for (const address of ['10.0.0.7', '192.168.0.2']) expect(await refusal(() => enter(address))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'login_refused' });
    const { token } = auth().tokens.create(accountId, id, { name: 'скрипт', scope: null, expires_at: null });
    expect(await who(token)).toBe(accountId);

    await restart(false);
    expect([await who(inside.access_token), await who(token)]).toEqual([undefined, undefined]);
    expect(await refusal(() => auth().signIn.refresh(callFrom(), { refresh_token: inside.refresh_token ?? '' }))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  /** The seed marks its account as it makes it; here an ordinary one is turned into such. */
  async function markDemo(id: string): Promise<void> {
    await house.close();
    const db = openDb(join(folder, 'directory.sqlite'));
    db.run('UPDATE accounts SET demo = 1 WHERE id = ?', id);
    db.close();
    house = await startHouse({ clock, dataDir: folder });
  }
});
