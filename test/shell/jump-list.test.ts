import fc from 'fast-check';
import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ app: { isPackaged: true, getLocale: () => 'ru', setJumpList: () => undefined } }));
const { jumpList, quoted } = await import('../../src-main/shell/jump-list.ts');
const { pathOfLink } = await import('../../src-main/shell/addresses.ts');

const LAUNCH = { dataDir: undefined, demo: false, port: undefined, hidden: false, link: null };
const PROGRAM = 'C:\\Program Files\\Полевик\\Polevik.exe';

/** A command line as Windows programs take it apart: the documented rule of quotes and backslashes. */
function takenApart(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let inside = false;
  for (let at = 0; at < line.length; at++) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    const before = slashes > 0 ? line[at + slashes] === '"' : false;
    if (slashes > 0) {
      word = (word ?? '') + '\\'.repeat(before ? Math.floor(slashes / 2) : slashes);
      at += slashes - 1;
      if (before && slashes % 2 === 1) {
        word += '"';
        at++;
      }
    } else if (line[at] === '"') {
      inside = !inside;
      word ??= '';
    } else if (line[at] === ' ' && !inside) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + line[at];
  }
  return word === null ? words : [...words, word];
}

it('offers what a person begins with, each as a link that the running program takes over', () => {
  const [category] = jumpList(LAUNCH, PROGRAM);
  const items = category?.items ?? [];
  expect(items.map((item) => item.title)).toEqual(['Новая заявка', 'Новая задача', 'Рабочий стол']);
  expect(items.map((item) => pathOfLink(item.args ?? ''))).toEqual(['/tickets/new', '/tasks/new', '/desk']);
  expect(new Set(items.map((item) => item.program))).toEqual(new Set([PROGRAM]));
});

it('names the same data folder, whatever its name is', () => {
  const dataDir = 'D:\\Мои данные\\';
  const [category] = jumpList({ ...LAUNCH, dataDir, demo: true }, PROGRAM);
  expect(takenApart(category?.items?.[0]?.args ?? '')).toEqual(['--data-dir', dataDir, '--demo', 'polevik://tickets/new']);
});

it('hands over every word as it was', () => {
  const word = fc.oneof(fc.string({ minLength: 1 }), fc.array(fc.constantFrom('\\', '"', ' ', 'а', 'x'), { minLength: 1 }).map((parts) => parts.join('')));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      expect(takenApart(words.map(quoted).join(' '))).toEqual(words);
    }),
  );
});
