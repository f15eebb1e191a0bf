import fc from 'fast-check';
import i18next, { type i18n } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import en from '../../src-shared/tasks/messages.en.json' with { type: 'json' };
import ru from '../../src-shared/tasks/messages.ru.json' with { type: 'json' };
import { continueFrom, describeRule, nextOccurrences, parseRule, truncateBefore, type Translate } from '../../src-shared/tasks/recurrence.ts';
import { readRule, writeRule } from '../../src-shared/tasks/recurrence-rule.ts';

const MOSCOW = 'Europe/Moscow';

describe('parseRule', () => {
  it.each([
    'FREQ=DAILY', 'RRULE:FREQ=WEEKLY;BYDAY=MO,WE', 'freq=monthly;bymonthday=31', 'FREQ=MONTHLY;BYDAY=1MO,-1FR', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=WEEKLY;INTERVAL=2;COUNT=10;WKST=SU', 'FREQ=DAILY;UNTIL=20301231', 'FREQ=DAILY;UNTIL=20301231T205959Z', 'FREQ=YEARLY', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', 'FREQ=DAILY;', 'FREQ=YEARLY;BYMONTH=3;BYDAY=2TU', 'FREQ=DAILY;INTERVAL=999',
  ])('takes %s', (rrule) => expect(parseRule(rrule)).toMatchObject({ ok: true }));

  it.each<[string, string, string | undefined]>([
    ['', 'rrule_empty', undefined],
    ['каждый день', 'rrule_part', 'КАЖДЫЙДЕНЬ'],
    ['BYDAY=MO', 'rrule_freq', undefined],
    ['FREQ=HOURLY', 'rrule_freq', undefined],
    ['FREQ=DAILY;BYHOUR=9', 'rrule_part', 'BYHOUR'],
    ['FREQ=DAILY;DTSTART=20260101', 'rrule_part', 'DTSTART'],
    ['FREQ=DAILY;FREQ=DAILY', 'rrule_twice', 'FREQ'],
    ['FREQ=DAILY;INTERVAL=0', 'rrule_value', 'INTERVAL'],
    ['FREQ=DAILY;INTERVAL=', 'rrule_value', 'INTERVAL'],
    ['FREQ=DAILY;COUNT=100000', 'rrule_value', 'COUNT'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20300101', 'rrule_count_until', undefined],
    ['FREQ=DAILY;UNTIL=20300231', 'rrule_value', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=завтра', 'rrule_value', 'UNTIL'],
    ['FREQ=WEEKLY;BYDAY=XX', 'rrule_value', 'BYDAY'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'rrule_value', 'BYDAY'],
    ['FREQ=MONTHLY;BYDAY=6MO', 'rrule_value', 'BYDAY'],
    ['FREQ=WEEKLY;BYMONTHDAY=5', 'rrule_value', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'rrule_value', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'rrule_position', undefined],
    ['FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31', 'rrule_never', undefined],
    ['FREQ=YEARLY;BYMONTH=4,6;BYMONTHDAY=31', 'rrule_never', undefined],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'rrule_never', undefined],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6', 'rrule_never', undefined],
  ])('refuses %s: %s', (rrule, why, part) => expect(parseRule(rrule)).toEqual(part ? { ok: false, why, params: { part } } : { ok: false, why }));

  const faults = ['rrule_empty', 'rrule_part', 'rrule_twice', 'rrule_freq', 'rrule_value', 'rrule_count_until', 'rrule_position', 'rrule_never'];
  it('has a sentence for every refusal', () => {
    expect(Object.keys(ru.errors)).toEqual(expect.arrayContaining(faults));
    expect(Object.keys(en.errors).sort()).toEqual(Object.keys(ru.errors).sort());
  });
});

const rules = fc
  .record({
    freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.integer({ min: 1, max: 5 }),
    end: fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 30 }).map((count) => `;COUNT=${count}`), fc.constantFrom(';UNTIL=20270301', ';UNTIL=20270301T093000Z')),
    by: fc.constantFrom('', ';BYDAY=MO,WE', ';BYDAY=SU', ';BYMONTH=2,3', ';BYMONTHDAY=15', ';BYMONTHDAY=31', ';BYMONTHDAY=-1', ';BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', ';BYDAY=1MO', ';BYDAY=-1FR,2TU'),
  })
  .map(({ freq, interval, end, by }) => `FREQ=${freq};INTERVAL=${interval}${by}${end}`)
  .filter((rrule) => readRule(rrule).ok);
