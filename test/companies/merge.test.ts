import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { undoChange } from '../../src-main/audit/undo.ts';
import { clients } from '../../src-main/clients/service.ts';
import { mergeCompanies } from '../../src-main/companies/merge.ts';
import { companies } from '../../src-main/companies/service.ts';
import { contacts } from '../../src-main/contacts/service.ts';
import { notes } from '../../src-main/notes/service.ts';
import { restoreRow } from '../../src-main/trash/restore.ts';
import { mergedFields, type MergeField } from '../../src-shared/companies/merge.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

describe('mergedFields', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, MergeField[], Record<string, unknown>]>([
    ['nothing named, nothing taken', { name: 'А' }, { name: 'Б', inn: '1' }, [], {}],
    ['named fields come over', { name: 'А', inn: null }, { name: 'Б', inn: '1' }, ['name', 'inn'], { name: 'Б', inn: '1' }],
    ['empty ones too', { phone: '1' }, { phone: null }, ['phone'], { phone: null }],
    ['fields of activity are united', { activity_fields: ['Связь', 'Стройка'] }, { activity_fields: ['стройка', 'Питание'] }, ['activity_fields'], { activity_fields: ['Связь', 'Стройка', 'Питание'] }],
    ['comments are joined', { comment: 'один' }, { comment: 'два' }, [], { comment: 'один\n\nдва' }],
    ['a comment is taken instead', { comment: 'один' }, { comment: 'два' }, ['comment'], { comment: 'два' }],
    ['the only comment is kept', { comment: null }, { comment: 'два' }, [], { comment: 'два' }],
    ['the same comment is not doubled', { comment: 'два' }, { comment: 'два' }, [], {}],
  ])('%s', (_name, kept, other, take, patch) => expect(mergedFields(kept, other, take)).toEqual(patch));
});

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const detail = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.data.detail ?? error.code;
    throw error;
  }
  throw new Error('was not refused');
};

/** Two companies with everything that can hang on one. */
function pair(): { kept: string; other: string; client: string; contact: string; note: string; trashed: string } {
  const kept = companies.create(house.session(), { name: 'Ромашка', comment: 'давний', activity_fields: ['Связь'] }).id;
  const other = companies.create(house.session(), { name: 'ООО «Ромашка»', inn: '7707083893', kpp: '770701001', comment: 'из таблицы', activity_fields: ['Стройка'] }).id;
  const client = clients.create(house.session(), { name: 'Клиент', company_id: other }).id;
  const contact = contacts.create(house.session(), { full_name: 'Иванова Мария', company_id: other }).id;
  const note = notes.create(house.session('engineer'), { content: 'Звонить после обеда', company_id: other }).id;
  const trashed = contacts.create(house.session(), { full_name: 'Бывшая Анна', company_id: other }).id;
  contacts.remove(house.session(), trashed);
  return { kept, other, client, contact, note, trashed };
}

const companyOf = (table: string, id: string): string | undefined => house.store.read.get<{ company_id: string }>(`SELECT company_id FROM ${table} WHERE id = ?`, id)?.company_id;

describe('mergeCompanies', () => {
  it('moves everything to the kept company in one change that comes apart again', () => {
    const { kept, other, client, contact, note, trashed } = pair();
    const before = house.store.read.get('SELECT * FROM companies WHERE id = ?', kept);
    const position = (): number => house.store.read.get<{ n: number }>('SELECT count(*) AS n FROM changesets')?.n ?? 0;
    const changes = position();
    const merged = mergeCompanies(house.session('admin'), kept, other, ['inn', 'kpp', 'activity_fields']);
    expect(position()).toBe(changes + 1);
    expect(merged.company).toMatchObject({ id: kept, name: 'Ромашка', inn: '7707083893', kpp: '770701001', comment: 'давний\n\nиз таблицы', activity_fields: ['Связь', 'Стройка'] });
    expect(merged.moved).toEqual({ clients: 1, contacts: 1, notes: 1 });
    for (const [table, id] of [['clients', client], ['contacts', contact], ['notes', note], ['contacts', trashed]] as const) expect(companyOf(table, id)).toBe(kept);
    expect(detail(() => companies.get(house.session(), other))).toBe('NOT_FOUND');
    expect(house.store.read.get('SELECT origin FROM changesets ORDER BY id DESC LIMIT 1')).toEqual({ origin: 'merge' });

    undoChange(house.session('admin'), merged.change_id);
    for (const [table, id] of [['clients', client], ['contacts', contact], ['notes', note], ['contacts', trashed]] as const) expect(companyOf(table, id)).toBe(other);
    expect(companies.get(house.session(), other)).toMatchObject({ name: 'ООО «Ромашка»', inn: '7707083893', activity_fields: ['Стройка'] });
    const after = house.store.read.get<Record<string, unknown>>('SELECT * FROM companies WHERE id = ?', kept);
    for (const column of ['name', 'inn', 'kpp', 'comment', 'activity_fields']) expect(after?.[column]).toBe(before?.[column]);
  });

  it('brings back a row from the trash without its former company', () => {
    const { kept, other, trashed } = pair();
    mergeCompanies(house.session(), kept, other, []);
    restoreRow(house.session(), 'contacts', trashed);
    expect(companyOf('contacts', trashed)).toBe(kept);
    expect(detail(() => companies.get(house.session(), other))).toBe('NOT_FOUND');
  });

  it('finds the moved client by the name that the kept company got', async () => {
    const { kept, other, client } = pair();
    companies.update(house.session(), other, { name: 'Хризантема' });
    mergeCompanies(house.session(), kept, other, ['name']);
    expect((await clients.list(house.session(), { q: 'хризантема', limit: 10, sort: 'name' })).items.map((one) => one.id)).toEqual([client]);
  });

  it('refuses itself, an unknown other, and companies that are not the caller’s', () => {
    const { kept, other } = pair();
    expect(detail(() => mergeCompanies(house.session(), kept, kept, []))).toBe('merge_with_itself');
    expect(detail(() => mergeCompanies(house.session(), kept, 999, []))).toBe('reference_not_found');
    expect(detail(() => mergeCompanies(house.session(), 999, other, []))).toBe('NOT_FOUND');
    const own = companies.create(house.session('operator'), { name: 'Своя' }).id;
    expect(detail(() => mergeCompanies(house.session('operator'), own, other, []))).toBe('company_not_yours');
    expect(detail(() => mergeCompanies(house.session('operator'), kept, own, []))).toBe('company_not_yours');
    expect(companies.get(house.session(), own).name).toBe('Своя');
  });

  it('lets the director of both branches merge', () => {
    const director = house.people.operator;
    const branch = house.session().mutate((tx) => tx.insert('branches', { name: 'Юг', director_id: director.user_id }).id);
    const [a, b] = ['А', 'Б'].map((name) => companies.create(house.session(), { name, branch_id: branch }).id) as [string, string];
    expect(mergeCompanies(house.session(director), a, b, ['name']).company.name).toBe('Б');
  });

  it('asks for the version of the kept company, not of what moves', () => {
    const { kept, other } = pair();
    const { version } = companies.get(house.session(), kept);
    companies.update(house.session(), kept, { phone: '1' });
    expect(detail(() => mergeCompanies(house.session('owner', { ifMatch: version }), kept, other, []))).toBe('version_mismatch');
    const newer = companies.get(house.session(), kept).version;
    expect(mergeCompanies(house.session('owner', { ifMatch: newer }), kept, other, []).company.id).toBe(kept);
  });
});
