import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInn, checkKpp, checkOgrn, padInn } from '../../src-shared/kernel/tax-ids.ts';

describe('checkInn', () => {
  it.each([
    ['7707083893', 'organization'],
    ['7736050003', 'organization'],
    ['7728168971', 'organization'],
    ['500100732259', 'person'],
    ["'7707083893", 'organization'],
    ['ИНН 7707 083 893', 'organization'],
  ])('takes %s', (raw, kind) => expect(checkInn(raw)).toMatchObject({ ok: true, kind, value: expect.stringMatching(/^\d+$/) }));

  it.each([
    ['7707083894', 'inn_checksum'],
    ['500100732258', 'inn_checksum'],
    ['0000000000', 'inn_zeros'],
    ['000000000000', 'inn_zeros'],
    ['770708389', 'inn_length'],
    ['77070838930', 'inn_length'],
    ['', 'inn_characters'],
    ['77O7083893', 'inn_characters'],
  ])('refuses %s: %s', (raw, why) => expect(checkInn(raw)).toMatchObject({ ok: false, why }));

  it('notices single wrong digits', () => {
    let unseen = 0;
    for (const inn of ['7707083893', '7736050003', '500100732259']) {
      for (let i = 0; i < inn.length; i++) {
        for (let shift = 1; shift < 10; shift++) if (checkInn(inn.slice(0, i) + String((Number(inn[i]) + shift) % 10) + inn.slice(i + 1)).ok) unseen++;
      }
    }
    // Of 288 slips; remainders 10 and 0 share a control digit, so a few cannot be seen.
    expect(unseen).toBeLessThan(10);
  });
  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (raw) => typeof checkInn(raw).ok === 'boolean'));
  });
});

describe('padInn', () => {
  it('returns the zero that a spreadsheet took', () => {
    expect(checkInn('0274062111')).toMatchObject({ ok: true });
    expect(padInn('274062111')).toBe('0274062111');
    expect(padInn('7707083893')).toBe('7707083893');
    expect(padInn('123456789')).toBe('123456789');
    expect(padInn('')).toBe('');
  });
});

describe('checkKpp', () => {
  it.each([['770701001', '770701001'], ['7707ab001', '7707AB001'], ['7707АВ001', '7707AB001'], ['КПП: 7707 01001', '770701001']])('takes %s', (raw, value) => expect(checkKpp(raw)).toMatchObject({ ok: true, value }));
  it.each(['77070100', '7707010011', '7707.1001', '000000000', '77A701001', ''])('refuses %s', (raw) => expect(checkKpp(raw)).toMatchObject({ ok: false, why: 'kpp_format' }));
});

describe('checkOgrn', () => {
  it.each([['1027700132195', 'organization'], ['1027739609391', 'organization'], ['304500116000157', 'person']])('takes %s', (raw, kind) => expect(checkOgrn(raw)).toMatchObject({ ok: true, kind }));
  it.each([['1027700132196', 'ogrn_checksum'], ['304500116000158', 'ogrn_checksum'], ['10277001321', 'ogrn_length'], ['0000000000000', 'ogrn_zeros'], ['', 'ogrn_characters'], ['10277x0132195', 'ogrn_characters']])('refuses %s: %s', (raw, why) => expect(checkOgrn(raw)).toMatchObject({ ok: false, why }));
  it('has exactly one fitting control digit', () => {
    fc.assert(fc.property(fc.oneof(fc.stringMatching(/^[1-9]\d{11}$/), fc.stringMatching(/^3\d{13}$/)), (body) => {
      expect([...'0123456789'].filter((digit) => checkOgrn(body + digit).ok)).toHaveLength(1);
    }));
  });
});
