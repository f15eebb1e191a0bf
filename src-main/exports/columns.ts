import { formatDay, formatMoment } from '../../src-shared/kernel/dates.ts';
import { translator } from '../../src-shared/kernel/translate.ts';

/** Columns of an exported row that say nothing outside this copy. */
const LEFT_OUT = new Set(['version']);
const MONEY = new Set(['amount']);
const DATE = /(?:_at|_date|_on|_until)$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What a spreadsheet may take for a formula, in any width of the sign; phones too, which it would reckon with. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

export const exportedColumns = (row: Record<string, unknown>): string[] => Object.keys(row).filter((column) => !LEFT_OUT.has(column));

/** Text as a cell: quoted where it must be, and kept from being run as a formula by an apostrophe. Only an export does this; the base keeps the text. */
function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[";\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Writes rows as lines of a CSV that a person opens in a spreadsheet: semicolons, moments on the wall clock of the zone, money in
 * roubles with the language's decimal sign. Columns keep the names of the doors.
 */
export function csvWriter(columns: readonly string[], zone: string, language: 'ru' | 'en'): { header: string; line(row: Record<string, unknown>): string } {
  const say = translator(language, 'exports');
  const words = { true: say('cells.yes'), false: say('cells.no') };
  const shown = (column: string, value: unknown): string => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'boolean') return words[`${value}`];
    if (typeof value === 'number') return MONEY.has(column) ? money(value, language) : String(value).replace('.', language === 'ru' ? ',' : '.');
    if (Array.isArray(value)) return cell(value.join(', '));
    const text = String(value);
    if (DATE.test(column) && MOMENT.test(text)) return formatMoment(text, zone, language);
    if (DATE.test(column) && DAY.test(text)) return formatDay(text, language);
    return cell(text);
  };
  return { header: `${columns.join(';')}\r\n`, line: (row) => `${columns.map((column) => shown(column, row[column])).join(';')}\r\n` };
}

/** Kopecks as roubles without signs or spaces, so that a spreadsheet can add them up. */
function money(kopecks: number, language: 'ru' | 'en'): string {
  const size = String(Math.abs(kopecks)).padStart(3, '0');
  return `${kopecks < 0 ? '-' : ''}${size.slice(0, -2)}${language === 'ru' ? ',' : '.'}${size.slice(-2)}`;
}
