import { splitList } from './cells.ts';
import { LEGAL_FIELDS } from './glance.ts';
import type { ColumnField, HeaderPlan } from './headers.ts';
import { LIMITS, readEmail, readMoment, readPhones, readSingle, readTaxIds, RowReader, type Cell, type ImportWarning } from './row-reader.ts';

export interface ImportedCompany {
  name: string;
  inn: string | null;
  kpp: string | null;
  ogrn: string | null;
  legal_name: string | null;
  address: string | null;
  phone: string | null;
  email: string | null;
  website: string | null;
  activity_fields: string[];
  comment: string | null;
}

export interface ImportedContact {
  full_name: string;
  position: string | null;
  phone: string | null;
  /** The numbers besides `phone`. */
  phones: string[];
  email: string | null;
  comment: string | null;
}

interface RowHead {
  /** The ID of the source, unique together with `kind`. */
  source_id: string | null;
  source_created_at: string | null;
  source_updated_at: string | null;
  responsible: string | null;
  tags: string[];
  notes: string[];
  /** Non-empty cells as they stood in the file, by header. */
  raw: Record<string, string>;
  warnings: ImportWarning[];
}
/** What a row of the file says. A contact's company is known by its name only (`company_name`), unless the row describes it too. */
export type MappedRow =
  | (RowHead & { kind: 'company'; company: ImportedCompany; contact?: undefined; company_name: null })
  | (RowHead & { kind: 'contact'; contact: ImportedContact; company?: undefined; company_name: string | null })
  | (RowHead & { kind: 'both'; company: ImportedCompany; contact: ImportedContact; company_name: string })
  | (RowHead & { kind: 'none'; why: 'import_row_empty' | 'import_row_deal' });

type Side = 'company' | 'contact';
function remarkAll(reader: RowReader, fields: readonly ColumnField[]): void {
  for (const field of fields) for (const cell of reader.all(field)) reader.remark(cell);
}

/** `alone`: the row has no contact, and what would be a contact's belongs to the company too. */
function readCompany(reader: RowReader, alone: boolean, owns: (cell: Cell) => boolean): ImportedCompany | null {
  const ids = readTaxIds(reader);
  const phones = readPhones(reader, reader.all('phone').filter(owns));
  for (const phone of phones.slice(1)) {
    const column = reader.all('phone').find(owns)?.column;
    if (column) reader.remark({ column, text: phone });
  }
  const email = readEmail(reader, reader.all('email').filter(owns));
  const legal = readSingle(reader, 'legal_name', reader.all('legal_name'));
  let name = readSingle(reader, 'name', alone && reader.first('name') === null ? reader.all('full_name').slice(0, 1) : reader.all('name'));
  if (alone) {
    remarkNames(reader, name ?? '');
    remarkAll(reader, ['position']);
  }
  if (!name) {
    name = legal ?? ids.inn ?? phones[0] ?? email;
    if (!name) return null;
    reader.warn('name', 'import_name_guessed', { value: name });
  }
  return {
    name: name.slice(0, LIMITS['name']),
    ...ids,
    legal_name: legal,
    address: readSingle(reader, 'address', reader.all('address').filter(owns)),
    phone: phones[0] ?? null,
    email,
    website: readSingle(reader, 'website', reader.all('website').filter(owns)),
    activity_fields: [...new Set(reader.all('activity_fields').flatMap((cell) => splitList(cell.text, /[,;\n]/)))].map((value) => value.slice(0, 100)).slice(0, 100),
    comment: reader.comment(owns),
  };
}

function personName(reader: RowReader): string | null {
  const parts = [reader.first('last_name'), reader.first('first_name'), reader.first('middle_name')].filter((part) => part !== null);
  return reader.first('full_name') ?? (parts.length > 0 ? parts.join(' ') : null);
}

/** Surname and name that the full name does not hold, are not dropped. */
function remarkNames(reader: RowReader, fullName: string): void {
  for (const field of ['full_name', 'last_name', 'first_name', 'middle_name'] as const) {
    for (const cell of reader.all(field)) if (!fullName.includes(cell.text)) reader.remark(cell);
  }
}

