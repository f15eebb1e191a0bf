import { createHash, type Hash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../src-shared/kernel/errors.ts';

const TROUBLE: Record<string, string> = { ENOSPC: 'disk_full', EDQUOT: 'disk_full', EFBIG: 'disk_full', EIO: 'disk_error', EROFS: 'read_only', EACCES: 'read_only', EPERM: 'read_only' };

/** Turns what the file system refuses into the typed refusal; everything else passes unchanged. */
export function diskError(error: unknown, file: string): unknown {
  const detail = TROUBLE[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  return detail ? Object.assign(new AppError('STORE_UNAVAILABLE', { detail, params: { file } }), { cause: error }) : error;
}

/** How a file is opened; another one in tests of a disk that is full. */
export type OpenFile = (path: string, flags: string, mode?: number) => Promise<FileHandle>;

export interface Stored {
  sha256: string;
  size: number;
}

/** SHA-256 of a file, hex, read as a stream. */
export async function sha256Of(file: string): Promise<Stored> {
  const hash = createHash('sha256');
  let size = 0;
  const source = createReadStream(file);
  source.on('data', (chunk) => (size += chunk.length));
  await pipeline(source, hash);
  return { sha256: hash.digest('hex'), size };
}

/** All of the bytes, at a place of the file. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/**
 * Writes a stream to a new file, hashing on the way, and leaves it on the disk. A file that cannot be written whole is removed.
 * @throws AppError TOO_LARGE beyond `max` bytes, INVALID `attachment_empty`, STORE_UNAVAILABLE; what the source throws
 */
export async function writeStream(file: string, source: AsyncIterable<Uint8Array>, max: number, openFile: OpenFile): Promise<Stored> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let handle: FileHandle | null = null;
  try {
    handle = await openFile(file, 'wx', 0o600);
    const hash: Hash = createHash('sha256');
    let size = 0;
    for await (const chunk of source) {
      if (size + chunk.length > max) throw new AppError('TOO_LARGE', { field: 'file', detail: 'attachment_too_large', params: { max: Math.floor(max / 1024 / 1024) } });
      await writeAll(handle, chunk, size);
      hash.update(chunk);
      size += chunk.length;
    }
    if (size === 0) throw new AppError('INVALID', { field: 'file', detail: 'attachment_empty' });
    await handle.sync();
    await handle.close();
    handle = null;
    return { sha256: hash.digest('hex'), size };
  } catch (error) {
    await handle?.close().catch(() => {});
    await rm(file, { force: true });
    throw diskError(error, file);
  }
}

/** Puts bytes at a place of a file that grows, and leaves them on the disk; what stood behind that place is cut off first. @throws AppError STORE_UNAVAILABLE */
export async function writePart(file: string, offset: number, bytes: Uint8Array, openFile: OpenFile): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let handle: FileHandle | null = null;
  try {
    handle = await openFile(file, offset === 0 ? 'w' : 'r+', 0o600);
    await handle.truncate(offset);
    await writeAll(handle, bytes, offset);
    await handle.datasync();
  } catch (error) {
    throw diskError(error, file);
  } finally {
    await handle?.close();
  }
}

/** Moves a whole file to its place, so that the move itself survives a loss of power. */
export async function moveToPlace(from: string, to: string): Promise<void> {
  try {
    const folder = dirname(to);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(from, to);
    for (const one of [folder, dirname(folder)]) await syncFolder(one);
  } catch (error) {
    throw diskError(error, to);
  }
}

/** Windows opens no folder and writes its names down by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Bytes of a file; null where there is none. */
export async function sizeOfFile(file: string): Promise<number | null> {
  const info = await stat(file).catch(() => null);
  return info?.isFile() ? info.size : null;
}

/** From a first to a last byte, both read. */
export const readRange = (file: string, range?: { start: number; end?: number | undefined }): ReadStream => createReadStream(file, range);
