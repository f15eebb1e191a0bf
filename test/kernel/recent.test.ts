import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recent } from '../../src-shared/kernel/recent.ts';

test('answers as the function itself does, whatever was asked before', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 })), fc.integer({ min: 1, max: 4 }), (asked, size) => {
      const kept = recent(size, (text) => `${text}!`);
      for (const text of asked) expect(kept(text)).toBe(`${text}!`);
    }),
  );
});

test('does not work twice for what was asked just now, and keeps no long text', () => {
  let worked = 0;
  const kept = recent(2, (text) => {
    worked++;
    return text.length;
  });
  kept('слово');
  kept('слово');
  expect(worked).toBe(1);
  const long = 'а'.repeat(500);
  kept(long);
  kept(long);
  expect(worked).toBe(3);
});
