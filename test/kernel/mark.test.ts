import { expect, it } from 'vitest';
import { markOf, readMark } from '../../src-shared/kernel/mark.ts';

it('a mark is the end of an id, and is read back as it was typed', () => {
  const id = '01a22480-559a-71a1-aebe-80eec5b3a48f';
  expect(markOf(id)).toBe('*B3A48F');
  expect(readMark(' *b3a48f ')).toBe('b3a48f');
  expect(id.endsWith(readMark(markOf(id)) ?? '-')).toBe(true);
});

it.each(['B3A48F', '*B3A48', '*B3A48F0', '*принтер', '**B3A48F', ''])('%j is no mark', (typed) => {
  expect(readMark(typed)).toBeNull();
});
