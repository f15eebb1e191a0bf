import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, matchQuery, searchTokens, sortKey, switchLayout, tokenize } from '../../src-shared/kernel/search-text.ts';

const db = new Database(':memory:');
db.exec(`CREATE VIRTUAL TABLE t USING fts5(text, content='', contentless_delete=1, detail=none, tokenize="unicode61 remove_diacritics 0")`);
const put = db.prepare('INSERT OR REPLACE INTO t (rowid, text) VALUES (1, ?)');
const ask = db.prepare('SELECT count(*) FROM t WHERE t MATCH ?').pluck();

/** Whether the index finds a text by a query, with the program's own index settings. */
function finds(text: string, query: string): boolean {
  put.run(searchTokens(text));
  const { match } = matchQuery(query);
  return match !== '' && ask.get(match) === 1;
}
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'"*():^-+{}АБвг ёЁй12379.,\u0000\ud800\udc00\'ab') }));

describe('foldText', () => {
  it.each([
    ['Ёлка «Ёж», №12', 'елка еж 12'],
    ['ООО "Ромашка"', 'ооо ромашка'],
    ['  Cafe\u0301  Zürich ', 'cafe zurich'],
    ['ЙОД И\u0306', 'йод й'],
    ['ﬁле Ⅳ ｆｕｌｌ', 'fiле iv full'],
    ['', ''],
    ['!!!', ''],
  ])('%j → %j', (text, folded) => expect(foldText(text)).toBe(folded));
  it('is a fixed point', () => {
    fc.assert(fc.property(anyText, (text) => foldText(foldText(text)) === foldText(text)));
  });
});

describe('the index', () => {
  it.each([
    ['Не печатает принтер HP LaserJet', 'принтеры'],
    ['Сломались принтеры в бухгалтерии', 'принтер'],
    ['Сломались принтеры в бухгалтерии', 'принтером бухгалтерия'],
    ['Сломались принтеры в бухгалтерии', 'в бухгалтерии принтеры'],
    ['Сломались принтеры в бухгалтерии', 'БУХ'],
    ['Ёлкин Пётр', 'елкин петр'],
    ['Елкин Петр', 'Ёлкин'],
    ['ООО «Ромашка»', '"ромашка'],
    ['Configured printers', 'configure printer'],
    ['телефон 8 (999) 123-45-67', '+7 999 123-45-67'],
    ['телефон 8 (999) 123-45-67', '8999123'],
    ['телефон 8 (999) 123-45-67', '89991'],
    ['телефон 8 (999) 123-45-67', '4567'],
    ['телефон 8 (999) 123-45-67', '123-45-67'],
    ['телефон 8 (999) 123-45-67', '12345'],
    ['телефон 8 (999) 123-45-67', '(999) 123'],
    ['+79991234567 #12', '8 (999) 123 45 67'],
    ["'+77026261947,'+77026261948", '7026261948'],
    ['8 916 123 45 67 8 926 123 45 68', '9261234568'],
    ['внутр. 123-45-67', '1234567'],
    ['ИНН 7707083893 КПП 770701001', '7707083893'],
    ['ИНН 7707083893 КПП 770701001', '083893'],
    ['ИНН 7707083893 КПП 770701001', '7707 083 893'],
    ['ИНН 500100732259', '00732259'],
    ['счёт 40702810900000012345', '12345'],
    ['счёт 40702810900000012345', '810900000012345'],
    ['Заявка № 1234', '№1234'],
    ['Brother HL-2130 s/n VNC3K12345', 'hl2130'],
    ['Brother HL-2130 s/n VNC3K12345', 'HL-2130'],
    ['Brother HL-2130 s/n VNC3K12345', 'hl 2130'],
    ['Brother HL-2130 s/n VNC3K12345', 'vnc3k'],
    ['Brother HL-2130 s/n VNC3K12345', '2345'],
    ['Brother HL2130', 'HL-2130'],
    ['роутер Wi-Fi', 'wifi'],
    ['роутер WiFi', 'wi-fi'],
    ['192.168.1.10', '192.168.1.10'],
    ['192.168.1.10', '192.168'],
    ['ivan.petrov@mail.ru', 'petrov@mail.ru'],
    ['ivan.petrov@mail.ru', 'ivan.petrov'],
    ['бюджет 12 500', '12500'],
    ['100% «готово»', '100%'],
  ])('%j is found by %j', (text, query) => expect(finds(text, query)).toBe(true));

  it.each([
    ['Не печатает принтер', 'сканер'],
    ['Не печатает принтер', 'принтер сканер'],
    ['8 (999) 123-45-67', '9991234568'],
    ['ИНН 7707083893', '7707083894'],
    ['любой текст', '!!!'],
    ['любой текст', ''],
    ['любой текст', '\u0000"*'],
  ])('%j is not found by %j', (text, query) => expect(finds(text, query)).toBe(false));

  it('takes any query', () => {
    fc.assert(fc.property(anyText, anyText, (text, query) => {
      finds(text, query);
      for (const alternative of matchQuery(query).alternatives) ask.get(alternative);
    }), { numRuns: 2000 });
  });
  it('finds a text by each of its words, and by the beginning of each', () => {
    const words = fc.array(fc.oneof(fc.stringMatching(/^[а-яё]{1,12}$/), fc.stringMatching(/^[a-z]{1,10}$/), fc.stringMatching(/^\d{1,14}$/), fc.stringMatching(/^[A-ZА-Я]{1,3}-\d{2,6}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(words, fc.constantFrom(' ', ', ', '\n', '; '), fc.nat(), (list, separator, length) => {
      const text = list.join(separator);
      for (const word of tokenize(text)) {
        expect(finds(text, word), word).toBe(true);
        const beginning = Array.from(word).slice(0, 1 + (length % 12)).join('');
        expect(finds(text, beginning), beginning).toBe(true);
      }
    }), { numRuns: 300 });
  });
  it('finds a number by any run of its digits from four on', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{4,11}$/), fc.nat(), fc.nat(), (digits, from, length) => {
      const start = from % (digits.length - 3);
      expect(finds(`№ ${digits}.`, digits.slice(start, start + 4 + (length % 8)))).toBe(true);
    }));
  });
  it('finds a text by itself', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[а-яё]{1,8}$|^\+79\d{9}$|^[a-z]{2}-\d{3}$/), { minLength: 1, maxLength: 6 }), (list) => {
      expect(finds(list.join(' '), list.join(' '))).toBe(true);
    }));
  });
  it('never lets SQLite split a token: it would then be a phrase, which the index refuses', () => {
    const seen = new Database(':memory:');
    seen.exec(`CREATE VIRTUAL TABLE t USING fts5(text, content='', contentless_delete=1, detail=none, tokenize="unicode61 remove_diacritics 0")`);
    const insert = seen.prepare('INSERT INTO t (rowid, text) VALUES (?, ?)');
    seen.exec('BEGIN');
    for (let code = 1; code < 0x110000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const token = tokenize(`qa${String.fromCodePoint(code)}zx`)[0];
      if (token !== 'qa' && token !== 'qazx') insert.run(code, token);
    }
    seen.exec('COMMIT');
    expect(seen.prepare("SELECT rowid FROM t WHERE t MATCH 'qa'").all()).toEqual([]);
    expect(seen.prepare('SELECT count(*) FROM t').pluck().get()).toBeGreaterThan(100_000);
    seen.close();
  });
});

