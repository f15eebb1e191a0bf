import { readRule, WEEKDAYS, type Rule, type Weekday, type WeekdayInPeriod } from './recurrence-rule.ts';

/** A translator of the messages of tasks, in the manner of i18next: `count` chooses the plural. */
export type Translate = (key: string, params?: Record<string, string | number>) => string;

const WORKDAYS: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR'];
/** Russian ordinals agree with the weekday: понедельник is masculine, среда feminine, воскресенье neuter. */
const GENDERS: Record<Weekday, 'm' | 'f' | 'n'> = { MO: 'm', TU: 'm', WE: 'f', TH: 'm', FR: 'f', SA: 'f', SU: 'n' };
const PERIODS = { DAILY: 'daily', WEEKLY: 'weekly', MONTHLY: 'monthly', YEARLY: 'yearly' } as const;

const isWorkweek = (days: readonly WeekdayInPeriod[]): boolean => days.length === 5 && days.every(({ day, nth }) => nth === null && WORKDAYS.includes(day));
const inWeek = (days: readonly WeekdayInPeriod[]): WeekdayInPeriod[] => [...days].sort((a, b) => WEEKDAYS.indexOf(a.day) - WEEKDAYS.indexOf(b.day) || (a.nth ?? 0) - (b.nth ?? 0));
const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => (a < 0 ? 1 : 0) - (b < 0 ? 1 : 0) || a - b);

class Teller {
  private readonly rule: Rule;
  private readonly t: Translate;
  constructor(rule: Rule, t: Translate) {
    this.rule = rule;
    this.t = t;
  }

  private word(key: string, params?: Record<string, string | number>): string {
    return this.t(`recurrence.${key}`, params);
  }
  private list(words: readonly string[]): string {
    return words.join(', ');
  }

  period(): string {
    const { freq, interval, byDay } = this.rule;
    if ((freq === 'WEEKLY' || freq === 'DAILY') && interval === 1 && isWorkweek(byDay) && this.rule.bySetPos.length === 0) return this.word('workdays');
    return interval === 1 ? this.word(PERIODS[freq]) : this.word(`${PERIODS[freq]}_n`, { count: interval });
  }

  private position(nth: number, gender: 'm' | 'f' | 'n'): string {
    const known = (nth >= 1 && nth <= 5) || nth === -1 || nth === -2;
    return known ? this.word(`ordinal.${gender}.${nth}`) : this.word(nth > 0 ? 'ordinal_n' : 'ordinal_last_n', { nth: Math.abs(nth) });
  }

  private weekdays(): string {
    const { byDay, bySetPos, freq } = this.rule;
    if (byDay.length === 0) return '';
    const days = inWeek(byDay);
    if (bySetPos.length > 0) {
      const of = isWorkweek(days) ? this.word('workday') : days.length === 1 && days[0]?.nth === null ? this.word(`weekday_on.${days[0].day}`) : this.word('of_days', { days: this.list(days.map(({ day }) => this.word(`weekday.${day}`))) });
      const gender = days.length === 1 && days[0] ? GENDERS[days[0].day] : 'm';
      return this.list(ascending(bySetPos).map((nth) => `${this.position(nth, gender)} ${of}`));
    }
    if (isWorkweek(days)) return freq === 'WEEKLY' && this.rule.interval === 1 ? '' : this.word('on_workdays');
    const plain = days.filter(({ nth }) => nth === null);
    const numbered = days.filter(({ nth }) => nth !== null).map(({ day, nth }) => `${this.position(nth ?? 1, GENDERS[day])} ${this.word(`weekday_on.${day}`)}`);
    const every = plain.length > 0 ? [this.word('on_weekdays', { days: this.list(plain.map(({ day }) => this.word(`weekday.${day}`))) })] : [];
    return this.list([...every, ...numbered]);
  }

  private monthDays(): string {
    const days = ascending(this.rule.byMonthDay);
    if (days.length === 0) return '';
    const fromStart = days.filter((day) => day > 0);
    const fromEnd = days.filter((day) => day < 0).map((day) => (day === -1 ? this.word('last_day') : this.word('last_day_n', { nth: -day })));
    const numbers = fromStart.length === 0 ? [] : [this.word('month_days', { days: this.list(fromStart.map((day) => this.word('day_n', { nth: day }))) })];
    return this.list([...numbers, ...fromEnd]);
  }

  private months(placed: boolean): string {
    const { byMonth, freq } = this.rule;
    if (byMonth.length === 0) return '';
    const months = ascending(byMonth);
    if (freq === 'YEARLY' && placed) return this.list(months.map((month) => this.word(`month_of.${month}`)));
    return this.word('in_months', { months: this.list(months.map((month) => this.word(`month_in.${month}`))) });
  }

  /** «5 марта» once a year, but «5-го числа» of every month. */
  private yearlyDate(): string | null {
    const { freq, byMonth, byMonthDay, byDay, bySetPos } = this.rule;
    const [month] = byMonth;
    if (freq !== 'YEARLY' || month === undefined || byMonth.length > 1 || byMonthDay.length === 0 || byDay.length > 0 || bySetPos.length > 0 || byMonthDay.some((day) => day < 0)) return null;
    return this.word('year_date', { days: this.list(ascending(byMonthDay).map(String)), month_of: this.word(`month_of.${month}`), month_in: this.word(`month_in.${month}`) });
  }

  when(): string {
    const date = this.yearlyDate();
    if (date !== null) return date;
    const days = [this.monthDays(), this.weekdays()].filter((part) => part !== '').join(', ');
    const placed = this.rule.byMonthDay.length > 0 || this.rule.byDay.some(({ nth }) => nth !== null) || (this.rule.byDay.length > 0 && this.rule.bySetPos.length > 0);
    return [days, this.months(placed)].filter((part) => part !== '').join(' ');
  }

  end(language: 'ru' | 'en', zone: string): string {
    const { count, until } = this.rule;
    if (count !== null) return this.word('times', { count });
    if (until === null) return '';
    const [, year, month, day, time, instant] = /^(\d{4})(\d{2})(\d{2})(T\d{6})?(Z)?$/.exec(until) ?? [];
    const moment = time && instant ? new Date(`${year}-${month}-${day}T${time.slice(1, 3)}:${time.slice(3, 5)}:${time.slice(5)}Z`) : new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: time && instant ? zone : 'UTC' }).format(moment);
    return this.word('until', { date });
  }
}

/**
 * Says a rule in plain words: `каждую неделю по пн, ср`, `every 2 weeks on Mon, Wed, 5 times`. `t` knows the messages of tasks
 * under `recurrence.`; `zone` is where an UNTIL instant is read. An unreadable rule is answered as it stands.
 */
export function describeRule(rrule: string, language: 'ru' | 'en', t: Translate, zone = 'UTC'): string {
  const verdict = readRule(rrule);
  if (!verdict.ok) return rrule;
  const teller = new Teller(verdict.rule, t);
  const sentence = [teller.period(), teller.when()].filter((part) => part !== '').join(' ');
  return [sentence, teller.end(language, zone)].filter((part) => part !== '').join(', ');
}
