import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDirectory } from '../../src-main/auth/index.ts';
import { openDb, type Db } from '../../src-main/store/sqlite.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { authenticatorCode, callFrom, refusal } from '../support/auth.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { fakeClock, type FakeClock } from '../support/session.ts';

const IVAN = { full_name: 'Иван Смирнов', email: 'ivan@example.com' };
/** Windows knows only whether a file may be written; there the folder's own list of rights protects it. */
const PRIVATE = process.platform === 'win32' ? 0o666 : 0o600;
const PASSWORD = 'Запасной-ключ-от-склада-3';

let folder: string;
let clock: FakeClock;
let house: RunningHouse;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-halves-'));
  clock = fakeClock('2026-06-15T06:00:00.000Z');
  house = await startHouse({ clock, dataDir: folder });
});
afterEach(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const auth = () => house.core.house.auth;
const organization = (): string => house.core.house.organizations.list()[0]?.id ?? '';
const directoryFile = (): string => join(folder, 'directory.sqlite');
const members = (): string[] => house.core.house.organizations.open(organization()).read.all<{ email: string }>('SELECT email FROM users ORDER BY rid').map((row) => row.email);
/** Changes the directory as a crash would have left it, and starts again. */
async function restart(between: (db: Db) => void = () => {}): Promise<void> {
  await house.close();
  const db = openDb(directoryFile());
  between(db);
  db.close();
  house = await startHouse({ clock, dataDir: folder });
}
const rows = async (sql: string): Promise<number> => {
  let n = 0;
  await restart((db) => {
    n = db.get<{ n: number }>(sql)?.n ?? 0;
  });
  return n;
};
async function ownerActor(): Promise<{ actor: Actor; token: string }> {
  const { token } = await registerOwner(house.url);
  const actor = await auth().authenticate({ authorization: `Bearer ${token}` });
  if (!actor) throw new Error('nobody is signed in');
  return { actor, token };
}

describe('pressed twice', () => {
  it('the first start founds one organisation', async () => {
    const outcomes = await Promise.allSettled([registerOwner(house.url), registerOwner(house.url)]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(house.core.house.organizations.list()).toHaveLength(1);
    expect(String(outcomes.find((outcome) => outcome.status === 'rejected')?.reason)).toContain('403');
  });

  it('an invitation makes one member, and the one password', async () => {
    await registerOwner(house.url);
    const { token } = auth().invitations.create(organization(), { ...IVAN, role: 'engineer' });
    const outcomes = await Promise.allSettled([PASSWORD, 'Другой-ключ-от-двери-5'].map((password) => auth().invitations.accept(token, { ...IVAN, password })));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected']);
    expect(members()).toEqual([OWNER.email, IVAN.email]);
    expect((await auth().signIn.login(callFrom(), { email: IVAN.email, password: PASSWORD })).user.full_name).toBe(IVAN.full_name);
  });
});

describe('guesses made all at once', () => {
  it('are not more guesses', async () => {
    await registerOwner(house.url);
    const guess = (password: string): Promise<string> => auth().signIn.login(callFrom(), { email: OWNER.email, password }).then(() => 'in', (error: { code: string }) => error.code);
    const codes = await Promise.all([...Array.from({ length: 30 }, (_, i) => `не тот ${i}`), OWNER.password].map(guess));
    expect(codes.filter((code) => code === 'UNAUTHENTICATED').length).toBeLessThanOrEqual(6);
    expect(codes.filter((code) => code === 'LOCKED').length).toBeGreaterThanOrEqual(24);
  });

  it('at the password that confirms a change are counted, and stand in the security log', async () => {
    const { actor } = await ownerActor();
    const call = callFrom('local', { actor });
    for (let i = 0; i < 5; i++) expect(await refusal(() => auth().twoFactor.setup(call, { password: 'не тот' }))).toMatchObject({ code: 'INVALID', detail: 'password_wrong' });
    expect(await refusal(() => auth().twoFactor.setup(call, { password: OWNER.password }))).toMatchObject({ code: 'LOCKED' });
    expect(await refusal(() => auth().accounts.changePassword(call, { current_password: OWNER.password, new_password: PASSWORD }))).toMatchObject({ code: 'LOCKED' });
    const log = house.core.house.organizations.open(organization()).read.all<{ type: string }>("SELECT type FROM security_events WHERE details LIKE '%confirmation%' ORDER BY id");
    expect(log.map((event) => event.type)).toEqual(['login_refused', 'login_refused', 'login_refused', 'login_refused', 'login_locked']);
  });

  it('at the code that switches two-factor off are counted', async () => {
    const { actor } = await ownerActor();
    const call = callFrom('local', { actor });
    const { secret } = await auth().twoFactor.setup(call, { password: OWNER.password });
    auth().twoFactor.verify(call, { otp: authenticatorCode(secret, clock.now()) });
    const disable = (more: { otp?: string; recovery_code?: string }) => refusal(() => auth().twoFactor.disable(call, { password: OWNER.password, ...more }));
    for (let i = 0; i < 3; i++) expect(await disable({ otp: '000000' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    for (let i = 0; i < 2; i++) expect(await disable({ recovery_code: 'AAAAA-AAAAA' })).toMatchObject({ detail: 'recovery_wrong' });
    clock.advance(29_000);
    expect(await disable({ otp: authenticatorCode(secret, clock.now()) })).toMatchObject({ code: 'LOCKED' });
    clock.advance(2_000);
    expect(await auth().twoFactor.disable(call, { password: OWNER.password, otp: authenticatorCode(secret, clock.now()) })).toEqual({ enabled: false });
  });

  it('that a drift hint has called right are no good when their moment comes', async () => {
    const { actor } = await ownerActor();
    const call = callFrom('local', { actor });
    const { secret } = await auth().twoFactor.setup(call, { password: OWNER.password });
    auth().twoFactor.verify(call, { otp: authenticatorCode(secret, clock.now()) });
    const login = (otp: string) => auth().signIn.login(callFrom(), { email: OWNER.email, password: OWNER.password, otp });
    const later = authenticatorCode(secret, clock.now() + 5 * 60_000);
    expect(await refusal(() => login(later))).toMatchObject({ detail: 'otp_drift' });
    clock.advance(5 * 60_000);
    expect(await refusal(() => login(later))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'otp_replayed' });
    clock.advance(30_000);
    expect((await login(authenticatorCode(secret, clock.now()))).user.two_factor).toBe(true);
  });
});

describe('a crash between the two files', () => {
  it('leaves a founder who comes in by a link and chooses a password', async () => {
    const id = uuidv7();
    house.core.house.organizations.create({ name: 'Сервис-Юг', language: 'ru' }, { id, ...IVAN });
    expect(auth().firstRun()).toBe(true);
    await restart();
    expect(auth().firstRun()).toBe(false);
    const { access_token } = await auth().signIn.linkLogin(callFrom(), auth().issueLocalLink());
    const actor = await auth().authenticate({ authorization: `Bearer ${access_token}` });
    const call = callFrom('local', { actor, headers: { authorization: `Bearer ${access_token}` } });
    expect(await refusal(() => auth().accounts.changePassword(call, { current_password: '-', new_password: 'password12' }))).toMatchObject({ code: 'INVALID', field: 'new_password' });
    await auth().accounts.changePassword(call, { current_password: '-', new_password: PASSWORD });
    expect((await auth().signIn.login(callFrom(), { email: IVAN.email, password: PASSWORD })).user.id).toBe(id);
    expect(await refusal(() => auth().accounts.changePassword(call, { current_password: '-', new_password: 'Третий-ключ-от-двери-4' }))).toMatchObject({ detail: 'password_wrong' });
  });

  it('costs an accepted invitation no second member', async () => {
    await registerOwner(house.url);
    const { token, id } = auth().invitations.create(organization(), { ...IVAN, role: 'engineer' });
    // The organisation has been written, the directory has not.
    house.core.house.organizations.open(organization()).mutate({ actor: null, origin: 'system' }, (tx) => tx.insert('users', { ...IVAN, role: 'engineer', language: 'ru', active: true }, { id }));
    await restart();
    const { accountId } = await auth().invitations.accept(token, { ...IVAN, password: PASSWORD });
    expect([accountId, members()]).toEqual([id, [OWNER.email, IVAN.email]]);
  });

  it('gives the account the e-mail that its member has got, unless somebody else has it', async () => {
    const { userId } = await registerOwner(house.url);
    await restart((db) => db.run("UPDATE accounts SET email = 'old@example.com' WHERE id = ?", userId));
    expect((await auth().signIn.login(callFrom(), { email: OWNER.email, password: OWNER.password })).user.id).toBe(userId);
    await restart((db) => {
      db.run("UPDATE accounts SET email = 'old@example.com' WHERE id = ?", userId);
      db.run("INSERT INTO accounts (id, email, created_at) VALUES ('other', ?, '2026-06-15T06:00:00.000Z')", OWNER.email);
    });
    expect((await auth().signIn.login(callFrom(), { email: 'old@example.com', password: OWNER.password })).user.id).toBe(userId);
  });
});

describe('the directory', () => {
  it('is readable by its owner alone, the files beside it too', async () => {
    await registerOwner(house.url);
    for (const name of [directoryFile(), `${directoryFile()}-wal`, `${directoryFile()}-shm`]) expect([name, existsSync(name) && statSync(name).mode & 0o777]).toEqual([name, PRIVATE]);
    await house.close();
    chmodSync(directoryFile(), 0o644);
    house = await startHouse({ clock, dataDir: folder });
    expect(statSync(directoryFile()).mode & 0o777).toBe(PRIVATE);
  });

  it('of a newer program is refused and left alone; one that cannot be opened says so', async () => {
    const file = join(folder, 'newer.sqlite');
    const db = openDb(file);
    db.raw.pragma('user_version = 99');
    db.close();
    expect(await refusal(() => createDirectory({ file }))).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: 'newer_version' });
    const after = openDb(file);
    expect(after.raw.pragma('user_version', { simple: true })).toBe(99);
    after.close();
    expect(await refusal(() => createDirectory({ file: join(folder, 'nowhere', 'directory.sqlite') }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('does not grow by failures at made-up e-mails, nor by sessions long over', async () => {
    await registerOwner(house.url);
    for (let i = 0; i < 3; i++) await refusal(() => auth().signIn.login(callFrom(`10.0.0.${i}`), { email: `no-${i}@example.com`, password: 'x' }));
    expect(await rows('SELECT count(*) AS n FROM attempts')).toBe(6);
    clock.advance(61 * 60_000);
    await refusal(() => auth().signIn.login(callFrom(), { email: 'again@example.com', password: 'x' }));
    expect(await rows('SELECT count(*) AS n FROM attempts')).toBe(2);
    clock.advance(31 * 86_400_000);
    await restart();
    expect(await rows('SELECT count(*) AS n FROM sessions')).toBe(0);
  });

  it('forgets tokens and links of an owner whose password was set anew', async () => {
    const { actor } = await ownerActor();
    const made = auth().tokens.create(actor.user_id, organization(), { name: 'скрипт', scope: null, expires_at: null });
    const link = auth().issueLocalLink();
    await auth().resetOwner(OWNER.email, PASSWORD);
    expect(await auth().authenticate({ authorization: `Bearer ${made.token}` })).toBeNull();
    expect(await refusal(() => auth().signIn.linkLogin(callFrom(), link))).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'link_over' });
  });
});
