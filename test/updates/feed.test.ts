import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { FeedError, parseFeed, verifyFeed, type VerifiedFeed } from '../../src-main/updates/feed.ts';
import { signStatement } from '../../src-main/updates/key.ts';
import { signFolder } from '../../src-main/updates/index.ts';
import { ensureBuilt } from '../support/built.ts';
import { makeKeys, NSIS, publishNsis, type Keys } from './support/release.ts';

let base: string;
let folder: string;
let keys: Keys;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'polevik-feed-'));
  folder = join(base, 'updates');
  keys = makeKeys(base);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const read = (name: string): Buffer => readFileSync(join(folder, name));
const verify = (publicKeys: readonly string[] = [keys.publicKey], bytes = read('latest.yml'), signature = read('latest.yml.sig'), name = 'latest.yml'): VerifiedFeed => verifyFeed(name, bytes, signature, publicKeys);
const faultOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof FeedError ? error.fault : String(error);
  }
  return 'believed';
};
/** The statement with a change, signed anew by whoever holds the key. */
const resigned = (change: object, keyFile = keys.keyFile): Buffer => {
  const { statement } = JSON.parse(read('latest.yml.sig').toString()) as { statement: string };
  const text = JSON.stringify({ ...(JSON.parse(statement) as object), ...change });
  return Buffer.from(JSON.stringify({ statement: text, signature: signStatement(text, readFileSync(keyFile, 'utf8')) }));
};

it('vouches for the feed, the installer and every block map, and for nothing else', async () => {
  await publishNsis(folder, '1.0.0', { keys });
  await publishNsis(folder, '1.0.1', { keys, percent: 25, minimum: '1.0.0', notes: { ru: 'Новое', en: 'News' } });
  const { statement } = verify();
  expect(statement).toMatchObject({ feed: 'latest.yml', version: '1.0.1', percent: 25, minimum: '1.0.0', notes: { ru: 'Новое', en: 'News' } });
  expect(statement.files.map((file) => file.name)).toEqual([NSIS('1.0.1'), `${NSIS('1.0.0')}.blockmap`, `${NSIS('1.0.1')}.blockmap`]);
  expect(faultOf(() => verify(['', 'no key', makeKeys(base, 'former').publicKey, keys.publicKey]))).toBe('believed');
});

it('believes no feed that is unsigned, changed, or signed by somebody else', async () => {
  await publishNsis(folder, '1.0.1', { keys });
  const stranger = makeKeys(base, 'stranger');
  const feed = read('latest.yml');
  expect(faultOf(() => verify([]))).toBe('wrong_key');
  expect(faultOf(() => verify([stranger.publicKey]))).toBe('wrong_key');
  expect(faultOf(() => verify(undefined, Buffer.concat([feed, Buffer.from('\n')])))).toBe('changed');
  expect(faultOf(() => verify(undefined, feed, undefined, 'latest-linux.yml'))).toBe('changed');
  expect(faultOf(() => verify(undefined, feed, Buffer.from('{}')))).toBe('unsigned');
  expect(faultOf(() => verify(undefined, feed, Buffer.alloc(300_000)))).toBe('unsigned');
  expect(faultOf(() => verify(undefined, feed, resigned({ percent: 100 }, stranger.keyFile)))).toBe('wrong_key');
  const sealed = JSON.parse(read('latest.yml.sig').toString()) as { statement: string; signature: string };
  expect(faultOf(() => verify(undefined, feed, Buffer.from(JSON.stringify({ ...sealed, statement: sealed.statement.replace('"percent":100', '"percent":99') }))))).toBe('wrong_key');
});

it('believes no statement that says something else than the feed, even from the right key', async () => {
  await publishNsis(folder, '1.0.1', { keys });
  const feed = read('latest.yml');
  const [installer] = verify().statement.files;
  const tampered: [string, object, string][] = [
    ['another version', { version: '9.0.0' }, 'mismatch'],
    ['another sum', { files: [{ ...installer, sha512: `${'A'.repeat(86)}==` }] }, 'mismatch'],
    ['another size', { files: [{ ...installer, size: 1 }] }, 'mismatch'],
    ['the same file twice', { files: [installer, installer] }, 'mismatch'],
    ['a file of another folder', { files: [{ ...installer, name: '../polevik.exe' }] }, 'unsigned'],
    ['a share of more than all', { percent: 101 }, 'unsigned'],
    ['a format of the future', { format: 2 }, 'unsigned'],
    ['no end', { expires_at: undefined }, 'unsigned'],
  ];
  for (const [name, change, fault] of tampered) expect(faultOf(() => verify(undefined, feed, resigned(change))), name).toBe(fault);
});

