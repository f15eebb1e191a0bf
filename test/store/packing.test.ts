import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packInto, unpackFile } from '../../src-main/store/packing.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-packing-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string): string => join(folder, name);
async function* each(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

it('gives back what was packed, whatever it is', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 3_000 }).map((part) => Buffer.from(part));
  const dull = fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 400_000 })).map(([byte, length]) => Buffer.alloc(length, byte));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(bytes, dull), { maxLength: 9 }), async (pieces) => {
      const whole = Buffer.concat(pieces);
      rmSync(place('packed'), { force: true });
      const made = await packInto(each(pieces), place('packed'));
      expect(made).toEqual({ whole: whole.length, sha256: createHash('sha256').update(readFileSync(place('packed'))).digest('hex') });
      expect(await unpackFile(place('packed'), place('unpacked'))).toBe(whole.length);
      expect(readFileSync(place('unpacked')).equals(whole)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

it('uses a buffer again only for the fourth piece after it', async () => {
  const buffers = Array.from({ length: 4 }, () => Buffer.alloc(200_000));
  const numbers = Array.from({ length: 16 }, (_, index) => index);
  async function* turning(): AsyncGenerator<Buffer> {
    for (const number of numbers) yield await Promise.resolve((buffers[number % 4] as Buffer).fill(number));
  }
  await packInto(turning(), place('packed'));
  await unpackFile(place('packed'), place('unpacked'));
  expect(readFileSync(place('unpacked')).equals(Buffer.concat(numbers.map((number) => Buffer.alloc(200_000, number))))).toBe(true);
});

it.each([
  ['a flipped bit', (bytes: Buffer): Buffer => bytes.fill((bytes[bytes.length >> 1] ?? 0) ^ 1, bytes.length >> 1, (bytes.length >> 1) + 1)],
  ['no packed file at all', (bytes: Buffer): Buffer => Buffer.alloc(bytes.length, 7)],
  ['a piece that is said to be huge', (bytes: Buffer): Buffer => bytes.fill(0x7f, 0, 1)],
])('refuses %s', async (_name, damage) => {
  await packInto(each([Buffer.from('Снимок '.repeat(5_000))]), place('packed'));
  writeFileSync(place('packed'), damage(readFileSync(place('packed'))));
  await expect(unpackFile(place('packed'), place('unpacked'))).rejects.toThrow();
});

it('an end that is missing is not taken for the whole', async () => {
  const pieces = [Buffer.alloc(9_000, 'а'), Buffer.alloc(9_000, 'б')];
  const { whole } = await packInto(each(pieces), place('packed'));
  const bytes = readFileSync(place('packed'));
  for (let length = 0; length < bytes.length; length++) {
    writeFileSync(place('packed'), bytes.subarray(0, length));
    expect(await unpackFile(place('packed'), place('unpacked')).catch(() => 'refused')).not.toBe(whole);
  }
});
