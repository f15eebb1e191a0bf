import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyOf, formatMoney, parseMoney } from '../../src-shared/kernel/money.ts';

describe('parseMoney', () => {
  it.each<[string, number | null]>([
    ['1 234,50 ₽', 123450],
    ['1\u00a0234,50\u202f₽', 123450],
    ['1234.5', 123450],
    ['1.234,50', 123450],
    ['1,234.50', 123450],
    ['1,234,567', 123456700],
    ['200000', 20000000],
    ['200 000 ₸', 20000000],
    ['100 руб.', 10000],
    ['100р', 10000],
    ["'500", 50000],
    ['-100', -10000],
    ['−1,5', -150],
    [',5', 50],
    ['0', 0],
    ['-0', 0],
    ['1,234', null],
    ['1.234', null],
    ['12.345.6', null],
    ['1,2,3', null],
    ['', null],
    ['нет', null],
    ['1e5', null],
    ['99999999999999999', null],
    ['5 %', null],
  ])('%j → %j', (text, kopecks) => expect(parseMoney(text)).toBe(kopecks));

  it('reads back what it wrote', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), fc.constantFrom('ru' as const, 'en' as const), fc.constantFrom('RUB', 'KZT', 'EUR', ''), fc.boolean(), (kopecks, language, currency, exact) => {
      expect(parseMoney(formatMoney(kopecks, language, { currency, exact }))).toBe(kopecks);
    }));
  });
  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const kopecks = parseMoney(text);
      return kopecks === null || Number.isSafeInteger(kopecks);
    }));
  });
});

describe('formatMoney', () => {
  const shown = (text: string): string => text.replaceAll('\u202f', ' ');
  it('writes sums as people read them', () => {
    expect(shown(formatMoney(123450))).toBe('1 234,50 ₽');
    expect(shown(formatMoney(123450, 'en'))).toBe('1 234.50 ₽');
    expect(shown(formatMoney(100000000))).toBe('1 000 000 ₽');
    expect(shown(formatMoney(100, 'ru', { exact: true }))).toBe('1,00 ₽');
    expect(shown(formatMoney(-5, 'ru', { currency: 'KZT' }))).toBe('−0,05 ₸');
    expect(shown(formatMoney(99, 'ru', { currency: '' }))).toBe('0,99');
  });
});

describe('currencyOf', () => {
  it.each([['Бюджет ₸', 'KZT'], ['Бюджет, ₽', 'RUB'], ['Бюджет ', null], ['100 руб.', 'RUB'], ['5 р.', 'RUB'], ['$5', 'USD'], ['Сумма договора', null]])('%s → %s', (text, currency) => expect(currencyOf(text)).toBe(currency));
});