const starts = fc.oneof(
  fc.integer({ min: 0, max: 800 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)),
  fc.integer({ min: 0, max: 800 * 24 }).map((hour) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()),
);
const zones = fc.constantFrom(MOSCOW, 'Europe/Berlin', 'America/New_York', 'UTC');

describe('nextOccurrences', () => {
  it.each<[string, string, string, number, string | undefined, string[]]>([
    ['FREQ=DAILY', '2026-11-20', MOSCOW, 3, undefined, ['2026-11-20', '2026-11-21', '2026-11-22']],
    ['FREQ=WEEKLY;BYDAY=MO,WE', '2026-11-16', MOSCOW, 4, undefined, ['2026-11-16', '2026-11-18', '2026-11-23', '2026-11-25']],
    // The first date stays the first even where it breaks the rule.
    ['FREQ=WEEKLY;BYDAY=MO', '2026-11-20', MOSCOW, 3, undefined, ['2026-11-20', '2026-11-23', '2026-11-30']],
    ['FREQ=WEEKLY;BYDAY=MO;COUNT=3', '2026-11-20', MOSCOW, 9, undefined, ['2026-11-20', '2026-11-23', '2026-11-30']],
    ['FREQ=WEEKLY;COUNT=3', '2026-11-20', MOSCOW, 9, '2026-11-20', ['2026-11-27', '2026-12-04']],
    ['FREQ=DAILY;UNTIL=20261122', '2026-11-20', MOSCOW, 9, undefined, ['2026-11-20', '2026-11-21', '2026-11-22']],
    ['FREQ=MONTHLY;BYMONTHDAY=31', '2026-01-31', MOSCOW, 4, undefined, ['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31', MOSCOW, 3, undefined, ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '2026-01-30', MOSCOW, 3, undefined, ['2026-01-30', '2026-02-27', '2026-03-31']],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2028-02-29', MOSCOW, 2, undefined, ['2028-02-29', '2032-02-29']],
    ['FREQ=DAILY', '2000-01-01', MOSCOW, 2, '2026-11-20', ['2026-11-21', '2026-11-22']],
    ['FREQ=DAILY', '2026-11-20', MOSCOW, 2, '2020-01-01', ['2026-11-20', '2026-11-21']],
    // An evening in Moscow is the same day there, whatever UTC says.
    ['FREQ=DAILY', '2026-11-20', MOSCOW, 1, '2026-11-20T22:00:00.000Z', ['2026-11-22']],
    ['FREQ=WEEKLY', '2026-03-20T08:00:00.000Z', 'Europe/Berlin', 3, undefined, ['2026-03-20T08:00:00.000Z', '2026-03-27T08:00:00.000Z', '2026-04-03T07:00:00.000Z']],
    // 02:30 does not exist on the 29th: the task is not lost, it moves by the hour that is missing.
    ['FREQ=DAILY', '2026-03-28T01:30:00.000Z', 'Europe/Berlin', 3, undefined, ['2026-03-28T01:30:00.000Z', '2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z']],
    ['FREQ=DAILY;UNTIL=20261121T060000Z', '2026-11-20T06:00:00.000Z', MOSCOW, 9, undefined, ['2026-11-20T06:00:00.000Z', '2026-11-21T06:00:00.000Z']],
    ['FREQ=DAILY;UNTIL=20261121', '2026-11-20T20:00:00.000Z', MOSCOW, 9, undefined, ['2026-11-20T20:00:00.000Z', '2026-11-21T20:00:00.000Z']],
    ['FREQ=DAILY;UNTIL=20261119', '2026-11-20', MOSCOW, 9, undefined, []],
    ['FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31', '2026-11-20', MOSCOW, 5, undefined, ['2026-11-20']],
    ['FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29', '2025-02-28', MOSCOW, 5, undefined, ['2025-02-28']],
    ['не правило', '2026-11-20', MOSCOW, 5, undefined, []],
    ['FREQ=DAILY', '2026-11-20', MOSCOW, 0, undefined, []],
  ])('%s from %s in %s, %i after %s', (rrule, start, zone, count, after, expected) => expect(nextOccurrences(rrule, start, zone, count, after)).toEqual(expected));

  it('rises, begins with the start, keeps to COUNT, and can be continued after any of its dates', () => {
    fc.assert(fc.property(rules, starts, zones, (rrule, start, zone) => {
      const all = nextOccurrences(rrule, start, zone, 12);
      const verdict = readRule(rrule);
      if (all.length === 0) {
        expect(rrule).toContain('UNTIL');
        return;
      }
      expect(all[0]).toBe(start);
      expect([...new Set(all)].sort()).toEqual(all);
      if (verdict.ok && verdict.rule.count !== null) expect(all.length).toBeLessThanOrEqual(verdict.rule.count);
      const middle = Math.floor(all.length / 2);
      expect(nextOccurrences(rrule, start, zone, all.length - middle - 1, all[middle])).toEqual(all.slice(middle + 1));
    }));
  });
  it('does not hang on rules that hardly ever occur', () => {
    const odd = fc.record({ freq: fc.constantFrom('DAILY', 'MONTHLY', 'YEARLY'), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 28, max: 31 }), interval: fc.integer({ min: 1, max: 999 }), position: fc.integer({ min: 1, max: 5 }) });
    fc.assert(fc.property(odd, ({ freq, month, day, interval, position }) => {
      const found = nextOccurrences(`FREQ=${freq};INTERVAL=${interval};BYMONTH=${month};BYMONTHDAY=${day};BYDAY=MO;BYSETPOS=${position}`, '2026-11-20', MOSCOW, 12);
      expect(found[0]).toBe('2026-11-20');
    }), { numRuns: 30 });
  });
  it('refuses an unknown zone', () => expect(() => nextOccurrences('FREQ=DAILY', '2026-11-20T00:00:00Z', 'Moon/Sea', 1)).toThrow(RangeError));
});

