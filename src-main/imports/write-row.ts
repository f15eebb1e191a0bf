import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { ImportRow } from '../../src-shared/imports/contract.ts';
import type { ImportedCompany, ImportedContact, MappedRow } from '../../src-shared/imports/amo/index.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { Tx } from '../store/tx.ts';
import { companyKeys, type DryLookup, type Known, type Lookup } from './lookup.ts';
import { companiesNamed, companyOfContact, matchCompany, matchContact, phoneChanges, type Match, type Namesakes } from './match.ts';
import { placeOfName, placeOfStaff, type Memory } from './memory.ts';
import { keepSource, lastValues, withEntry, type Fields, type ImportedEntity } from './sources.ts';

export type Verdict = Omit<ImportRow, 'line'>;
export type MappedThing = Exclude<MappedRow, { kind: 'none' }>;

/** Where rows go: into a transaction, or, in a dry run, into its own memory. */
export type Place = { tx: Tx; lookup: Lookup; dry: null } | { tx: null; lookup: Lookup; dry: DryLookup };

/** What holds for a whole import. */
export interface Terms {
  importId: string;
  importer: string;
  now: string;
  /** The user whom a name in the file means; null where nobody was recognised. */
  responsibleOf(name: string | null): string | null;
  /** Whether the importer may change that row. */
  mayChange(entity: ImportedEntity, row: Known): boolean;
  memory: Memory;
  /** Companies by the name under which contacts know them. */
  namesakes: Map<string, Namesakes[]>;
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
const filled = (fields: object): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

interface Comparison {
  changes: Fields;
  kept: string[];
}

/**
 * A field is filled if it is empty, or still holds what the last import put there; what a person wrote stays, and is named where the
 * file says something new of it. Lists are completed.
 */
function compare(present: Fields, last: Fields, incoming: Fields): Comparison {
  const result: Comparison = { changes: {}, kept: [] };
  for (const [field, value] of Object.entries(incoming)) {
    const now = present[field];
    if (sameValue(now, value)) continue;
    if (isEmpty(now) || sameValue(now, last[field])) result.changes[field] = value;
    else if (Array.isArray(value) && Array.isArray(now)) {
      const fresh = value.filter((one) => !now.includes(one) && !(last[field] as unknown[] | undefined)?.includes(one));
      if (fresh.length > 0) result.changes[field] = [...now, ...fresh];
    } else if (!sameValue(value, last[field])) result.kept.push(field);
  }
  return result;
}

interface Part {
  entity: ImportedEntity;
  title: string;
  values: Fields;
  source: string;
  match: () => Match | null;
  /** Values of a new row only. */
  onCreate: Fields;
  createdAt: string | null;
  /** Where the row is found by those that come after it. */
  places: (row: Known) => readonly string[];
  /** Values that are compared in their own way. */
  own?: (present: Known, last: Fields) => Fields;
}

interface Settled {
  /** Null where the row lies in the trash and stays there. */
  id: string | null;
  verdict: Verdict;
}

/** Makes a row as it was written known to those that come after it. */
function know(place: Place, terms: Terms, part: Part, row: Known): void {
  place.dry?.keepRow(row);
  terms.memory.put(row, part.places(row));
}

function create(place: Place, terms: Terms, part: Part): string {
  const values = { ...part.values, ...part.onCreate };
  const early = part.createdAt !== null && part.createdAt <= terms.now;
  const id = place.tx ? place.tx.insert(part.entity, values, early ? { createdAt: part.createdAt as string } : {}).id : uuidv7();
  know(place, terms, part, { created_by: terms.importer, ...values, id });
  return id;
}

/** Writes (or only judges) one thing of a row: new, joined to what is there, changed, or as it was. */
function settle(place: Place, terms: Terms, part: Part): Settled {
  const known = place.lookup.source(part.source);
  const verdict = (kind: Verdict['verdict'], reason: string, id: string | null, kept: string[] = []): Verdict => ({
    verdict: kind,
    entity: part.entity,
    title: part.title,
    reason,
    matched_id: id,
    ...(kept.length > 0 ? { kept } : {}),
  });
  const remember = (id: string): void => {
    const next = withEntry(known, id, terms.importId, part.values);
    if (next === known) return;
    terms.memory.putSource(part.source);
    if (place.tx) keepSource(place.tx.db, part.source, part.entity, terms.importId, next);
    else place.dry.keepSource(part.source, next);
  };
  let row = known && place.lookup.row(part.entity, known.row_id);
  const bySource = row !== undefined;
  let reason = 'same_source';
  if (!row) {
    const match = part.match();
    row = match ? place.lookup.row(part.entity, match.id) : undefined;
    if (match) reason = match.reason;
  }
  if (!row) {
    // What a person has thrown away does not come back by itself.
    if (known) return { id: null, verdict: verdict('skip', 'in_trash', known.row_id) };
    const id = create(place, terms, part);
    remember(id);
    return { id, verdict: verdict('create', 'new', null) };
  }
  const last = bySource ? lastValues(known) : {};
  const own = part.own?.(row, last) ?? {};
  const { changes, kept } = compare(row, last, Object.fromEntries(Object.entries(part.values).filter(([field]) => !part.own || !OWN_FIELDS.has(field))));
  for (const [field, value] of Object.entries(own)) if (!sameValue(row[field], value)) changes[field] = value;
  const changed = Object.keys(changes).length > 0;
  const allowed = changed && terms.mayChange(part.entity, row);
  if (allowed) {
    place.tx?.update(part.entity, row.id, changes);
    know(place, terms, part, { ...row, ...changes });
  }
  if (!changed || allowed) remember(row.id);
  if (allowed) return { id: row.id, verdict: verdict('update', reason, row.id, kept) };
  if (changed) return { id: row.id, verdict: verdict('join', 'not_yours', row.id, [...kept, ...Object.keys(changes)]) };
  return { id: row.id, verdict: bySource ? verdict('skip', 'unchanged', row.id, kept) : verdict('join', reason, row.id, kept) };
}

const OWN_FIELDS = new Set(['phone', 'phones']);
const MAX_NOTE = 50_000;

const withLines = (...lines: (string | null | undefined)[]): string | null => lines.filter(Boolean).join('\n') || null;
const tagLine = (tags: readonly string[]): string => tags.map((tag) => `#${tag.replace(/\s+/g, '_')}`).join(' ');

/** Rows without an ID of their own are known again by what they say. */
function sourceKey(entity: 'company' | 'contact', row: MappedThing, thing: object): string {
  return row.source_id ? `amo:${entity}:${row.source_id}` : `amo:${entity}:=${createHash('sha256').update(JSON.stringify([thing, row.company_name])).digest('base64url').slice(0, 32)}`;
}

function settleCompany(place: Place, terms: Terms, row: MappedThing, company: ImportedCompany, source = sourceKey('company', row, company)): Settled {
  const responsible = terms.responsibleOf(row.responsible);
  const keys = companyKeys(company);
  return settle(place, terms, {
    entity: 'companies',
    title: company.name,
    values: filled({ ...company, comment: withLines(company.comment, tagLine(row.tags)), responsible_id: responsible }),
    source,
    match: () => matchCompany(place.lookup, company, keys),
    onCreate: { responsible_id: responsible ?? terms.importer },
    createdAt: row.kind === 'company' ? row.source_created_at : null,
    places: (written) => (written.name === company.name && written.inn === company.inn ? keys : companyKeys(written)),
  });
}

function settleContact(place: Place, terms: Terms, row: MappedThing, contact: ImportedContact, companyId: string | null): Settled {
  const key = sortKey(contact.full_name);
  // A contact has no notes of its own: those of one without a company go where they can be read.
  const notes = companyId ? [] : row.notes;
  const tags = row.kind === 'both' ? [] : row.tags;
  return settle(place, terms, {
    entity: 'contacts',
    title: contact.full_name,
    values: filled({ ...contact, comment: withLines(contact.comment, ...notes, tagLine(tags)), company_id: companyId }),
    source: sourceKey('contact', row, contact),
    match: () => matchContact(place.lookup, contact, companyId, key),
    onCreate: {},
    createdAt: row.source_created_at,
    places: (written) => [placeOfName(key), ...(written.company_id ? [placeOfStaff(written.company_id)] : [])],
    own: (present, last) => phoneChanges(present, last, contact),
  });
}

const NOTHING_ELSE = { inn: null, kpp: null, ogrn: null, legal_name: null, address: null, phone: null, email: null, website: null, activity_fields: [], comment: null };

/** The company of a contact's row: found by name, or made by it. */
function companyNamed(place: Place, terms: Terms, row: MappedThing & { kind: 'contact' }): { id: string | null; verdicts: Verdict[] } {
  const name = row.company_name;
  if (!name) return { id: null, verdicts: [] };
  let namesakes = terms.namesakes.get(name);
  if (!namesakes || namesakes.length === 0) {
    namesakes = companiesNamed(place.lookup, name);
    terms.namesakes.set(name, namesakes);
  }
  const found = companyOfContact(namesakes, row.contact);
  if (found) return { id: found, verdicts: [] };
  const company: ImportedCompany = { name, ...NOTHING_ELSE };
  const made = settleCompany(place, terms, { ...row, tags: [] }, company, `amo:company:=${name}`);
  return { id: made.id, verdicts: [made.verdict] };
}

/** Notes of the file become notes of the company, each once; one that was deleted here stays deleted. */
function addNotes(place: Place, companyId: string | null, notes: readonly string[], author: string | null): void {
  if (!companyId) return;
  for (const note of notes) {
    const content = (author ? `${author}: ${note}` : note).slice(0, MAX_NOTE).toWellFormed();
    if (place.lookup.hasNote(companyId, content)) continue;
    if (place.tx) place.tx.insert('notes', { content, pinned: false, company_id: companyId });
    else place.dry.keepNote(companyId, content);
  }
}

function settleRow(place: Place, terms: Terms, row: MappedThing): Verdict[] {
  if (row.kind === 'contact') {
    const company = companyNamed(place, terms, row);
    const contact = settleContact(place, terms, row, row.contact, company.id);
    addNotes(place, company.id, row.notes, row.contact.full_name);
    return [...company.verdicts, contact.verdict];
  }
  const company = settleCompany(place, terms, row, row.company);
  addNotes(place, company.id, row.notes, null);
  if (row.kind === 'company') return [company.verdict];
  return [company.verdict, settleContact(place, terms, row, row.contact, company.id).verdict];
}

/** Writes one row of the file, or, in a dry run, says what would be written. @returns a verdict for each thing that the row describes. */
export function writeRow(place: Place, terms: Terms, row: MappedThing): Verdict[] {
  const verdicts = settleRow(place, terms, row);
  const last = verdicts.at(-1);
  if (last && row.warnings.length > 0) last.warnings = row.warnings;
  return verdicts;
}
