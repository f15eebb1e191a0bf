import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { envelope, FEED_NAME, fileName, SIGNATURE_ENDING, statement as statementModel, version as versionModel, type SignedFile, type Statement } from '../../src-shared/updates/model.ts';
import { FeedError, parseFeed, sha512Of, sha512OfFile } from './feed.ts';
import { makeKeyPair, signStatement } from './key.ts';

const DAY_MS = 86_400_000;

export interface SignOptions {
  /** Path of the publisher's private key, PEM. */
  keyFile: string;
  /** Of a hundred installations, 0 to 100; else what the feed says of itself, else all. */
  percent?: number | undefined;
  /** The oldest version that may take this one directly. */
  minimum?: string | undefined;
  /** For how many days the word is good. */
  days: number;
  notes?: { ru: string; en: string } | undefined;
  now: number;
}

/** Writes a new pair: the private half into `file` (never over another), the public half beside it. @throws AppError CONFLICT, STORE_UNAVAILABLE */
export function writeKeyPair(file: string): { file: string; public_file: string; public_key: string } {
  const pair = makeKeyPair();
  const publicFile = `${file}.pub`;
  try {
    writeFileSync(file, pair.privateKey, { mode: 0o600, flag: 'wx' });
    writeFileSync(publicFile, `${pair.publicKey}\n`, { flag: 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code === 'EEXIST' ? new AppError('CONFLICT', { field: 'key', detail: 'updates_key_exists', params: { file } }) : new AppError('STORE_UNAVAILABLE', { field: 'key', detail: 'updates_unwritable', params: { file, reason: code } });
  }
  return { file, public_file: publicFile, public_key: pair.publicKey };
}

const unreadable = (file: string): AppError => new AppError('NOT_FOUND', { field: 'file', detail: 'updates_file_missing', params: { file } });

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw unreadable(file);
  }
}

/** A number above every earlier one: the clock's, or one more than what stands there, should the clock have been set back. */
function nextSequence(signatureFile: string, now: number): number {
  if (!existsSync(signatureFile)) return now;
  try {
    const earlier = statementModel.parse(JSON.parse(envelope.parse(JSON.parse(readFileSync(signatureFile, 'utf8'))).statement));
    return Math.max(now, earlier.sequence + 1);
  } catch {
    return now;
  }
}

async function signedFile(folder: string, name: string): Promise<SignedFile> {
  const file = join(folder, name);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size === 0) throw unreadable(file);
  return { name, size: found.size, sha512: await sha512OfFile(file) };
}

/**
 * Signs every feed of a folder as it stands, together with the files that it leads to and all block maps beside it.
 * @throws AppError NOT_FOUND without a feed or a file of it; INVALID for a feed that is not in order, files that are not what it says, or a bad option
 */
export async function signFolder(folder: string, options: SignOptions): Promise<Statement[]> {
  const key = read(options.keyFile).toString('utf8');
  if (options.minimum !== undefined && !versionModel.safeParse(options.minimum).success) throw invalid('minimum', 'updates_version_malformed');
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    throw unreadable(folder);
  }
  const feeds = names.filter((name) => FEED_NAME.test(name));
  if (feeds.length === 0) throw new AppError('NOT_FOUND', { field: 'folder', detail: 'updates_no_feed', params: { folder } });
  const signed: { target: string; text: string; statement: Statement }[] = [];
  for (const name of feeds) {
    const bytes = read(join(folder, name));
    let feed;
    try {
      feed = parseFeed(bytes);
    } catch (error) {
      if (error instanceof FeedError) throw new AppError('INVALID', { field: 'folder', detail: 'updates_feed_malformed', params: { file: name } });
      throw error;
    }
    const own = feed.files.map((file) => file.url);
    const maps = names.filter((file) => file.endsWith('.blockmap') && fileName.safeParse(file).success);
    const files = await Promise.all([...new Set([...own, ...maps])].map((file) => signedFile(folder, file)));
    for (const { url, sha512, size } of feed.files) {
      const found = files.find((file) => file.name === url);
      if (found?.sha512 !== sha512 || found.size !== size) throw new AppError('INVALID', { field: 'folder', detail: 'updates_file_differs', params: { file: url } });
    }
    const statement: Statement = {
      format: 1,
      feed: name,
      feed_sha512: sha512Of(bytes),
      version: feed.version,
      sequence: nextSequence(join(folder, name + SIGNATURE_ENDING), options.now),
      percent: options.percent ?? feed.stagingPercentage ?? 100,
      minimum: options.minimum ?? null,
      signed_at: iso(options.now),
      expires_at: iso(options.now + options.days * DAY_MS),
      files,
      notes: options.notes ?? null,
    };
    const text = JSON.stringify(statementModel.parse(statement));
    signed.push({ target: join(folder, name + SIGNATURE_ENDING), text: JSON.stringify({ statement: text, signature: signStatement(text, key) }), statement });
  }
  // Written once all of them are known to be in order; each comes into place whole.
  for (const { target, text } of signed) {
    writeFileSync(`${target}.part`, text);
    renameSync(`${target}.part`, target);
  }
  return signed.map((one) => one.statement);
}
