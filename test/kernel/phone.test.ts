import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPhone, formatPhone, normalizePhone, phoneTails, splitPhones } from '../../src-shared/kernel/phone.ts';

const CASES: [string, string | null, string | null, string][] = [
  ['8 (999) 123-45-67', '+79991234567', null, '9991234567'],
  ['+7 999 123-45-67', '+79991234567', null, '9991234567'],
  ['79991234567', '+79991234567', null, '9991234567'],
  ['9991234567', '+79991234567', null, '9991234567'],
  ['(495) 123-45-67', '+74951234567', null, '4951234567'],
  ['8 747 123 45 67', '+77471234567', null, '7471234567'],
  ["'+77026261947", '+77026261947', null, '7026261947'],
  ['+8 999 123-45-67', '+79991234567', null, '9991234567'],
  ['+84 912 345 678', '+84912345678', null, '4912345678'],
  ['8-10-375-29-123-45-67', '+375291234567', null, '5291234567'],
  ['00 49 30 901820', '+4930901820', null, '4930901820'],
  ['375291234567', '+375291234567', null, '5291234567'],
  ['+37122334455', '+37122334455', null, '7122334455'],
  ['8 495 123-45-67 доб. 123', '+74951234567', '123', '4951234567'],
  ['8 495 123-45-67 (доб. 12)', '+74951234567', '12', '4951234567'],
  ['8(495)1234567#55', '+74951234567', '55', '4951234567'],
  ['+74951234567 ext. 4321', '+74951234567', '4321', '4951234567'],
  ['+74951234567x12', '+74951234567', '12', '4951234567'],
  ['84951234567,123', '+74951234567', '123', '4951234567'],
  ['84951234567 вн.7', '+74951234567', '7', '4951234567'],
  ['123-45-67', null, null, '1234567'],
  ['123-45-67/68', null, null, '1234567'],
  ['2-34-56', null, null, '23456'],
  ['112', null, null, ''],
  ['', null, null, ''],
  ['нет', null, null, ''],
  ['+7 999 123', null, null, '7999123'],
  ['8 099 123 45 67', null, null, '0991234567'],
  ['８９９９１２３４５６７', '+79991234567', null, '9991234567'],
  ['tel:+79991234567', '+79991234567', null, '9991234567'],
];

describe('normalizePhone', () => {
  it.each(CASES)('%s → %s', (raw, e164, extension, matchKey) => {
    expect(normalizePhone(raw)).toMatchObject({ raw, e164, extension, match_key: matchKey });
  });

  const national = fc.stringMatching(/^[3489]\d{9}$/);
  const layout = fc.constantFrom((n: string) => `+7${n}`, (n: string) => `8${n}`, (n: string) => `7${n}`, (n: string) => n, (n: string) => `8 (${n.slice(0, 3)}) ${n.slice(3, 6)}-${n.slice(6, 8)}-${n.slice(8)}`, (n: string) => `'+7 ${n.slice(0, 5)} ${n.slice(5)}`);
  it('gives one number for all its spellings', () => {
    fc.assert(fc.property(national, layout, (n, write) => {
      expect(normalizePhone(write(n)).e164).toBe(`+7${n}`);
      expect(normalizePhone(write(n)).match_key).toBe(n);
    }));
  });
  it('takes any text, and its own answer is a fixed point', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'+0123456789 ()-,;#xдоб.\'/\n') }), (raw) => {
      const phone = normalizePhone(raw);
      expect(phone.digits).toMatch(/^\d*$/);
      if (phone.e164) {
        expect(phone.e164).toMatch(/^\+[1-9]\d{7,14}$/);
        expect(normalizePhone(phone.e164).e164).toBe(phone.e164);
        const stored = canonicalPhone(raw);
        expect(canonicalPhone(stored)).toBe(stored);
      }
    }));
  });
});

describe('splitPhones', () => {
  it.each<[string, string[]]>([
    ["'+77026261947, '+77026261948", ['+77026261947', '+77026261948']],
    ['89161234567;84951234567', ['89161234567', '84951234567']],
    ['89161234567\n89261234567', ['89161234567', '89261234567']],
    ['8 (495) 123-45-67 / 8 (495) 765-43-21', ['8 (495) 123-45-67', '8 (495) 765-43-21']],
    ['84951234567,123', ['84951234567,123']],
    ['84951234567, доб. 12; 89161234567', ['84951234567, доб. 12', '89161234567']],
    ['123-45-67/68', ['123-45-67/68']],
    ['89161234567 89261234567', ['89161234567', '89261234567']],
    ['+7 916 123 45 67 +7 926 123 45 67', ['+7 916 123 45 67', '+7 926 123 45 67']],
    ['секретарь, 89161234567', ['секретарь, 89161234567']],
    ['89161234567,', ['89161234567']],
    ['112', ['112']],
    ['нет', []],
    ['', []],
  ])('%j', (cell, parts) => expect(splitPhones(cell)).toEqual(parts));

  it('loses no digit and keeps their order', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+ ,;/\n-') }), (cell) => {
      expect(splitPhones(cell).join('').replace(/\D/g, '')).toBe(cell.replace(/\D/g, ''));
    }));
  });
  it('finds every number of a list', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^\+79\d{9}$/), { minLength: 1, maxLength: 5 }), fc.constantFrom(',', ', ', ';', '\n', ' / '), (numbers, separator) => {
      expect(splitPhones(numbers.map((n) => `'${n}`).join(separator)).map((part) => normalizePhone(part).e164)).toEqual(numbers);
    }));
  });
});

describe('formatPhone', () => {
  it.each<[string, 'ru' | 'en', string]>([
    ['+79991234567', 'ru', '+7 999 123-45-67'],
    ['+79991234567', 'en', '+7 999 123 45 67'],
    ['+79991234567 #12', 'ru', '+7 999 123-45-67 #12'],
    ['+375291234567', 'ru', '+375 29 123-45-67'],
    ['+4930901820', 'ru', '+49 30 901 820'],
    ['123-45-67', 'ru', '123-45-67'],
    ['', 'ru', ''],
  ])('%s (%s)', (stored, language, shown) => expect(formatPhone(stored, language).replaceAll('\u202f', ' ')).toBe(shown));

  it('uses spaces that do not break', () => expect(formatPhone('+79991234567')).toBe('+7\u202f999\u202f123-45-67'));
  it('can be read back', () => {
    fc.assert(fc.property(fc.stringMatching(/^\+[1-9]\d{7,14}$/), fc.constantFrom('ru' as const, 'en' as const), (stored, language) => {
      expect(formatPhone(stored, language).replace(/[^\d+]/g, '')).toBe(stored);
    }));
  });
});

describe('phoneTails', () => {
  it('has every ending of 4 to 11 digits', () => {
    expect(phoneTails('79991234567')).toEqual(['79991234567', '9991234567', '991234567', '91234567', '1234567', '234567', '34567', '4567']);
    expect(phoneTails('123')).toEqual([]);
  });
  it('lets any inner run of four digits be found by a beginning', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{4,11}$/), fc.nat(10), (digits, from) => {
      const part = digits.slice(Math.min(from, digits.length - 4)).slice(0, 4);
      expect(phoneTails(digits).some((tail) => tail.startsWith(part))).toBe(true);
    }));
  });
});