function readContact(reader: RowReader, owns: (cell: Cell) => boolean): ImportedContact | null {
  const [phone = null, ...phones] = readPhones(reader, reader.all('phone').filter(owns));
  const email = readEmail(reader, reader.all('email').filter(owns));
  for (const field of ['address', 'website'] as const) for (const cell of reader.all(field).filter(owns)) reader.remark(cell);
  let fullName = personName(reader);
  if (fullName) remarkNames(reader, fullName);
  if (!fullName) {
    // Rows with nothing but a phone are people who called: they are kept.
    fullName = phone ?? email;
    if (!fullName) return null;
    reader.warn('full_name', 'import_name_guessed', { value: fullName });
  }
  return { full_name: reader.fit('full_name', fullName) ?? '', position: readSingle(reader, 'position', reader.all('position')), phone, phones: phones.slice(0, 30), email, comment: reader.comment(owns) };
}

/** Which of the two a row speaks of: its type if it names one, else what it holds. */
function sidesOf(reader: RowReader): Set<Side> | 'deal' {
  const type = (reader.first('type') ?? '').toLowerCase();
  if (/сделк|lead|deal/.test(type)) return 'deal';
  const described = LEGAL_FIELDS.some((field) => reader.first(field) !== null);
  if (/компан|company/.test(type)) return new Set<Side>(['company']);
  if (/контакт|contact/.test(type)) return new Set<Side>(reader.first('name') !== null && described ? ['company', 'contact'] : ['contact']);
  const sides = new Set<Side>();
  if (reader.first('name') !== null || described) sides.add('company');
  const own = (field: ColumnField, owner: Side): boolean => reader.all(field).some((cell) => cell.column.owner === owner);
  if (personName(reader) !== null || own('phone', 'contact') || own('email', 'contact')) sides.add('contact');
  return sides.size > 0 ? sides : new Set<Side>(own('phone', 'company') || own('email', 'company') ? ['company'] : ['contact']);
}

/**
 * Turns a row of the file into what it says of a company, a contact or both. Nothing non-empty is lost: values without a field
 * of their own stand in the comment, in words. Never throws; doubts are listed in `warnings`. `zone` is the IANA zone of the
 * account's clock.
 */
export function mapRow(plan: HeaderPlan, cells: readonly string[], options: { zone: string }): MappedRow {
  return mapAs(plan, cells, options.zone, null);
}

function mapAs(plan: HeaderPlan, cells: readonly string[], zone: string, only: Side | null): MappedRow {
  const reader = new RowReader(plan, cells);
  const head: RowHead = {
    source_id: reader.first('source_id'),
    source_created_at: readMoment(reader, 'created_at', zone),
    source_updated_at: readMoment(reader, 'updated_at', zone),
    responsible: reader.first('responsible'),
    tags: [...new Set(reader.all('tags').flatMap((cell) => splitList(cell.text, /[,\n]/)))],
    notes: reader.all('note').map((cell) => cell.text),
    raw: reader.raw,
    warnings: reader.warnings,
  };
  const sides = only ? new Set([only]) : sidesOf(reader);
  if (sides === 'deal') return { ...head, kind: 'none', why: 'import_row_deal' };
  // Phones without an owner in brackets are the person's where there is one; places and sites are the company's.
  const home = (cell: Cell): Side => {
    const { owner } = cell.column;
    if ((owner === 'company' || owner === 'contact') && sides.has(owner)) return owner;
    if (sides.size === 1) return [...sides][0] as Side;
    return cell.column.field === 'phone' || cell.column.field === 'email' ? 'contact' : 'company';
  };
  const company = sides.has('company') ? readCompany(reader, sides.size === 1, (cell) => home(cell) === 'company') : null;
  if (!company) {
    remarkAll(reader, LEGAL_FIELDS);
    for (const cell of reader.all('name').slice(1)) if (cell.text !== reader.first('name')) reader.remark(cell);
  }
  const contact = sides.has('contact') ? readContact(reader, (cell) => home(cell) === 'contact') : null;
  // What turned out to be no company (an INN in words) is the contact's, and the other way round.
  if (sides.size === 2 && !(company && contact)) return mapAs(plan, cells, zone, company ? 'company' : 'contact');
  if (company && contact) return { ...head, kind: 'both', company, contact, company_name: company.name };
  if (company) return { ...head, kind: 'company', company, company_name: null };
  if (contact) return { ...head, kind: 'contact', contact, company_name: reader.fit('name', reader.first('name')) };
  return { ...head, kind: 'none', why: 'import_row_empty' };
}