it.each([
  ['an address elsewhere', (text: string) => text.replace(/url: .*/, 'url: https://elsewhere.example/polevik.exe')],
  ['a path upwards', (text: string) => text.replace(/url: .*/, 'url: ../polevik.exe')],
  ['parts of a web installer', (text: string) => `${text}packages:\n  x64: { path: evil.7z, sha512: x }\n`],
  ['a version that is none', (text: string) => text.replace('version: 1.0.1', 'version: latest')],
  ['no files', (text: string) => text.replace(/files:[\s\S]*path:/, 'files: []\npath:')],
  ['a function', (text: string) => `${text}x: !!js/function 'function () {}'\n`],
  ['bytes that are no text', () => '\u0000\ufffd: ['],
])('reads no feed with %s', async (_name, change) => {
  await publishNsis(folder, '1.0.1', { keys });
  const changed = Buffer.from(change(read('latest.yml').toString()));
  expect(faultOf(() => parseFeed(changed))).toBe('unreadable');
});

it('answers anything at all with a feed or one typed error', () => {
  const line = fc.constantFrom('version: 1.0.1', 'files:', '  - url: a.exe', '    sha512: AAAA', '    size: 5', '&a [*a]', '? {', 'files: &f [*f]', '!!binary x', 'packages: {}', '- - -', '"', '<<: *x');
  const text = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')), fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n')));
  fc.assert(fc.property(text, (value) => ['believed', 'unreadable'].includes(faultOf(() => parseFeed(Buffer.from(value))))));
  fc.assert(fc.property(text, fc.jsonValue(), (value, json) => ['unsigned', 'wrong_key'].includes(faultOf(() => verifyFeed('latest.yml', Buffer.from(value), Buffer.from(JSON.stringify(json)), [keys.publicKey])))));
});

it('counts signatures upwards, also when the clock is set back', async () => {
  const now = Date.parse('2026-09-01T00:00:00Z');
  await publishNsis(folder, '1.0.1', { keys, now });
  const [again] = await signFolder(folder, { keyFile: keys.keyFile, days: 1, now: now - 1_000_000 });
  expect(again?.sequence).toBe(now + 1);
  expect(again?.expires_at).toBe('2026-09-01T23:43:20.000Z');
});

it('signs nothing that is not in order', async () => {
  const refusal = async (options: { keyFile?: string; minimum?: string } = {}, of = folder): Promise<string> => {
    const error = await signFolder(of, { keyFile: keys.keyFile, days: 1, now: 1, ...options }).then(() => null, (reason: unknown) => reason);
    return error instanceof AppError ? `${error.code} ${error.data.detail}` : String(error);
  };
  expect(await refusal({}, join(base, 'nowhere'))).toBe('NOT_FOUND updates_file_missing');
  expect(await refusal({}, base)).toBe('NOT_FOUND updates_no_feed');
  await publishNsis(folder, '1.0.1', { keys });
  const before = read('latest.yml.sig');
  expect(await refusal({ keyFile: join(base, 'none.pem') })).toBe('NOT_FOUND updates_file_missing');
  expect(await refusal({ keyFile: `${keys.keyFile}.pub` })).toBe('INVALID updates_key_malformed');
  expect(await refusal({ minimum: '1' })).toBe('INVALID updates_version_malformed');
  appendFileSync(join(folder, NSIS('1.0.1')), 'x');
  expect(await refusal()).toBe('INVALID updates_file_differs');
  writeFileSync(join(folder, 'latest.yml'), 'version: [');
  expect(await refusal()).toBe('INVALID updates_feed_malformed');
  expect(read('latest.yml.sig')).toEqual(before);
});

it('is done from the command line, with the key in a file that only its owner reads', async () => {
  ensureBuilt('main');
  const run = (...words: string[]): { code: number; out: string } => {
    try {
      return { code: 0, out: execFileSync(process.execPath, [join(import.meta.dirname, '../../dist/main/polevik.mjs'), 'updates', ...words], { encoding: 'utf8', env: { ...process.env, POLEVIK_LANGUAGE: 'ru' }, stdio: ['ignore', 'pipe', 'pipe'] }) };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { code: status, out: stderr };
    }
  };
  const key = join(base, 'made.pem');
  expect(run('keygen', '--key', key)).toMatchObject({ code: 0, out: expect.stringContaining('resources/update-key.pub') as string });
  expect(run('keygen', '--key', key)).toMatchObject({ code: 5, out: expect.stringContaining('Ключ не перезаписан') as string });
  if (process.platform !== 'win32') expect(statSync(key).mode & 0o777).toBe(0o600);
  await publishNsis(folder, '1.0.1', { keys });
  writeFileSync(join(base, 'news.txt'), 'Стало быстрее.\n');
  const signed = run('sign', folder, '--key', key, '--percent', '10', '--notes', join(base, 'news.txt'), '--json');
  expect(JSON.parse(signed.out)).toMatchObject({ signed: [{ version: '1.0.1', percent: 10, notes: { ru: 'Стало быстрее.', en: 'Стало быстрее.' } }] });
  expect(faultOf(() => verify([readFileSync(`${key}.pub`, 'utf8').trim()]))).toBe('believed');
  expect(run('sign', folder, '--key', key, '--percent', '150')).toMatchObject({ code: 2, out: expect.stringContaining('от 0 до 100') as string });
  expect(existsSync(join(folder, 'latest.yml.sig.part'))).toBe(false);
});