describe('truncateBefore and continueFrom', () => {
  it.each([
    ['FREQ=WEEKLY;BYDAY=MO', '2026-11-23', 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20261122'],
    ['FREQ=DAILY;COUNT=10', '2026-11-23T06:00:00.000Z', 'FREQ=DAILY;UNTIL=20261123T055959Z'],
    ['FREQ=DAILY;UNTIL=20260101', '2026-11-23', 'FREQ=DAILY;UNTIL=20260101'],
    ['FREQ=DAILY;UNTIL=20270101', '2026-11-23', 'FREQ=DAILY;UNTIL=20261122'],
    ['не правило', '2026-11-23', 'не правило'],
  ])('%s before %s → %s', (rrule, date, truncated) => expect(truncateBefore(rrule, date)).toBe(truncated));

  it('cut a series in two without losing or doubling a date', () => {
    // A rule without days takes them from its first date, and the days of a period begin with it: those are not cut here.
    const fixed = rules.filter((rrule) => rrule.includes('INTERVAL=1') && (/BYDAY|BYMONTHDAY/.test(rrule) || rrule.includes('DAILY')) && !rrule.includes('YEARLY'));
    fc.assert(fc.property(fixed, starts, zones, fc.nat(11), (rrule, start, zone, at) => {
      const all = nextOccurrences(rrule, start, zone, 12);
      const date = all[at];
      fc.pre(date !== undefined && at > 0);
      const head = nextOccurrences(truncateBefore(rrule, date), start, zone, 12);
      const tail = nextOccurrences(continueFrom(rrule, start, zone, date), date, zone, 12 - at);
      expect([...head, ...tail]).toEqual(all);
    }));
  });
});

describe('describeRule', () => {
  const instances: Record<'ru' | 'en', i18n> = { ru: i18next.createInstance(), en: i18next.createInstance() };
  beforeAll(async () => {
    for (const lng of ['ru', 'en'] as const) await instances[lng].init({ lng, resources: { [lng]: { tasks: { ru, en }[lng] } }, ns: 'tasks', defaultNS: 'tasks', interpolation: { escapeValue: false }, saveMissing: true, missingKeyHandler: (_, __, key) => missing.add(key) });
  });
  const missing = new Set<string>();
  const tell = (rrule: string, language: 'ru' | 'en', zone?: string): string => {
    const t: Translate = (key, params) => instances[language].t(key, params ?? {});
    return describeRule(rrule, language, t, zone);
  };

  it.each([
    ['FREQ=DAILY', 'каждый день', 'every day'],
    ['FREQ=DAILY;INTERVAL=3', 'каждые 3 дня', 'every 3 days'],
    ['FREQ=DAILY;INTERVAL=21', 'каждый 21-й день', 'every 21 days'],
    ['FREQ=WEEKLY;BYDAY=WE,MO', 'каждую неделю по пн, ср', 'every week on Mon, Wed'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;COUNT=5', 'каждые 2 недели по пт, 5 раз', 'every 2 weeks on Fri, 5 times'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'по рабочим дням', 'on working days'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR', 'каждые 2 недели по рабочим дням', 'every 2 weeks on working days'],
    ['FREQ=MONTHLY', 'каждый месяц', 'every month'],
    ['FREQ=MONTHLY;INTERVAL=6', 'каждые 6 месяцев', 'every 6 months'],
    ['FREQ=MONTHLY;BYMONTHDAY=15', 'каждый месяц 15-го числа', 'every month on day 15'],
    ['FREQ=MONTHLY;BYMONTHDAY=15,1', 'каждый месяц 1-го, 15-го числа', 'every month on day 1, 15'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'каждый месяц в последний день', 'every month on the last day'],
    ['FREQ=MONTHLY;BYDAY=1MO', 'каждый месяц в первый понедельник', 'every month on the first Monday'],
    ['FREQ=MONTHLY;BYDAY=2WE', 'каждый месяц во вторую среду', 'every month on the second Wednesday'],
    ['FREQ=MONTHLY;BYDAY=-1SU', 'каждый месяц в последнее воскресенье', 'every month on the last Sunday'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'каждый месяц в последний рабочий день', 'every month on the last working day'],
    ['FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2', 'каждый месяц во второй вторник', 'every month on the second Tuesday'],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', 'каждый месяц 13-го числа, по пт', 'every month on day 13, on Fri'],
    ['FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5', 'каждый год 5 марта', 'every year on March 5'],
    ['FREQ=YEARLY;BYMONTH=9;BYDAY=1MO', 'каждый год в первый понедельник сентября', 'every year on the first Monday of September'],
    ['FREQ=DAILY;BYMONTH=7,8', 'каждый день в июле, августе', 'every day in July, August'],
    ['FREQ=DAILY;COUNT=1', 'каждый день, 1 раз', 'every day, 1 time'],
    ['FREQ=DAILY;COUNT=22', 'каждый день, 22 раза', 'every day, 22 times'],
    ['FREQ=DAILY;UNTIL=20261231', 'каждый день, до 31 декабря 2026 г.', 'every day, until December 31, 2026'],
    ['что-то своё', 'что-то своё', 'что-то своё'],
  ])('%s: %s', (rrule, russian, english) => {
    expect(tell(rrule, 'ru')).toBe(russian);
    expect(tell(rrule, 'en')).toBe(english);
  });
  it('reads an UNTIL instant in the zone', () => {
    expect(tell('FREQ=DAILY;UNTIL=20261231T210000Z', 'ru', MOSCOW)).toBe('каждый день, до 1 января 2027 г.');
    expect(tell('FREQ=DAILY;UNTIL=20261231T210000Z', 'ru')).toBe('каждый день, до 31 декабря 2026 г.');
  });
  it('has words for every rule in both languages', () => {
    fc.assert(fc.property(rules, fc.constantFrom('ru' as const, 'en' as const), (rrule, language) => {
      const words = tell(rrule, language);
      expect(words).not.toMatch(/recurrence\.|\{\{|undefined/);
    }));
    expect([...missing]).toEqual([]);
  });
  it('has the same messages in both languages', () => {
    const keys = (tree: object, path = ''): string[] => Object.entries(tree).flatMap(([key, value]) => (typeof value === 'object' && value !== null ? keys(value, `${path}${key}.`) : [`${path}${key}`]));
    expect(keys(ru)).toEqual(keys(en));
  });
});

describe('writeRule', () => {
  it('is a fixed point and keeps the dates', () => {
    fc.assert(fc.property(rules, starts, (rrule, start) => {
      const verdict = readRule(rrule);
      if (!verdict.ok) return;
      const written = writeRule(verdict.rule);
      expect(readRule(written)).toEqual(verdict);
      expect(nextOccurrences(written, start, MOSCOW, 5)).toEqual(nextOccurrences(rrule, start, MOSCOW, 5));
    }));
  });
});
