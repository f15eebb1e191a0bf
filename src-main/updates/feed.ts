import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { load } from 'js-yaml';
import { envelope, feed as feedModel, MAX_FEED_BYTES, MAX_SIGNATURE_BYTES, statement as statementModel, type Feed, type FeedFault, type Statement } from '../../src-shared/updates/model.ts';
import { isSigned } from './key.ts';

/** A feed that the publisher has signed, word for word. */
export interface VerifiedFeed {
  statement: Statement;
  feed: Feed;
  /** The feed's exact bytes. */
  bytes: Buffer;
  /** The signature file's exact bytes. */
  signature: Buffer;
  /** SHA-256 of the statement as it was signed, hex. */
  digest: string;
}

/** A feed that is not believed, and why. */
export class FeedError extends Error {
  readonly fault: FeedFault;
  constructor(fault: FeedFault) {
    super(`the update feed is not believed: ${fault}`);
    this.name = 'FeedError';
    this.fault = fault;
  }
}

export const sha512Of = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('base64');

/** SHA-512 of a file, base64, read piece by piece. */
export async function sha512OfFile(file: string): Promise<string> {
  const hash = createHash('sha512');
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) hash.update(piece);
  return hash.digest('base64');
}

/**
 * Reads a feed (`latest.yml`) with the very parser that electron-updater will use on it, so that both see the same.
 * @throws FeedError `unreadable`
 */
export function parseFeed(bytes: Buffer): Feed {
  try {
    if (bytes.length > MAX_FEED_BYTES) throw new Error('too long');
    return feedModel.parse(load(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    throw new FeedError('unreadable');
  }
}

/** Reads the file beside a feed and checks its signature. @throws FeedError `unsigned`, `wrong_key` */
function openStatement(signature: Buffer, keys: readonly string[]): { statement: Statement; digest: string } {
  let sealed: { statement: string; signature: string };
  try {
    if (signature.length > MAX_SIGNATURE_BYTES) throw new Error('too long');
    sealed = envelope.parse(JSON.parse(signature.toString('utf8')));
  } catch {
    throw new FeedError('unsigned');
  }
  // Nothing of the statement is looked at before its signature.
  if (!isSigned(sealed.statement, sealed.signature, keys)) throw new FeedError('wrong_key');
  try {
    return { statement: statementModel.parse(JSON.parse(sealed.statement)), digest: createHash('sha256').update(sealed.statement).digest('hex') };
  } catch {
    throw new FeedError('unsigned');
  }
}

/** Whether the statement vouches for everything that the feed leads to. */
function agrees(feed: Feed, { version, files }: Statement): boolean {
  const signed = new Map(files.map((file) => [file.name, file]));
  return (
    feed.version === version &&
    signed.size === files.length &&
    feed.files.every(({ url, sha512, size }) => signed.get(url)?.sha512 === sha512 && signed.get(url)?.size === size) &&
    (feed.path === undefined || feed.sha512 === undefined || signed.get(feed.path)?.sha512 === feed.sha512)
  );
}

/**
 * Checks a feed against the file beside it: signed by one of the keys, over these exact bytes, under this name, and in agreement with them.
 * @throws FeedError `unsigned`, `wrong_key`, `changed`, `unreadable`, `mismatch`
 */
export function verifyFeed(name: string, bytes: Buffer, signature: Buffer, keys: readonly string[]): VerifiedFeed {
  const { statement, digest } = openStatement(signature, keys);
  if (statement.feed !== name || statement.feed_sha512 !== sha512Of(bytes)) throw new FeedError('changed');
  const feed = parseFeed(bytes);
  if (!agrees(feed, statement)) throw new FeedError('mismatch');
  return { statement, feed, bytes, signature, digest };
}
