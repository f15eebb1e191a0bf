import type { CompanyLike } from '../../src-shared/companies/duplicates.ts';
import { nameKeys } from '../../src-shared/companies/names.ts';
import { padInn } from '../../src-shared/kernel/tax-ids.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
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
  /** Companies of a key; with `inn`, those that have another one are left out. */
  companies(key: string, inn: string | null): Known[];
  contactsOf(companyId: string): Known[];
  contactsNamed(sortKey: string): Known[];
  hasNote(companyId: string, content: string): boolean;
}

/** Rows compared for one imported row; a key that more share says little. */
const MAX_COMPARED = 50;
const MAX_STAFF = 500;

const COMPANIES = `SELECT c.id, c.name, c.legal_name, c.inn, c.kpp, c.ogrn, c.address, c.phone, c.email, c.website, c.activity_fields, c.comment
FROM local_company_keys k CROSS JOIN companies c ON c.rid = k.row WHERE k.key = ? AND c.deleted_at IS NULL`;
const OTHER_INN = ' AND (c.inn IS NULL OR c.inn = ? OR length(c.inn) NOT IN (10, 12))';
const CONTACTS = 'SELECT id, full_name, phone, phones, email, company_id FROM contacts WHERE deleted_at IS NULL AND';
const LISTS = ['phones', 'activity_fields'] as const;

function parsed(row: Record<string, SqlValue>): Known {
  const known = row as unknown as Known;
  for (const list of LISTS) if (typeof known[list] === 'string') known[list] = JSON.parse(known[list]);
  return known;
}

/** The INN as keys spell it; null for what is none. */
export function innOf(company: { inn: string | null }): string | null {
  const inn = padInn(company.inn ?? '');
  return /^(?:\d{10}|\d{12})$/.test(inn) ? inn : null;
}

/** Keys of a company's names; those by sound are for people to look at, not for an import. */
export const nameKeysOf = (...names: (string | null)[]): string[] => [...new Set(names.flatMap((name) => (name ? nameKeys(name) : [])).filter((key) => key.startsWith('name:')))];

/** Looks into the base through the given connection. */
export function createLookup(db: Db): Lookup {
  const all = (sql: string, ...params: SqlValue[]): Known[] => db.all(sql, ...params).map(parsed);
  return {
    source: (key) => readSource(db, key),
    row: (entity, id) => {
      const row = db.get(`SELECT * FROM ${entity} WHERE id = ? AND deleted_at IS NULL`, id);
      return row && parsed(row);
    },
    companies: (key, inn) => (inn === null ? all(`${COMPANIES} ORDER BY k.row LIMIT ${MAX_COMPARED}`, key) : all(`${COMPANIES}${OTHER_INN} ORDER BY k.row LIMIT ${MAX_COMPARED}`, key, inn)),
    contactsOf: (companyId) => all(`${CONTACTS} company_id = ? LIMIT ${MAX_STAFF}`, companyId),
    contactsNamed: (sortKey) => all(`${CONTACTS} sort_key = ? LIMIT ${MAX_COMPARED}`, sortKey),
    hasNote: (companyId, content) => db.get('SELECT 1 FROM notes WHERE company_id = ? AND content = ?', companyId, content) !== undefined,
  };
}

/** A lookup that also finds what a dry run has "written": nothing of it reaches the base. */
export interface DryLookup extends Lookup {
  keepSource(key: string, source: Source): void;
  /** `keys`: company keys, or the places (company, name) where a contact is looked for. */
  keep(row: Known, keys: readonly string[]): void;
  keepNote(companyId: string, content: string): void;
}

export function createDryLookup(base: Lookup): DryLookup {
  const sources = new Map<string, Source>();
  const rows = new Map<string, Known>();
  const places = new Map<string, string[]>();
  const notes = new Set<string>();
  /** Rows of the base as the dry run has changed them, and its own. */
  const together = (found: Known[], key: string): Known[] => {
    const made = (places.get(key) ?? []).slice(0, MAX_COMPARED).flatMap((id) => rows.get(id) ?? []);
    return [...new Map([...found.map((row) => rows.get(row.id) ?? row), ...made].map((row) => [row.id, row])).values()];
  };
  return {
    source: (key) => sources.get(key) ?? base.source(key),
    row: (entity, id) => rows.get(id) ?? base.row(entity, id),
    companies: (key, inn) => together(base.companies(key, inn), key),
    contactsOf: (companyId) => together(base.contactsOf(companyId), companyId),
    contactsNamed: (sortKey) => together(base.contactsNamed(sortKey), `name ${sortKey}`),
    hasNote: (companyId, content) => notes.has(`${companyId} ${content}`) || base.hasNote(companyId, content),
    keepSource: (key, source) => void sources.set(key, source),
    keep: (row, keys) => {
      rows.set(row.id, row);
      for (const key of keys) {
        const ids = places.get(key);
        if (!ids) places.set(key, [row.id]);
        else if (!ids.includes(row.id)) ids.push(row.id);
      }
    },
    keepNote: (companyId, content) => void notes.add(`${companyId} ${content}`),
  };
}
