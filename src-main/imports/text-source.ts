import { isUtf8 } from 'node:buffer';
import { open, stat } from 'node:fs/promises';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';

export type TableEncoding = 'utf-8' | 'windows-1251' | 'utf-16le' | 'utf-16be';

const CHUNK = 256 * 1024;
/** Office files: a zip (xlsx) or a compound file (xls). */
const WORKBOOKS = ['504b0304', 'd0cf11e0'];

function unreadable(error: unknown, path: string): AppError {
  const file = path.replace(/^.*[/\\]/, '');
  return error instanceof AppError ? error : new AppError('INVALID', { field: 'file', detail: 'import_unreadable', params: { file } });
}

/** Bytes of a file or a buffer, in pieces; the file is closed however the reading ends. A piece is valid until the next is asked for. */
export async function* readChunks(source: string | Uint8Array): AsyncGenerator<Uint8Array> {
  if (typeof source !== 'string') {
    for (let at = 0; at < source.length; at += CHUNK) yield source.subarray(at, at + CHUNK);
    return;
  }
  const file = await open(source, 'r').catch((error: unknown) => {
    throw unreadable(error, source);
  });
  try {
    const chunk = new Uint8Array(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK).catch((error: unknown) => {
        throw unreadable(error, source);
      });
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export async function sizeOf(source: string | Uint8Array): Promise<number> {
  if (typeof source !== 'string') return source.length;
  const found = await stat(source).catch((error: unknown) => {
    throw unreadable(error, source);
  });
  return found.size;
}

/** Bytes at the end that begin a character which the next piece completes. */
function openEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function encodingOfMark(head: Uint8Array): TableEncoding | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null;
}

/**
 * Decides the encoding by the bytes of the whole text: a byte order mark, else strict UTF-8, else windows-1251. Refuses
 * workbooks and other binary files.
 */
export async function detectEncoding(source: string | Uint8Array): Promise<TableEncoding> {
  let rest = new Uint8Array(0);
  let first = true;
  for await (const chunk of readChunks(source)) {
    if (first) {
      first = false;
      if (WORKBOOKS.includes(Buffer.from(chunk.subarray(0, 4)).toString('hex'))) throw invalid('file', 'import_spreadsheet');
      const marked = encodingOfMark(chunk);
      if (marked) return marked;
      if (chunk.subarray(0, 4096).includes(0)) throw invalid('file', 'import_binary');
    }
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const open = openEnd(bytes);
    if (!isUtf8(bytes.subarray(0, bytes.length - open))) return 'windows-1251';
    rest = bytes.slice(bytes.length - open);
  }
  return rest.length > 0 ? 'windows-1251' : 'utf-8';
}
