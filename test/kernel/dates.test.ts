import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, parseDay, parseTimestamp } from '../../src-shared/kernel/dates.ts';

describe('parseTimestamp', () => {
  it.each<[string, string, string | null]>([
    ['05.03.2024 14:07:59', 'Europe/Moscow', '2024-03-05T11:07:59.000Z'],
    ['05.03.2024 14:07', 'Asia/Yekaterinburg', '2024-03-05T09:07:00.000Z'],
    ['05.03.2024', 'Europe/Moscow', '2024-03-04T21:00:00.000Z'],
    ['5.3.2024 9:07', 'UTC', '2024-03-05T09:07:00.000Z'],
    ["'05.03.2024 14:07", 'UTC', '2024-03-05T14:07:00.000Z'],
    // Moscow was at +4 the whole year round until the autumn of 2014.
    ['01.07.2013 12:00', 'Europe/Moscow', '2013-07-01T08:00:00.000Z'],
    ['31.03.2024 02:30', 'Europe/Berlin', '2024-03-31T01:30:00.000Z'],
    ['27.10.2024 02:30', 'Europe/Berlin', '2024-10-27T00:30:00.000Z'],
    ['2024-03-05T14:07:59Z', 'Europe/Moscow', '2024-03-05T14:07:59.000Z'],
    ['2024-03-05T14:07:59.123+03:00', 'UTC', '2024-03-05T11:07:59.123Z'],
    ['2024-03-05 14:07:59+0300', 'UTC', '2024-03-05T11:07:59.000Z'],
    ['2024-03-05 14:07', 'Europe/Moscow', '2024-03-05T11:07:00.000Z'],
    ['2024-03-05', 'UTC', '2024-03-05T00:00:00.000Z'],
    ['29.02.2024', 'UTC', '2024-02-29T00:00:00.000Z'],
    ['29.02.2023', 'UTC', null],
    ['31.04.2024', 'UTC', null],
    ['05.13.2024', 'UTC', null],
    ['05.03.2024 24:00', 'UTC', null],
    ['05.03.24', 'UTC', null],
    ['2024-03-05T99:00:00Z', 'UTC', null],
    ['', 'UTC', null],
    ['не закрыта', 'UTC', null],
  ])('%s in %s → %s', (text, zone, iso) => expect(parseTimestamp(text, zone)).toBe(iso));

  it('agrees with the clock of the zone', () => {
    const moments = fc.date({ min: new Date('1995-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(fc.property(moments, fc.constantFrom('Europe/Moscow', 'Asia/Vladivostok', 'Asia/Almaty', 'UTC'), (moment, zone) => {
      const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).formatToParts(moment).map((part) => [part.type, part.value]));
      const text = `${parts['day']}.${parts['month']}.${parts['year']} ${parts['hour']}:${parts['minute']}:${parts['second']}`;
      const read = Date.parse(parseTimestamp(text, zone) ?? '');
      const exact = Math.floor(moment.getTime() / 1000) * 1000;
      // A wall time that happened twice is read as the earlier one.
      expect([0, 3_600_000, 1_800_000, 7_200_000]).toContain(exact - read);
    }));
  });
  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.-: TZ+') }), (text) => {
      const iso = parseTimestamp(text, 'Europe/Moscow');
      return iso === null || !Number.isNaN(Date.parse(iso));
    }));
  });
});

describe('parseDay', () => {
  it.each([['05.03.2024', '2024-03-05'], ['5.3.2024 10:00', '2024-03-05'], ['2024-03-05', '2024-03-05'], ['30.02.2024', null], ['', null]])('%s → %s', (text, day) => expect(parseDay(text)).toBe(day));
});

describe('isTimeZone', () => {
  it.each([['Europe/Moscow', true], ['UTC', true], ['Europe/Nowhere', false], ['', false]])('%s: %s', (zone, known) => expect(isTimeZone(zone)).toBe(known));
});
