import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import { certificate, epoch, logEntry, signedChange, type LogEntry, type SignedChange } from '../../../src-shared/sync/wire.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Largest text of a bundle, in bytes: what one reads into memory at once. */
export const MAX_BUNDLE = 256 * 1024 * 1024;
const VERSION = 1;
const whole = z.number().int().nonnegative();

/** What a bundle says of itself; `since` and `until` bound the part of the log in it, `body` is the hash of the lines behind. */
export const bundleHeader = z.object({
  format: z.literal('polevik-bundle'),
  version: z.literal(VERSION),
  organization: z.string(),
  device: z.string(),
  device_name: z.string().max(100),
  key: z.string().max(200),
  made_at: z.string(),
  epoch,
  since: whole,
  /** What stands at `since`; the receiver must have the same there. */
  since_hash: z.string().nullish(),
  until: whole,
  /** Signatures of the hub, each under the entries that follow its `since`; parts may overlap. */
  seals: z.array(z.object({ since: whole, count: whole, signature: z.string().max(200) })),
  changes: whole,
  certificates: z.array(certificate).max(10_000),
  body: z.string(),
});
export type BundleHeader = z.infer<typeof bundleHeader>;

export interface Bundle {
  header: BundleHeader;
  /** Entries of the log, by the seal that covers them. */
  sealed: LogEntry[][];
  changes: SignedChange[];
}

const signedHeader = z.object({ header: z.string(), signature: z.string().max(200) });
export const headerText = (header: string): string => `polevik sync bundle 1\n${header}`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const unreadable = (): AppError => new AppError('BAD_REQUEST', { field: 'file', detail: 'sync_bundle_unreadable' });

/** The bytes of a bundle. @throws AppError TOO_LARGE `sync_bundle_too_large` */
export async function writeBundle(header: Omit<BundleHeader, 'format' | 'version' | 'body'>, sealed: readonly LogEntry[][], changes: readonly SignedChange[], sign: (text: string) => string): Promise<Buffer> {
  const body = [...sealed.flat(), ...changes].map((line) => `${JSON.stringify(line)}\n`).join('');
  if (body.length > MAX_BUNDLE / 2) throw new AppError('TOO_LARGE', { detail: 'sync_bundle_too_large' });
  const text = JSON.stringify({ format: 'polevik-bundle', version: VERSION, ...header, body: hashOf(body) } satisfies BundleHeader);
  return pack(Buffer.from(`${JSON.stringify({ header: text, signature: sign(headerText(text)) })}\n${body}`));
}

/**
 * Reads a bundle and holds its lines against its header; whose it is remains to be asked. @returns the bundle with the exact text and
 * signature of its header. @throws AppError BAD_REQUEST `sync_bundle_unreadable`, `sync_tampered`; TOO_LARGE
 */
export async function readBundle(bytes: Buffer): Promise<Bundle & { text: string; signature: string }> {
  let all: string;
  try {
    all = (await unpack(bytes, { maxOutputLength: MAX_BUNDLE })).toString('utf8');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new AppError('TOO_LARGE', { field: 'file', detail: 'sync_bundle_too_large' }) : unreadable();
  }
  const end = all.indexOf('\n');
  const body = all.slice(end + 1);
  const first = parsed(signedHeader, all.slice(0, Math.max(0, end)));
  const header = parsed(bundleHeader, first.header);
  if (hashOf(body) !== header.body) throw new AppError('BAD_REQUEST', { field: 'file', detail: 'sync_tampered' });
  const lines = body.split('\n');
  lines.pop();
  const counted = header.seals.reduce((sum, seal) => sum + seal.count, 0);
  if (lines.length !== counted + header.changes) throw unreadable();
  let at = 0;
  const sealed = header.seals.map(({ count }) => lines.slice(at, (at += count)).map((line) => parsed(logEntry, line)));
  return { header, sealed, changes: lines.slice(at).map((line) => parsed(signedChange, line)), text: first.header, signature: first.signature };
}

function parsed<T extends z.ZodType>(schema: T, text: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw unreadable();
  }
}
