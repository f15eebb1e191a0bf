import { v7 as uuidv7 } from 'uuid';
import type { ImportRow } from '../../src-shared/imports/contract.ts';
import type { ImportedCompany, ImportedContact, MappedRow } from '../../src-shared/imports/amo/index.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { Db } from '../store/sqlite.ts';
import type { Tx } from '../store/tx.ts';
import { companyByName, matchCompany, matchContact, pretendCompany, pretendContact, type Match, type Overlay } from './match.ts';

export type Verdict = Omit<ImportRow, 'line'>;
type Known = Exclude<MappedRow, { kind: 'none' }>;
type Fields = Record<string, unknown>;

/** Where rows go: into a transaction, or, in a dry run, nowhere. */
export interface Target {
  db: Db;
  tx: Tx | null;
  overlay: Overlay | null;
  importId: string;
  responsibleOf: (name: string | null) => string | null;
}

const filled = (fields: object): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)));
const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

interface SourceRow {
  row_id: string;
  last_values: string;
}

function sourceOf(target: Target, source: string | null): SourceRow | undefined {
  if (!source) return undefined;
  const pretended = target.overlay?.sources.get(source);
  if (pretended) return { row_id: pretended, last_values: '{}' };
  return target.db.get<SourceRow>('SELECT row_id, last_values FROM local_imported_sources WHERE source = ?', source);
}

function keepSource(target: Target, source: string | null, entity: 'companies' | 'contacts', id: string, values: Fields): void {
  if (!source) return;
  if (target.overlay) target.overlay.sources.set(source, id);
  else
    target.db.run(
      'INSERT INTO local_imported_sources (source, entity, row_id, import_id, last_values) VALUES (?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET row_id = excluded.row_id, last_values = excluded.last_values',
      source,
      entity,
      id,
      target.importId,
      JSON.stringify(values),
    );
}

/** A field is filled if it is empty, or still holds what the last import put there; what a person wrote stays. */
function changesFor(present: Fields, last: Fields, incoming: Fields): Fields {
  return Object.fromEntries(Object.entries(incoming).filter(([field, value]) => !sameValue(present[field], value) && (isEmpty(present[field]) || sameValue(present[field], last[field]))));
}

interface Part {
  entity: 'companies' | 'contacts';
  title: string;
  values: Fields;
  source: string | null;
  match: () => Match | null;
  pretend: (id: string) => void;
  /** Set on creation only. */
  onCreate: Fields;
}

/** Writes (or only judges) one thing of a row: new, joined to what is there, changed, or as it was. */
function settle(target: Target, part: Part): { id: string; verdict: Verdict } {
  const { tx, db } = target;
  const known = sourceOf(target, part.source);
  const alive = known && (target.overlay?.sources.get(part.source ?? '') === known.row_id || db.get(`SELECT 1 FROM ${part.entity} WHERE id = ? AND deleted_at IS NULL`, known.row_id)) ? known : undefined;
  const match: Match | null = alive ? { id: alive.row_id, reason: 'same_source' } : part.match();
  const verdict = (kind: Verdict['verdict'], reason: string, matched: string | null): Verdict => ({ verdict: kind, entity: part.entity, title: part.title, reason, matched_id: matched });
  if (!match) {
    const id = tx ? tx.insert(part.entity, { ...part.values, ...part.onCreate }).id : uuidv7();
    if (!tx) part.pretend(id);
    keepSource(target, part.source, part.entity, id, part.values);
    return { id, verdict: verdict('create', 'new', null) };
  }
  const present = (tx ? tx.get(part.entity, match.id) : readRow(db, part.entity, match.id)) ?? {};
  const last = alive ? (JSON.parse(alive.last_values) as Fields) : {};
  const changes = changesFor(present, last, part.values);
  const changed = Object.keys(changes).length > 0;
  if (tx && changed) tx.update(part.entity, match.id, changes);
  keepSource(target, part.source, part.entity, match.id, part.values);
  if (changed) return { id: match.id, verdict: verdict('update', match.reason, match.id) };
  return { id: match.id, verdict: verdict(alive ? 'skip' : 'join', alive ? 'unchanged' : match.reason, match.id) };
}

function readRow(db: Db, entity: 'companies' | 'contacts', id: string): Fields | undefined {
  const row = db.get<Fields>(`SELECT * FROM ${entity} WHERE id = ?`, id);
  if (!row) return undefined;
  for (const list of ['phones', 'activity_fields']) if (typeof row[list] === 'string') row[list] = JSON.parse(row[list]);
  return row;
}

const withTags = (comment: string | null, tags: readonly string[]): string | null => [comment, tags.map((tag) => `#${tag.replaceAll(' ', '_')}`).join(' ')].filter(Boolean).join('\n') || null;
const sourceKey = (kind: string, row: Known): string | null => (row.source_id ? `amo:${kind}:${row.source_id}` : null);

function settleCompany(target: Target, row: Known, company: ImportedCompany): { id: string; verdict: Verdict } {
  return settle(target, {
    entity: 'companies',
    title: company.name,
    values: filled({ ...company, comment: withTags(company.comment, row.tags) }),
    source: sourceKey('company', row),
    match: () => matchCompany(target.db, target.overlay, company),
    pretend: (id) => target.overlay && pretendCompany(target.overlay, id, company),
    onCreate: { responsible_id: target.responsibleOf(row.responsible), activity_fields: company.activity_fields },
  });
}

function settleContact(target: Target, row: Known, contact: ImportedContact, companyId: string | null): { id: string; verdict: Verdict } {
  const key = sortKey(contact.full_name);
  return settle(target, {
    entity: 'contacts',
    title: contact.full_name,
    values: filled({ ...contact, comment: withTags(contact.comment, row.kind === 'both' ? [] : row.tags), company_id: companyId }),
    source: sourceKey('contact', row),
    match: () => matchContact(target.db, target.overlay, contact, companyId, key),
    pretend: (id) => target.overlay && pretendContact(target.overlay, id, contact, companyId, key),
    onCreate: { phones: contact.phones },
  });
}

/** The company of a contact's row: found by name, or made by it. */
function companyOf(target: Target, row: Known): { id: string | null; verdicts: Verdict[] } {
  if (!row.company_name) return { id: null, verdicts: [] };
  const found = companyByName(target.db, target.overlay, row.company_name);
  if (found) return { id: found, verdicts: [] };
  const made = settleCompany(target, { ...row, source_id: null, tags: [] }, { name: row.company_name, inn: null, kpp: null, ogrn: null, legal_name: null, address: null, phone: null, email: null, website: null, activity_fields: [], comment: null });
  return { id: made.id, verdicts: [made.verdict] };
}

function addNotes(target: Target, companyId: string, notes: readonly string[]): void {
  for (const content of notes) target.tx?.insert('notes', { content, pinned: false, company_id: companyId });
}

/** Writes one row of the file. @returns a verdict for each thing that the row describes. */
export function writeRow(target: Target, row: Known): Verdict[] {
  if (row.kind === 'company') {
    const { id, verdict } = settleCompany(target, row, row.company);
    if (verdict.verdict === 'create') addNotes(target, id, row.notes);
    return [verdict];
  }
  const company = row.kind === 'both' ? settleCompany(target, row, row.company) : null;
  const named = company ? { id: company.id, verdicts: [company.verdict] } : companyOf(target, row);
  const contact = settleContact(target, row, row.contact, named.id);
  if (contact.verdict.verdict === 'create' && named.id) addNotes(target, named.id, row.notes);
  return [...named.verdicts, contact.verdict];
}
