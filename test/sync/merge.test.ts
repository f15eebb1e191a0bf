import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AFTER_SETBACK, MAX_AHEAD_MS, compareStamps, effectiveMoment, nextMoment, type WireStamp } from '../../src-shared/sync/hlc.ts';
import { isConflict, mergeHeads, shownValues, type Head } from '../../src-shared/sync/merge.ts';
import { aroundDifferences, bothTexts, differences, mergeText } from '../../src-shared/sync/text-merge.ts';

const head = (time: number, device: string, value: unknown, base: string | null = null): Head => ({
  stamp: [time, 0, device],
  effective: { time, counter: 0 },
  actor_id: device,
  values: { field: value },
  base,
});

describe('stamps', () => {
  it.each([
    ['the clock goes on', 100, { time: 90, counter: 5 }, 0, { time: 100, counter: 0 }],
    ['the clock stands', 90, { time: 90, counter: 5 }, 0, { time: 90, counter: 6 }],
    ['the clock went back', 10, { time: 90, counter: 5 }, 0, { time: 90, counter: 6 }],
    ['this device once ran ahead', 100, { time: 90, counter: 5 }, 500, { time: 100, counter: AFTER_SETBACK + 7 }],
  ])('%s', (_name, now, seen, madeUpTo, expected) => {
    expect(nextMoment(now, seen, madeUpTo, 7)).toEqual(expected);
  });

  it('holds back a stamp from days ahead, and keeps the order of what it holds back', () => {
    const first = effectiveMoment({ time: 9e12, counter: 0 }, 1000, { time: 0, counter: 0 });
    const second = effectiveMoment({ time: 9e12, counter: 1 }, 1000, first);
    expect(first).toEqual({ time: 1000 + MAX_AHEAD_MS, counter: 0 });
    expect(second).toEqual({ time: 1000 + MAX_AHEAD_MS, counter: 1 });
    expect(effectiveMoment({ time: 900, counter: 3 }, 1000, first)).toEqual({ time: 900, counter: 3 });
  });

  it('orders all stamps', () => {
    const stamp = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b'));
    fc.assert(fc.property(stamp, stamp, (a, b) => Math.sign(compareStamps(a, b)) === -Math.sign(compareStamps(b, a)) && (compareStamps(a, b) === 0) === (a.join() === b.join())));
  });
});

