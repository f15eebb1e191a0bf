import i18next from 'i18next';

const NARROW = '\u202F';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const locale = (): string => (i18next.language === 'en' ? 'en-GB' : 'ru-RU');

/** A bare date stays the date that it is; a moment is shown in the time zone of the machine. */
export const asDate = (value: string): Date => (value.length === 10 ? new Date(`${value}T00:00:00`) : new Date(value));
export const hasTime = (value: string): boolean => value.length > 10;

export function formatDate(value: string | null | undefined): string {
  if (!value) return '';
  const date = asDate(value);
  const thisYear = date.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', ...(thisYear ? {} : { year: 'numeric' }) }).format(date);
}

export function formatTime(value: string): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' }).format(asDate(value));
}

export function formatMoment(value: string | null | undefined): string {
  if (!value) return '';
  return hasTime(value) ? `${formatDate(value)}, ${formatTime(value)}` : formatDate(value);
}

/** From one moment or day to another; the day is said once where it is the same. */
export function formatSpan(from: string, to: string): string {
  const sameDay = hasTime(from) && hasTime(to) && asDate(from).toDateString() === asDate(to).toDateString();
  return sameDay ? `${formatMoment(from)}–${formatTime(to)}` : from === to ? formatMoment(from) : `${formatMoment(from)} – ${formatMoment(to)}`;
}

/** Whole kopecks as money: 1 234,50 ₽. */
export function formatMoney(kopecks: number | null | undefined): string {
  return kopecks === null || kopecks === undefined ? '' : new Intl.NumberFormat(locale(), { style: 'currency', currency: 'RUB' }).format(kopecks / 100);
}

export const formatNumber = (value: number): string => new Intl.NumberFormat(locale()).format(value);

/** A Russian number as +7 999 123-45-67; everything else as it was typed. */
export function formatPhone(value: string | null | undefined): string {
  if (!value) return '';
  const digits = value.replace(/\D/g, '');
  const national = digits.length === 11 && /^[78]/.test(digits) ? digits.slice(1) : digits.length === 10 && digits.startsWith('9') ? digits : null;
  if (!national || /[a-zа-я,;#]/i.test(value)) return value;
  return `+7${NARROW}${national.slice(0, 3)}${NARROW}${national.slice(3, 6)}-${national.slice(6, 8)}-${national.slice(8)}`;
}

const startOf = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** How long ago or ahead, in the largest unit that says enough. */
export function formatRelative(value: string, now = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  const days = Math.round((startOf(asDate(value)) - startOf(new Date(now))) / DAY);
  if (!hasTime(value)) return Math.abs(days) < 30 ? format.format(days, 'day') : formatDate(value);
  const distance = asDate(value).getTime() - now;
  const size = Math.abs(distance);
  if (size < MINUTE) return format.format(0, 'minute');
  if (size < HOUR) return format.format(Math.round(distance / MINUTE), 'minute');
  if (size < DAY) return format.format(Math.round(distance / HOUR), 'hour');
  if (size < 30 * DAY) return format.format(days, 'day');
  return formatDate(value);
}

export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 ? i18next.t('app:units.hours', { count: hours }) : '', rest > 0 || hours === 0 ? i18next.t('app:units.minutes', { count: rest }) : ''].filter(Boolean).join(' ');
}

/** The date of a moment in the machine's zone, as YYYY-MM-DD. */
export function localDate(date: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