describe('matchQuery', () => {
  it('offers the other keyboard layout', () => {
    expect(matchQuery('ghbynth')).toMatchObject({ match: '("ghbynth"* OR "ghbynth")', alternatives: ['("принтер"* OR "принтер")'], corrected: ['принтер'] });
    expect(matchQuery('79991234567').alternatives).toEqual([]);
    expect(matchQuery('руддщ').corrected).toEqual(['hello']);
  });
  it('drops common words unless they come last', () => {
    expect(matchQuery('принтер в офисе').match).not.toContain('"в"');
    expect(matchQuery('в').match).toContain('"в"');
  });
  it('stays bounded', () => {
    expect(matchQuery('слово '.repeat(1000)).match.length).toBeLessThan(2000);
    expect(matchQuery('1-'.repeat(5000)).match.length).toBeLessThan(20_000);
  });
});

describe('switchLayout', () => {
  it.each([['ghbynth', 'принтер'], ['руддщ', 'hello'], ["'krf", 'элка'], ['`krf', 'ёлка'], ['Gtnhjd', 'Петров'], ['123', '123'], ['', '']])('%s → %s', (from, to) => expect(switchLayout(from)).toBe(to));
  it('is its own reverse on words', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z]{1,20}$|^[а-яА-Я]{1,20}$/), (word) => {
      const there = switchLayout(word);
      fc.pre(/^\p{L}+$/u.test(there));
      return switchLayout(there) === word;
    }));
  });
});

describe('sortKey', () => {
  const order = (names: string[]): string[] => [...names].sort((a, b) => Buffer.compare(Buffer.from(sortKey(a)), Buffer.from(sortKey(b))));
  it('orders Russian names, ё behind е', () => {
    expect(order(['ельник', 'Ёлка', 'елка', 'Жук', '«Абак»', 'яма', 'Zoo', '12', 'йод', 'игла'])).toEqual(['12', 'Zoo', '«Абак»', 'елка', 'Ёлка', 'ельник', 'Жук', 'игла', 'йод', 'яма']);
    expect(order(['всё', 'все', 'всего'])).toEqual(['все', 'всё', 'всего']);
  });
  it('gives every text a key that SQLite can keep', () => {
    fc.assert(fc.property(anyText, (text) => sortKey(text).isWellFormed()));
  });
});
