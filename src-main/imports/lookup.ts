import type { CompanyLike } from '../../src-shared/companies/duplicates.ts';
import { nameKeys } from '../../src-shared/companies/names.ts';
import { padInn } from '../../src-shared/kernel/tax-ids.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
import { placeOfName, placeOfStaff, type Memory } from './memory.ts';
import { readSource, type ImportedEntity, type Source } from './sources.ts';

/** A row of the base, or one that a dry run would have made. */
export interface Known extends CompanyLike {
  id: string;
  full_name?: string;
  phones?: string[];
  company_id?: string | null;
  [column: string]: unknown;
}

/** What the base holds, as far as an imported row is compared with it. */
export interface Lookup {
  source(key: string): Source | undefined;
  /** The whole row; undefined for one in the trash. */
  row(entity: ImportedEntity, id: string): Known | undefined;
  /** Companies of a key, the oldest first. */
  companies(key: string): readonly Known[];
  contactsOf(companyId: string): readonly Known[];
  contactsNamed(sortKey: string): readonly Known[];
  hasNote(companyId: string, content: string): boolean;
}

/** Rows compared for one imported row; a key that more share says little. */
const MAX_COMPARED = 50;
const MAX_STAFF = 500;

const COMPANIES = `SELECT c.id, c.name, c.legal_name, c.inn, c.kpp, c.ogrn, c.address, c.phone, c.email, c.website, c.activity_fields, c.comment
FROM local_company_keys k CROSS JOIN companies c ON c.rid = k.row WHERE k.key = ? AND c.deleted_at IS NULL ORDER BY k.row LIMIT ${MAX_COMPARED}`;
const CONTACTS = 'SELECT id, full_name, phone, phones, email, company_id FROM contacts WHERE deleted_at IS NULL AND';
const STAFF = `${CONTACTS} company_id = ? LIMIT ${MAX_STAFF}`;
const NAMED = `${CONTACTS} sort_key = ? LIMIT ${MAX_COMPARED}`;
const COMPANY = 'SELECT * FROM companies WHERE id = ? AND deleted_at IS NULL';
const CONTACT = 'SELECT * FROM contacts WHERE id = ? AND deleted_at IS NULL';
const LISTS = ['phones', 'activity_fields'] as const;

function parsed(row: Record<string, SqlValue>): Known {
  const known = row as unknown as Known;
  for (const list of LISTS) if (typeof known[list] === 'string') known[list] = JSON.parse(known[list]);
  return known;
}

/** The INN as keys spell it; null for what is none. */
export function innOf(company: { inn?: string | null | undefined }): string | null {
  const inn = padInn(company.inn ?? '');
  return /^(?:\d{10}|\d{12})$/.test(inn) ? inn : null;
}

/** Keys of names; those by sound are for people to look at, not for an import. */
export const nameKeysOf = (...names: (string | null | undefined)[]): string[] => [...new Set(names.flatMap((name) => (name ? nameKeys(name) : [])).filter((key) => key.startsWith('name:')))];

/** Keys under which an import looks for a company: INN first. */
export function companyKeys(company: CompanyLike): string[] {
  const inn = innOf(company);
  return [...(inn ? [`inn:${inn}`] : []), ...nameKeysOf(company.name, company.legal_name)];
}

/** Looks into the base through the given connection. */
export function createLookup(db: Db, memory: Memory): Lookup {
  const all = (sql: string, text: string): Known[] => db.all(sql, text).map(parsed);
  return {
    source: (key) => (memory.mayKnow(key) ? readSource(db, key) : undefined),
    row: (entity, id) => {
      const row = db.get(entity === 'companies' ? COMPANY : CONTACT, id);
      return row && parsed(row);
    },
    companies: (key) => memory.of(key, () => all(COMPANIES, key)),
    contactsOf: (companyId) => memory.of(placeOfStaff(companyId), () => all(STAFF, companyId)),
    contactsNamed: (sortKey) => memory.of(placeOfName(sortKey), () => all(NAMED, sortKey)),
    hasNote: (companyId, content) => db.get('SELECT 1 FROM notes WHERE company_id = ? AND content = ?', companyId, content) !== undefined,
  };
}

/** A lookup that also finds what a dry run has "written": nothing of it reaches the base. */
export interface DryLookup extends Lookup {
  keepSource(key: string, source: Source): void;
  keepRow(row: Known): void;
  keepNote(companyId: string, content: string): void;
}

export function createDryLookup(base: Lookup): DryLookup {
  const sources = new Map<string, Source>();
  const rows = new Map<string, Known>();
  const notes = new Set<string>();
  return {
    ...base,
    source: (key) => sources.get(key) ?? base.source(key),
    row: (entity, id) => rows.get(id) ?? base.row(entity, id),
    hasNote: (companyId, content) => notes.has(`${companyId} ${content}`) || base.hasNote(companyId, content),
    keepSource: (key, source) => void sources.set(key, source),
    keepRow: (row) => void rows.set(row.id, row),
    keepNote: (companyId, content) => void notes.add(`${companyId} ${content}`),
  };
}
