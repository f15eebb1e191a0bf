import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { writeAll } from './file-bytes.ts';

/**
 * How a file is packed on its way: in pieces, each the length of what follows in four bytes (most significant first) and a Zstandard
 * frame (RFC 8878) with a checksum of what is in it. Node reads no more than one frame out of a stream.
 */
export const PACKING = 'zstd-pieces';
/** The largest piece, in bytes. */
export const LARGEST_PIECE = 1 << 20;
/** Of one that cannot be made smaller. */
const LARGEST_PACKED = LARGEST_PIECE + (LARGEST_PIECE >> 4);
/** Pieces that are worked on at the same time, each on a thread. */
const AT_ONCE = 3;
const LENGTH_BYTES = 4;

/** Whether this Node can pack and unpack: before 22.15 it could not. */
export const canPack = 'zstdCompress' in zlib;

/** Work on some pieces at once, whose results are taken in their order. */
function inOrder<T>(take: (result: T) => Promise<void>): { add(work: Promise<T>): void; room(): Promise<void>; end(): Promise<void>; settle(): Promise<unknown> } {
  const working: Promise<T>[] = [];
  const takeFirst = async (): Promise<void> => {
    const first = await (working[0] as Promise<T>);
    working.shift();
    await take(first);
  };
  return {
    add: (work) => {
      // Its failure is told when it is its turn.
      work.catch(() => {});
      working.push(work);
    },
    room: async () => {
      if (working.length === AT_ONCE) await takeFirst();
    },
    end: async () => {
      while (working.length > 0) await takeFirst();
    },
    settle: () => Promise.allSettled(working),
  };
}

/**
 * Packs pieces into a new file. Four pieces must keep their bytes: the one asked for last, and the three before it.
 * @returns size of the pieces together, in bytes, and the SHA-256 of the file
 */
export async function packInto(pieces: AsyncIterable<Buffer>, file: string): Promise<{ whole: number; sha256: string }> {
  const pack = promisify(zlib.zstdCompress);
  const { ZSTD_c_compressionLevel: LEVEL, ZSTD_c_checksumFlag: CHECKSUM, Z_MIN_CHUNK } = zlib.constants;
  const hash = createHash('sha256');
  const to = await open(file, 'wx', 0o600);
  const packing = inOrder<Buffer>(async (packed) => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(packed.length);
    for (const part of [length, packed]) {
      hash.update(part);
      await writeAll(to, part);
    }
  });
  let whole = 0;
  try {
    for await (const piece of pieces) {
      if (piece.length === 0 || piece.length > LARGEST_PIECE) throw new RangeError(`a piece of ${piece.length} bytes`);
      whole += piece.length;
      await packing.room();
      packing.add(pack(piece, { chunkSize: Math.max(piece.length >> 1, Z_MIN_CHUNK), params: { [LEVEL]: 1, [CHECKSUM]: 1 } }));
    }
    await packing.end();
  } finally {
    await packing.settle();
    await to.close();
  }
  return { whole, sha256: hash.digest('hex') };
}

/** Reads the next piece; null at the end. @throws Error where it ends in between, or is no packed piece */
async function nextPacked(from: FileHandle): Promise<Buffer | null> {
  const fill = async (bytes: Buffer): Promise<number> => {
    let done = 0;
    for (let got = 1; done < bytes.length && got > 0; done += got) got = (await from.read(bytes, done, bytes.length - done)).bytesRead;
    return done;
  };
  const head = Buffer.alloc(LENGTH_BYTES);
  const got = await fill(head);
  if (got === 0) return null;
  const length = head.readUInt32BE();
  if (got < LENGTH_BYTES || length > LARGEST_PACKED) throw new Error('no packed piece');
  const packed = Buffer.allocUnsafe(length);
  if ((await fill(packed)) < length) throw new Error('the packed file ends early');
  return packed;
}

/** Unpacks a file into a new one. @returns the size of what was in it, in bytes. @throws Error for one that is damaged or ends within a piece; AbortError */
export async function unpackFile(packed: string, file: string, signal?: AbortSignal): Promise<number> {
  const unpack = promisify(zlib.zstdDecompress);
  const from = await open(packed);
  try {
    const to = await open(file, 'w', 0o600);
    let whole = 0;
    const unpacking = inOrder<Buffer>(async (piece) => {
      whole += piece.length;
      await writeAll(to, piece);
    });
    try {
      for (let piece = await nextPacked(from); piece; piece = await nextPacked(from)) {
        signal?.throwIfAborted();
        await unpacking.room();
        unpacking.add(unpack(piece, { chunkSize: LARGEST_PIECE, maxOutputLength: LARGEST_PIECE }));
      }
      await unpacking.end();
    } finally {
      await unpacking.settle();
      await to.close();
    }
    return whole;
  } finally {
    await from.close();
  }
}
