import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonByLines, linesIn, parseByLines, utf8Of } from '../../src-main/sync/wire/lines.ts';

const LIST = 'changesets';
const value = fc.tuple(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.array(fc.jsonValue())).map(([rest, list]) => {
  const { [LIST]: _, ...others } = JSON.parse(JSON.stringify(rest)) as Record<string, unknown>;
  return { ...others, [LIST]: JSON.parse(JSON.stringify(list)) as unknown[] };
});

describe('a long list in JSON, an item to a line', () => {
  it('says the same to whoever reads it line by line, and to whoever reads it as JSON', () => {
    fc.assert(
      fc.property(value, (said) => {
        const bytes = utf8Of(jsonByLines(said, LIST));
        const { value: read, items } = parseByLines(bytes, LIST);
        expect(read).toEqual(said);
        expect(items.map((item) => JSON.parse(item.toString()) as unknown)).toEqual(said[LIST]);
        expect(JSON.parse(bytes.toString('utf8'))).toEqual(said);
      }),
    );
  });

  it('is read however else it was written', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (said, indent) => {
        expect(parseByLines(Buffer.from(JSON.stringify(said, null, indent)), LIST).value).toEqual(said);
      }),
    );
  });

  it.each(['', '{', '{"changesets":[\n', '{"changesets":[\n]', '{"changesets":[\n{]\n]}', '{"changesets":[\n1,\n2,\n]}\n]}'])('refuses %j', (text) => {
    expect(() => parseByLines(Buffer.from(text), LIST)).toThrow(SyntaxError);
  });
});

/** Bytes in parts, of the given lengths and one of the rest. */
const cutAt = (bytes: Buffer, lengths: readonly number[]): Buffer[] => {
  let from = 0;
  return [...lengths, bytes.length].map((length) => bytes.subarray(from, (from += length)));
};

it('texts become UTF-8 and lines again, of any length', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ').toWellFormed()), { minLength: 1 }), fc.integer({ min: 1, max: 20_000 }), (lines, times) => {
      const long = [...lines, 'ж'.repeat(times)];
      const bytes = utf8Of(long.map((line, index) => (index === 0 ? line : `\n${line}`)));
      expect(bytes.equals(Buffer.from(long.join('\n')))).toBe(true);
      for (const cuts of [[], [1], [1, 1], [Math.floor(bytes.length / 2)]]) expect([...linesIn(cutAt(bytes, cuts))]).toEqual(long);
    }),
  );
});
