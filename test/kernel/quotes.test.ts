import { describe, expect, it } from 'vitest';
import { innerQuotes } from '../../src-shared/kernel/quotes.ts';
import { PERMISSIONS } from '../../src-shared/kernel/permissions.ts';
import { fill, translateError } from '../../src-shared/kernel/translate.ts';

describe('quotes of a text that is put into quotes', () => {
  it.each([
    ['ru', 'ООО «Ромашка»', 'ООО „Ромашка“'],
    ['ru', 'ООО "Ромашка"', 'ООО „Ромашка“'],
    ['ru', 'The “Old Mill” bakery', 'The „Old Mill“ bakery'],
    ['ru', 'ООО „Ромашка“', 'ООО „Ромашка“'],
    ['ru', 'Монитор 19" и 24"', 'Монитор 19" и 24"'],
    ['en', 'ООО «Ромашка»', 'ООО ‘Ромашка’'],
    ['en', 'Firm "Daisy"', 'Firm ‘Daisy’'],
    ['en', 'ООО „Ромашка“', 'ООО ‘Ромашка’'],
    ['en', 'Monitor 19"', 'Monitor 19"'],
  ] as const)('%s: %s', (language, text, shown) => expect(innerQuotes(text, language)).toBe(shown));
});

describe('a sentence with places', () => {
  it.each([
    ['Файл «{{name}}» удалён', 'Файл «акт „Лифт“.pdf» удалён'],
    ['File “{{name}}” deleted', 'File “акт ‘Лифт’.pdf” deleted'],
    ['{{name}}: удалён', 'акт «Лифт».pdf: удалён'],
  ])('%s', (sentence, filled) => expect(fill(sentence, { name: 'акт «Лифт».pdf' })).toBe(filled));
});

describe.each(['ru', 'en'] as const)('a missing right in %s', (language) => {
  it.each(PERMISSIONS.filter((permission) => permission !== 'public' && permission !== 'self'))('%s is told in words', (permission) => {
    const told = translateError(language, 'FORBIDDEN', { detail: 'permission', params: { permission } });
    expect(told).not.toContain(permission);
    expect(told).toMatch(language === 'ru' ? /: «[А-ЯЁ][а-яё ]+»\.$/ : /: “[A-Z][a-z ]+”\.$/);
  });
});
