import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stemRussian } from '../../src-shared/kernel/russian-stem.ts';
import { stemWord } from '../../src-shared/kernel/stem.ts';

/** Words that meet in one stem, and words that must not. */
const FAMILIES = [
  ['принтер', 'принтера', 'принтеру', 'принтером', 'принтеры', 'принтеров', 'принтерам', 'принтерами', 'принтерах'],
  ['заявка', 'заявки', 'заявку', 'заявкой', 'заявкам', 'заявках'],
  ['сервер', 'сервера', 'серверы', 'серверов', 'серверами'],
  ['настройка', 'настройки', 'настройку', 'настройкой'],
  ['настроить', 'настроил', 'настроила', 'настроили'],
  ['сломался', 'сломалась', 'сломались', 'сломаться'],
  ['красивый', 'красивая', 'красивое', 'красивые', 'красивого', 'красивейший'],
  ['важность', 'важности', 'важностью'],
  ['обслуживание', 'обслуживания', 'обслуживанию'],
  ['длинный', 'длинная', 'длинной'],
];

describe('stemRussian', () => {
  it.each(FAMILIES)('%s and its forms share a stem', (...words) => {
    expect(new Set(words.map(stemRussian)).size).toBe(1);
  });
  it.each([
    ['важный', 'важн'],
    ['вазы', 'ваз'],
    ['валяется', 'валя'],
    ['выведавший', 'выведа'],
    ['прочитавшись', 'прочита'],
    ['длиннейшее', 'длин'],
    ['скорость', 'скорост'],
    ['возможность', 'возможн'],
    ['мгу', 'мгу'],
    ['взгляд', 'взгляд'],
    ['а', 'а'],
    ['', ''],
  ])('%s → %s', (word, stem) => expect(stemRussian(word)).toBe(stem));
  it('keeps different families apart', () => {
    expect(new Set(FAMILIES.map((words) => stemRussian(words[0] as string))).size).toBe(FAMILIES.length);
  });
  it('only takes off an ending', () => {
    fc.assert(fc.property(fc.stringMatching(/^[а-я]{0,20}$/), (word) => {
      const stem = stemRussian(word);
      return word.startsWith(stem) && (word === '' || stem.length > 0);
    }));
  });
});

describe('stemWord', () => {
  it.each([
    ['printers', 'printer'], ['printing', 'print'], ['printed', 'print'], ['configured', 'configur'], ['configure', 'configur'], ['batteries', 'battery'], ['addresses', 'address'],
    ['status', 'status'], ['access', 'access'], ['stopped', 'stop'], ['boxes', 'box'], ['red', 'red'], ['string', 'string'], ['принтеры', 'принтер'], ['дом', 'дом'], ['hl2130', 'hl2130'],
  ])('%s → %s', (word, stem) => expect(stemWord(word)).toBe(stem));
  it('answers the same with a full cache', () => {
    const words = Array.from({ length: 40_000 }, (_, i) => `слово${'абвгдежзик'[i % 10]}${i.toString(32).replace(/\d/g, 'м')}ами`);
    const first = words.map(stemWord);
    expect(words.map(stemWord)).toEqual(first);
  });
});
