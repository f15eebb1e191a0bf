import { parseTimestamp } from '../../kernel/dates.ts';
import { canonicalPhone, normalizePhone, splitPhones } from '../../kernel/phone.ts';
import { checkInn, checkKpp, checkOgrn, padInn } from '../../kernel/tax-ids.ts';
import { cleanCell } from './cells.ts';
import type { ColumnField, HeaderPlan, PlannedColumn } from './headers.ts';

/** Something that a person should look at; the row is taken all the same. `why` is a message key below `errors.`. */
export interface ImportWarning {
  field: string;
  why: string;
  params?: Record<string, string | number>;
}

/** Longest values of the fields, in characters. */
export const LIMITS: Record<string, number> = { name: 300, full_name: 300, legal_name: 500, address: 500, phone: 100, email: 200, website: 300, position: 200, comment: 20_000 };
const EMAIL = /[^\s,;<>"'()]+@[^\s,;<>"'()]+\.[^\s,;<>"'()]+/g;

export interface Cell {
  column: PlannedColumn;
  text: string;
}

const NONE: readonly Cell[] = [];

/** The cells of one row while they are sorted out. */
export class RowReader {
  readonly warnings: ImportWarning[] = [];
  readonly raw: Record<string, string> = {};
  private readonly taken = new Map<ColumnField, Cell[]>();
  private readonly remarks: Cell[] = [];

  constructor(plan: HeaderPlan, cells: readonly string[]) {
    for (const column of plan.columns) {
      const cell = cells[column.index] ?? '';
      if (cell === '') continue;
      this.raw[column.key] = cell;
      const text = cleanCell(cell);
      if (text === '' || column.status === 'ignored') continue;
      const known = column.field ? this.taken.get(column.field) : this.remarks;
      if (known) known.push({ column, text });
      else if (column.field) this.taken.set(column.field, [{ column, text }]);
    }
  }

  all(field: ColumnField): readonly Cell[] {
    return this.taken.get(field) ?? NONE;
  }
  first(field: ColumnField): string | null {
    return this.all(field)[0]?.text ?? null;
  }
  warn(field: string, why: string, params?: Record<string, string | number>): void {
    this.warnings.push(params ? { field, why, params } : { field, why });
  }
  /** A value that has no field of its own is kept in words. */
  remark(cell: Cell, text = cell.text): void {
    this.remarks.push({ ...cell, text });
  }

  comment(owns: (cell: Cell) => boolean): string | null {
    const own = this.all('comment').filter(owns).map((cell) => cell.text);
    const lines = this.remarks.filter(owns).map((cell) => `${cell.column.header.replace(/\s*\((?:контакт|компания)\)$/i, '')}: ${cell.text}`);
    return this.fit('comment', [...own, ...new Set(lines)].join('\n'));
  }

  /** Cuts what is longer than its field, and says so. */
  fit(field: string, text: string | null): string | null {
    const max = LIMITS[field] ?? 300;
    if (!text) return null;
    if (text.length <= max) return text;
    this.warn(field, 'import_cut', { max });
    return text.slice(0, max).toWellFormed();
  }
}

export function readPhones(reader: RowReader, cells: readonly Cell[]): string[] {
  const phones = new Map<string, string>();
  for (const cell of cells) {
    const parts = splitPhones(cell.text);
    if (parts.length === 0) reader.remark(cell);
    for (const part of parts) {
      const phone = normalizePhone(part);
      if (!phone.e164) reader.warn('phone', 'import_phone_unclear', { value: part });
      const key = (phone.match_key || part) + (phone.extension ?? '');
      if (!phones.has(key)) phones.set(key, canonicalPhone(part).slice(0, LIMITS['phone']));
    }
  }
  return [...phones.values()];
}

/** The first address; further ones go to the comment, with the column's name. */
export function readEmail(reader: RowReader, cells: readonly Cell[]): string | null {
  const found: string[] = [];
  for (const cell of cells) {
    const emails = cell.text.match(EMAIL) ?? [];
    if (emails.length === 0) {
      reader.warn('email', 'import_email_unclear', { value: cell.text.slice(0, 100) });
      reader.remark(cell);
    }
    for (const email of emails) {
      if (found.some((known) => known.toLowerCase() === email.toLowerCase())) continue;
      if (found.push(email) > 1) reader.remark(cell, email);
    }
  }
  return reader.fit('email', found[0] ?? null);
}

/** The first value of a field; different ones of a title that occurs twice go to the comment. */
export function readSingle(reader: RowReader, field: ColumnField, cells: readonly Cell[]): string | null {
  for (const cell of cells.slice(1)) if (cell.text !== cells[0]?.text) reader.remark(cell);
  return reader.fit(field, cells[0]?.text ?? null);
}

/** Numbers of the tax service: wrong ones are kept and reported, what is no number at all goes to the comment. */
export function readTaxIds(reader: RowReader): { inn: string | null; kpp: string | null; ogrn: string | null } {
  const innCell = readSingle(reader, 'inn', reader.all('inn')) ?? '';
  const pair = /^(\d{9,12})\s*[/\\]\s*(\d{8,9})$/.exec(innCell);
  const innText = pair?.[1] ?? innCell;
  const kppText = readSingle(reader, 'kpp', reader.all('kpp')) ?? pair?.[2] ?? '';
  const ogrnText = readSingle(reader, 'ogrn', reader.all('ogrn')) ?? '';
  const keep = (field: 'inn' | 'kpp' | 'ogrn', check: { ok: boolean; value: string; why?: string }): string | null => {
    if (check.ok) return check.value;
    reader.warn(field, check.why ?? field, { value: check.value });
    if (/^(?=(?:\D*\d){5})[\dA-Z]{5,20}$/.test(check.value)) return check.value;
    for (const cell of reader.all(field).slice(0, 1)) reader.remark(cell);
    return null;
  };
  const inn = padInn(innText);
  if (inn !== innText && /^\d{9}$|^\d{11}$/.test(innText)) reader.warn('inn', 'import_inn_padded', { value: inn });
  return {
    inn: innText ? keep('inn', checkInn(inn)) : null,
    kpp: kppText ? keep('kpp', checkKpp(/^\d{8}$/.test(kppText) ? `0${kppText}` : kppText)) : null,
    ogrn: ogrnText ? keep('ogrn', checkOgrn(ogrnText)) : null,
  };
}

export function readMoment(reader: RowReader, field: 'created_at' | 'updated_at', zone: string): string | null {
  const text = reader.first(field);
  if (text === null) return null;
  const moment = parseTimestamp(text, zone);
  if (!moment) reader.warn(field, 'import_date_unclear', { value: text.slice(0, 50) });
  return moment;
}
