import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const SIZE = 16;
/** Random bytes are drawn for many ids at once: a draw costs more than an id. */
const pool = new Uint8Array(SIZE * 256);
let used = pool.length;

/** A UUIDv7 of a moment in milliseconds. */
export function newRowId(ms: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + SIZE);
  used += SIZE;
  return uuidv7({ msecs: ms, random });
}