describe('the register of a group', () => {
  it('replaces exactly what the writer had seen', () => {
    const [a, b, c] = [head(1, 'a', 'A'), head(2, 'b', 'B'), head(3, 'c', 'C')];
    expect(mergeHeads([a, b], c, [a.stamp])).toEqual([b, c]);
    expect(mergeHeads([a, b], c, [a.stamp, b.stamp])).toEqual([c]);
    expect(mergeHeads([c], c, [a.stamp])).toEqual([c]);
  });

  it('shows 14:12 even when 14:09 arrives in the evening', () => {
    const [early, late] = [head(1409, 'laptop', 'по 14:09'), head(1412, 'office', 'по 14:12')];
    expect(shownValues(mergeHeads([late], early, [[1, 0, 'x']]))).toEqual({ field: 'по 14:12' });
  });

  it('lets whoever had seen a value replace it, whatever the clocks say', () => {
    const ahead = head(9_000_000, 'laptop', 'вперёд');
    expect(shownValues(mergeHeads([ahead], head(5, 'office', 'сейчас'), [ahead.stamp]))).toEqual({ field: 'сейчас' });
  });

  it('comes to the same whatever the order in which writes that have not seen each other arrive', () => {
    const write = fc.record({ time: fc.integer({ min: 1, max: 5 }), device: fc.constantFrom('a', 'b', 'c'), value: fc.integer() });
    fc.assert(
      fc.property(fc.uniqueArray(write, { selector: (one) => `${one.time}${one.device}`, minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()), (writes, order) => {
        const root: WireStamp = [0, 0, 'root'];
        const apply = (list: typeof writes): Head[] => list.reduce<Head[]>((heads, one) => mergeHeads(heads, head(one.time, one.device, one.value), [root]), []);
        const shuffled = [...writes].sort(() => ((order.next().value ?? 0) % 2 === 0 ? 1 : -1));
        expect(apply(shuffled)).toEqual(apply(writes));
        expect(apply([...shuffled, ...writes])).toEqual(apply(writes));
      }),
    );
  });

  it('holds what nobody who had seen it has replaced, in whatever order all writes of copies that exchange come', () => {
    const happening = fc.record({ copy: fc.nat(2), from: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(happening, { minLength: 1, maxLength: 14 }), fc.infiniteStream(fc.nat()), (happenings, order) => {
        const copies: Head[][] = [[], [], []];
        const writes: { written: Head; seen: WireStamp[] }[] = [];
        for (const [index, { copy, from }] of happenings.entries()) {
          // Takes over what another copy shows, then writes having seen that.
          const known = [...new Map([...(copies[copy] ?? []), ...(copies[from] ?? [])].map((one) => [one.stamp.join(), one])).values()];
          const heads = known.filter((one) => !writes.some(({ seen }) => seen.some((stamp) => stamp.join() === one.stamp.join())));
          const written = head(index + 1, 'abc'[copy] ?? 'a', index);
          writes.push({ written, seen: heads.map(({ stamp }) => stamp) });
          copies[copy] = [written];
        }
        const arriving = writes.map((write) => ({ write, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        const log: WireStamp[][] = [];
        let heads: Head[] = [];
        for (const { write: { written, seen } } of arriving) {
          heads = mergeHeads(heads, written, seen, log.flat().some((stamp) => stamp.join() === written.stamp.join()));
          log.push(seen);
        }
        const replaced = new Set(writes.flatMap(({ seen }) => seen.map((stamp) => stamp.join())));
        expect(heads.map(({ stamp }) => stamp.join()).sort()).toEqual(writes.map(({ written }) => written.stamp.join()).filter((stamp) => !replaced.has(stamp)).sort());
      }),
    );
  });

  it('asks nobody where all say the same', () => {
    expect(isConflict([head(1, 'a', 'X'), head(2, 'b', 'X')])).toBe(false);
    expect(isConflict([head(1, 'a', 'X'), head(2, 'b', 'Y')])).toBe(true);
  });

  it('reads two edits of one text together where they do not overlap', () => {
    const base = 'Сервер в подвале. Ключ у охраны.';
    const heads = [head(1, 'a', 'Сервер в подвале слева. Ключ у охраны.', base), head(2, 'b', 'Сервер в подвале. Ключ у директора.', base)];
    expect(shownValues(heads)).toEqual({ field: 'Сервер в подвале слева. Ключ у директора.' });
    expect(isConflict(heads)).toBe(false);
  });
});

describe('three-way merge of text', () => {
  it.each([
    ['one side', 'a b c', 'a b c', 'a X c', 'a X c'],
    ['both alike', 'a b c', 'a X c', 'a X c', 'a X c'],
    ['different words', 'a b c d e', 'X b c d e', 'a b c d Y', 'X b c d Y'],
    ['a line added at either end', 'one\ntwo', 'zero\none\ntwo', 'one\ntwo\nthree', 'zero\none\ntwo\nthree'],
    ['the same word', 'a b c', 'a X c', 'a Y c', null],
    ['a word deleted that the other changed', 'a b c', 'a c', 'a Y c', null],
    ['both added at one place', 'a', 'a b', 'a c', null],
    ['from nothing', '', 'a', 'b', null],
  ])('%s', (_name, base, left, right, expected) => {
    expect(mergeText(base, left, right)).toBe(expected);
  });

  it('does not care whose edit comes first, and loses no word of either', () => {
    const words = fc.array(fc.constantFrom('ключ', 'щит', 'этаж', '\n'), { maxLength: 8 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(words, words, words, (base, left, right) => {
        const merged = mergeText(base, left, right);
        expect(mergeText(base, right, left)).toBe(merged);
        if (merged !== null && left !== base && right === base) expect(merged).toBe(left);
      }),
    );
  });
});

describe('two texts side by side', () => {
  it('marks the words that the other text does not have, and loses none', () => {
    expect(differences('ключ у охраны слева', 'ключ у соседей слева')).toEqual([
      { text: 'ключ у ', differs: false },
      { text: 'охраны', differs: true },
      { text: ' слева', differs: false },
    ]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        expect(differences(text, other).map((part) => part.text).join('')).toBe(text);
      }),
    );
  });

  const numbered = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, index) => `строка ${from + index}`).join('\n');
  it('leaves out what is alike far from a difference, but for two lines', () => {
    expect(aroundDifferences(differences(`${numbered(1, 9)}\nключ у охраны\n${numbered(10, 12)}`, `${numbered(1, 9)}\nключ у соседей\n${numbered(10, 12)}`))).toEqual([
      { lines: 7 },
      { text: `\n${numbered(8, 9)}\nключ у `, differs: false },
      { text: 'охраны', differs: true },
      { text: `\n${numbered(10, 12)}`, differs: false },
    ]);
  });
  it('leaves out lines on both sides of what only the other text has', () => {
    const told = aroundDifferences(differences(`${numbered(1, 20)}`, `${numbered(1, 10)}\nещё одна\n${numbered(11, 20)}`));
    expect(told.filter((part) => 'lines' in part)).toHaveLength(2);
    expect(told.map((part) => ('lines' in part ? '…' : part.text)).join('')).toContain('строка 10\nстрока 11');
  });
  it('tells what is short, or the same, whole', () => {
    const short = differences('ключ у охраны', 'ключ у соседей');
    expect(aroundDifferences(short)).toEqual(short);
    expect(aroundDifferences(differences(numbered(1, 30), numbered(1, 30)))).toEqual([{ text: numbered(1, 30), differs: false }]);
  });
  it('counts every line that it leaves out, and leaves out none that differs', () => {
    const lines = fc.array(fc.constantFrom('ключ', 'щит', 'этаж 2', ''), { maxLength: 30 }).map((list) => list.join('\n'));
    fc.assert(
      fc.property(lines, lines, (text, other) => {
        const stretches = differences(text, other);
        const told = aroundDifferences(stretches);
        const shown = told.map((part) => ('lines' in part ? '\n'.repeat(part.lines - 1) : part.text)).join('');
        expect(shown.split('\n')).toHaveLength(text.split('\n').length);
        expect(told.filter((part) => !('lines' in part) && part.differs)).toEqual(stretches.filter((part) => part.differs));
      }),
    );
  });

  it.each([
    ['a line of either', 'a\nb\nc', 'a\nx\nc', 'a\nb\nx\nc'],
    ['a line more', 'a\nb', 'a\nb\nc', 'a\nb\nc'],
    ['nothing in common', 'a', 'b', 'a\nb'],
    ['the same', 'a\nb', 'a\nb', 'a\nb'],
  ])('joins both: %s', (_name, one, other, expected) => {
    expect(bothTexts(one, other)).toBe(expected);
  });
});
