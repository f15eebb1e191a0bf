import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { readAt, writeAll } from './file-bytes.ts';

/** SQLite's file format: https://www.sqlite.org/fileformat2.html */
const HEADER = 100;
const AT = { pageSize: 16, reserved: 20, pages: 28, freeList: 32, largestRoot: 52 } as const;
/** First bytes of b-tree pages, with the length of their headers. */
const TREE_HEADERS: Readonly<Record<number, number>> = { 2: 12, 5: 12, 10: 8, 13: 8 };
/** Up to here the first byte of any other page is 0: it begins with the number of the next one. */
const MAX_PAGES = 1 << 24;
const CHUNK_BYTES = 1 << 20;

/** A part of a file as it is handed on; what it has in another form in the file itself has changed. */
export interface Piece {
  bytes: Buffer;
  position: number;
  changed: boolean;
}

/** As many pieces keep their bytes; those of the one before them are used again. */
const PIECES_HELD = 4;

/**
 * Goes once through a copy of an SQLite file, open nowhere, and overwrites with zeros what it has in its free pages and in the free space
 * of its pages: what was deleted before is not handed on. Of the pieces that were asked for, the last four keep their bytes.
 * @returns null where the file's layout is one that this does not know
 */
export async function scrubbed(handle: FileHandle): Promise<AsyncGenerator<Piece> | null> {
  const header = await readAt(handle, 0, Buffer.alloc(HEADER));
  const size = header.readUInt16BE(AT.pageSize);
  const pageSize = size === 1 ? 65_536 : size;
  const pages = header.readUInt32BE(AT.pages);
  const { size: length } = await handle.stat();
  const known = header.toString('latin1', 0, 15) === 'SQLite format 3' && header[AT.reserved] === 0 && header.readUInt32BE(AT.largestRoot) === 0 && pages < MAX_PAGES && pages * pageSize === length;
  if (!known) return null;
  return cleanPieces(handle, pageSize, await freePages(handle, header.readUInt32BE(AT.freeList), pageSize));
}

async function* cleanPieces(handle: FileHandle, pageSize: number, free: Map<number, number>): AsyncGenerator<Piece> {
  const zeros = Buffer.alloc(pageSize);
  for await (const { bytes, position } of piecesOf(handle)) {
    let changed = false;
    const wipe = (page: Buffer, from: number, to: number): void => {
      if (to <= from || zeros.compare(page, from, to, 0, to - from) === 0) return;
      page.fill(0, from, to);
      changed = true;
    };
    for (let at = 0; at < bytes.length; at += pageSize) {
      const page = bytes.subarray(at, at + pageSize);
      const number = (position + at) / pageSize + 1;
      const kept = free.get(number);
      if (kept !== undefined) wipe(page, kept, pageSize);
      else for (const [from, to] of gapsOf(page, number === 1 ? HEADER : 0)) wipe(page, from, to);
    }
    yield { bytes, position, changed };
  }
}

/** A file as it is, in pieces, of which as many keep their bytes. */
export async function* piecesOf(handle: FileHandle): AsyncGenerator<Piece> {
  const { size } = await handle.stat();
  const buffers = Array.from({ length: PIECES_HELD }, () => Buffer.allocUnsafe(CHUNK_BYTES));
  for (let position = 0, turn = 0; position < size; position += CHUNK_BYTES) {
    const bytes = await readAt(handle, position, (buffers[turn++ % PIECES_HELD] as Buffer).subarray(0, Math.min(CHUNK_BYTES, size - position)));
    yield { bytes, position, changed: false };
  }
}

/** The same in the file itself. @returns the SHA-256 of the file as it is then; null where its layout is one that this does not know, and nothing was changed */
export async function scrubFile(file: string): Promise<string | null> {
  const handle = await open(file, 'r+');
  try {
    const pieces = await scrubbed(handle);
    if (!pieces) return null;
    const hash = createHash('sha256');
    for await (const { bytes, position, changed } of pieces) {
      if (changed) await writeAll(handle, bytes, position);
      hash.update(bytes);
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

/** SHA-256 of a file, in hexadecimal. */
export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Pages of the free list with how many of their bytes it needs itself. */
async function freePages(handle: FileHandle, first: number, pageSize: number): Promise<Map<number, number>> {
  const free = new Map<number, number>();
  for (let trunk = first; trunk !== 0 && !free.has(trunk); ) {
    const page = await readAt(handle, (trunk - 1) * pageSize, Buffer.alloc(pageSize));
    const leaves = page.readUInt32BE(4);
    free.set(trunk, 8 + leaves * 4);
    for (let index = 0; index < leaves; index++) free.set(page.readUInt32BE(8 + index * 4), 0);
    trunk = page.readUInt32BE(0);
  }
  return free;
}

/** Parts of a b-tree page that hold nothing: between its pointers and its cells, and where cells were deleted. */
function gapsOf(page: Buffer, start: number): [from: number, to: number][] {
  const header = TREE_HEADERS[page[start] ?? 0];
  if (header === undefined) return [];
  const cells = page.readUInt16BE(start + 3);
  const content = page.readUInt16BE(start + 5) || 65_536;
  const gaps: [number, number][] = [[start + header + 2 * cells, Math.min(content, page.length)]];
  for (let block = page.readUInt16BE(start + 1); block !== 0 && block + 4 <= page.length; ) {
    const next = page.readUInt16BE(block);
    gaps.push([block + 4, Math.min(block + page.readUInt16BE(block + 2), page.length)]);
    if (next <= block) break;
    block = next;
  }
  return gaps;
}
