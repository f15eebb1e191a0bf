import type { Entity } from '../../src-shared/audit/model.ts';
import { AppError, type Candidate } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { metaOf, titleOf, type Registry } from './entity.ts';
import type { Db } from './sqlite.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_CANDIDATES = 10;

interface Options {
  /** The field that the reference stood in; absent for the row that the URL names, whose absence is NOT_FOUND. */
  field?: string;
  includeDeleted?: boolean;
}

/**
 * Finds the row that a reference means: digits are `no`, a UUID is `id`; people also by exact e-mail, full name or a single part of
 * it. @returns the row's id. @throws AppError NOT_FOUND for the URL's own row, REFERENCE_NOT_FOUND / REFERENCE_AMBIGUOUS with the
 * candidates for a field.
 */
export function resolveRef(db: Db, registry: Registry, entity: Entity, reference: Ref, options: Options = {}): string {
  const meta = metaOf(registry, entity);
  const text = String(reference).trim();
  const alive = options.includeDeleted ? '' : ' AND deleted_at IS NULL';
  if (UUID.test(text)) {
    const row = db.get<{ id: string }>(`SELECT id FROM ${meta.tableName} WHERE id = ?${alive}`, text.toLowerCase());
    if (row) return row.id;
  } else if (/^\d{1,15}$/.test(text)) {
    const rows = db.all<{ id: string }>(`SELECT id FROM ${meta.tableName} WHERE no = ?${alive} LIMIT 2`, Number(text));
    if (rows.length === 1) return (rows[0] as { id: string }).id;
  } else if (entity === 'users') {
    return resolvePerson(db, text, options.field);
  }
  if (options.field === undefined) throw new AppError('NOT_FOUND', { params: { entity } });
  throw new AppError('REFERENCE_NOT_FOUND', { field: options.field, detail: 'reference_not_found', params: { value: text }, candidates: nearby(db, registry, entity, text) });
}

interface Person {
  id: string;
  no: number | null;
  full_name: string;
  email: string;
}

function resolvePerson(db: Db, text: string, field: string | undefined): string {
  const people = db.all<Person>('SELECT id, no, full_name, email FROM users WHERE deleted_at IS NULL');
  const wanted = fold(text);
  const exact = people.filter((person) => fold(person.email) === wanted || fold(person.full_name) === wanted);
  const found = exact.length > 0 ? exact : people.filter((person) => fold(person.full_name).split(' ').includes(wanted));
  if (found.length === 1) return (found[0] as Person).id;
  const candidates = (found.length > 1 ? found : people.filter((person) => fold(person.full_name).includes(wanted.slice(0, 3)))).slice(0, MAX_CANDIDATES).map(asCandidate);
  if (found.length > 1) throw new AppError('REFERENCE_AMBIGUOUS', { field, detail: 'reference_ambiguous', params: { value: text }, candidates });
  if (field === undefined) throw new AppError('NOT_FOUND', { params: { entity: 'users' } });
  throw new AppError('REFERENCE_NOT_FOUND', { field, detail: 'reference_not_found', params: { value: text }, candidates });
}

const fold = (text: string): string => text.toLocaleLowerCase('ru').replaceAll('ё', 'е').replace(/\s+/g, ' ').trim();
const asCandidate = (person: Person): Candidate => ({ id: person.id, no: person.no, label: person.full_name });

function nearby(db: Db, registry: Registry, entity: Entity, text: string): Candidate[] {
  const meta = metaOf(registry, entity);
  if (!meta.hasSortKey) return [];
  const rows = db.all<Record<string, unknown>>(`SELECT id, no, ${meta.label} FROM ${meta.tableName} WHERE sort_key >= ? AND deleted_at IS NULL ORDER BY sort_key LIMIT 5`, fold(text));
  return rows.map((row) => ({ id: String(row['id']), no: row['no'] as number | null, label: titleOf(meta, row) }));
}
