/** Bytes of a file, both ends inclusive. */
export interface ByteRange {
  start: number;
  end: number;
}

/** More parts than the block maps of one installer need in a single request. */
export const MAX_RANGES = 1_024;

const SPEC = /^(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))$/;

/**
 * Reads a `Range` header (RFC 9110, 14.1.2) for a file of `size` bytes.
 * @returns the ranges as they were asked for; `null` where there is no range in bytes and the whole file is meant; `'unsatisfiable'` for
 * ranges outside the file, and for those that ask for more than the file has: overlapping ones would make a hub send it many times over.
 */
export function readRanges(header: string | undefined, size: number): ByteRange[] | 'unsatisfiable' | null {
  const list = /^bytes=(.*)$/i.exec(header?.trim() ?? '')?.[1];
  if (list === undefined) return null;
  const parts = list.split(',');
  if (parts.length > MAX_RANGES) return 'unsatisfiable';
  const ranges: ByteRange[] = [];
  let total = 0;
  for (const part of parts) {
    const match = SPEC.exec(part.trim());
    if (!match) return null;
    const [, first, last, suffix] = match;
    const start = first === undefined ? Math.max(0, size - Number(suffix)) : Number(first);
    const end = last === undefined ? size - 1 : Math.min(Number(last), size - 1);
    if (last !== undefined && Number(last) < start) return null;
    if (start >= size || suffix === '0') continue;
    total += end - start + 1;
    if (total > size) return 'unsatisfiable';
    ranges.push({ start, end });
  }
  return ranges.length > 0 ? ranges : 'unsatisfiable';
}
