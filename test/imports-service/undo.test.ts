import { afterEach, beforeEach, expect, it } from 'vitest';
import { readImport, saveImport } from '../../src-main/imports/store.ts';
import { amoExport, amoFile } from '../support/amo-file.ts';
import { csv, importText, openOffice, rested, verdictsOf, type Office } from '../support/exchange.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const count = (table: string): number => office.store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE deleted_at IS NULL`)?.n ?? -1;
const vektor = (cells: Record<string, unknown> = {}) => amoFile([{ ID: 1, Тип: 'компания', 'Название компании': 'Вектор', ИНН: '7707083893', ...cells }]);
const first = async () => (await office.client.companies.list({ limit: 1 })).items[0];

it('takes a whole import back, and lets it be run again', async () => {
  const mine = await office.client.companies.create({ name: 'Вектор', inn: '7707083893' });
  const info = await importText(office.client, `${vektor({ Web: 'vektor.example', 'Примечание 1': 'Пропуск' })}${amoExport(700).split('\r\n').slice(1).join('\r\n')}`);
  expect(info).toMatchObject({ state: 'done' });
  expect(count('companies')).toBeGreaterThan(200);
  await office.client.imports.undo({ id: info.id });
  expect(await rested(office.client, info.id)).toMatchObject({ state: 'undone', progress: 1 });
  expect([count('companies'), count('contacts'), count('notes')]).toEqual([1, 0, 0]);
  expect(await first()).toMatchObject({ id: mine.id, website: null });
  expect(office.store.read.all('SELECT source FROM local_imported_sources WHERE row_id <> ?', mine.id)).toEqual([]);
  await expect(office.client.imports.undo({ id: info.id })).rejects.toMatchObject({ code: 'CONFLICT', data: { detail: 'import_not_done' } });
  await office.client.imports.run({ id: info.id });
  expect((await rested(office.client, info.id)).counts).toEqual(info.counts);
});

it('keeps what somebody has worked on since', async () => {
  const info = await importText(office.client, vektor({ Адрес: 'Москва, Мира 1' }));
  const row = await first();
  await office.client.companies.update({ id: row?.id ?? '', address: 'Тверь' });
  await office.client.companies.update({ id: row?.id ?? '', comment: 'звонили' });
  const second = await importText(office.client, vektor({ Адрес: 'Москва, Мира 1', Web: 'vektor.example' }));
  await office.client.imports.undo({ id: second.id });
  await rested(office.client, second.id);
  expect(await first()).toMatchObject({ website: null, address: 'Тверь', comment: 'звонили' });
  // The row is still known by its source, with what the first import said of it.
  const third = await importText(office.client, vektor({ Адрес: 'Москва, Мира 1', Web: 'vektor.example' }));
  expect(await verdictsOf(office.client, third.id)).toMatchObject([{ verdict: 'update', reason: 'same_source' }]);
  expect(info.state).toBe('done');
});

it('stopped half-way it takes back what it wrote', async () => {
  const { id } = await office.client.imports.upload({ file: csv(amoExport(4000)) });
  await office.client.imports.run({ id });
  while ((await office.client.imports.get({ id })).counts.created < 500) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await office.client.progress.list()).toMatchObject({ items: [{ id, kind: 'import', state: 'running' }] });
  await expect(office.client.imports.run({ id })).rejects.toMatchObject({ code: 'CONFLICT', data: { detail: 'import_busy' } });
  await expect(office.client.imports.undo({ id })).rejects.toMatchObject({ code: 'CONFLICT', data: { detail: 'import_busy' } });
  await office.client.imports.cancel({ id });
  expect(await rested(office.client, id)).toMatchObject({ state: 'cancelled', error: null });
  expect([count('companies'), count('contacts'), count('notes')]).toEqual([0, 0, 0]);
  expect(office.store.read.get('SELECT 1 FROM local_imported_sources')).toBeUndefined();
  // An import that has ended is answered as it is.
  expect(await office.client.imports.cancel({ id })).toMatchObject({ state: 'cancelled' });
});

it('a stopped dry run leaves nothing', async () => {
  const { id } = await office.client.imports.upload({ file: csv(amoExport(4000)) });
  await office.client.imports.check({ id });
  await office.client.imports.cancel({ id });
  expect(await rested(office.client, id)).toMatchObject({ state: 'cancelled' });
  await office.client.imports.check({ id });
  expect(await rested(office.client, id)).toMatchObject({ state: 'checked', counts: { rows: 4000 } });
});

it('a dry run does not hide that there is something to take back', async () => {
  const info = await importText(office.client, vektor());
  await expect(office.client.imports.check({ id: info.id })).rejects.toMatchObject({ code: 'CONFLICT', data: { detail: 'import_written' } });
  await office.client.imports.undo({ id: info.id });
  expect(await rested(office.client, info.id)).toMatchObject({ state: 'undone' });
  await office.client.imports.check({ id: info.id });
  expect(await rested(office.client, info.id)).toMatchObject({ state: 'checked' });
});

it('closed with the program it is interrupted, and can be undone or run again', async () => {
  const { id } = await office.client.imports.upload({ file: csv(amoExport(4000)) });
  await office.client.imports.run({ id });
  while ((await office.client.imports.get({ id })).counts.created < 500) await new Promise((resolve) => setTimeout(resolve, 1));
  office = await office.restart();
  const info = await office.client.imports.get({ id });
  expect(info).toMatchObject({ state: 'failed', error: 'interrupted' });
  const written = count('companies') + count('contacts');
  expect(written).toBeGreaterThanOrEqual(500);
  await office.client.imports.run({ id });
  const done = await rested(office.client, id);
  expect(done).toMatchObject({ state: 'done', error: null });
  expect(done.counts.created + written).toBe(count('companies') + count('contacts'));
  await office.client.imports.undo({ id });
  expect(await rested(office.client, id)).toMatchObject({ state: 'undone' });
  expect(count('companies') + count('contacts')).toBe(0);
});

it('killed with the program it is interrupted as well', async () => {
  const info = await importText(office.client, vektor());
  saveImport(office.store, { ...readImport(office.store.read, info.id).info, state: 'running', progress: 0.4 });
  office = await office.restart();
  expect((await office.client.imports.list()).items).toMatchObject([{ id: info.id, state: 'failed', error: 'interrupted' }]);
  await office.client.imports.undo({ id: info.id });
  expect(await rested(office.client, info.id)).toMatchObject({ state: 'undone' });
});

it('goes on beside the work of others, and sees it', async () => {
  const rows = Array.from({ length: 1200 }, (_, index) => ({ ID: index + 1, Тип: 'компания', 'Название компании': `К${index}`, ИНН: String(100_000_000_0 + index) }));
  const { id } = await office.client.imports.upload({ file: csv(amoFile(rows)) });
  await office.client.imports.run({ id });
  while ((await office.client.imports.get({ id })).counts.created < 500) await new Promise((resolve) => setTimeout(resolve, 1));
  await office.client.companies.create({ name: 'К1199', inn: '1000001199' });
  const done = await rested(office.client, id);
  expect(done.counts).toMatchObject({ created: 1199, failed: 0 });
  expect(done.counts.joined + done.counts.updated).toBe(1);
});

it('answers a call repeated under its key once, and lets nobody in who may not import', async () => {
  const keyed = office.as(office.owner, { 'idempotency-key': 'k1' });
  const info = await keyed.imports.upload({ file: csv(vektor()) });
  expect(await keyed.imports.upload({ file: csv(vektor()) })).toEqual(info);
  const run = office.as(office.owner, { 'idempotency-key': 'k2' });
  const started = await run.imports.run({ id: info.id });
  await rested(office.client, info.id);
  expect(await run.imports.run({ id: info.id })).toEqual(started);
  await expect(office.as(office.join('engineer', 'Иван')).imports.list()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(office.client.imports.rows({ id: 'нет' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { detail: 'import_unknown' } });
  const logged = office.store.read.get<{ details: string }>("SELECT details FROM security_events WHERE type = 'import'");
  expect(JSON.parse(logged?.details ?? '{}')).toEqual({ id: info.id, file: 'amo.csv' });
});

it('a row that the store refuses costs only itself', async () => {
  // A trigger stands for whatever may go wrong with one row.
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(office.store.file);
  db.exec("CREATE TRIGGER refuse BEFORE INSERT ON companies WHEN NEW.name = 'Б' BEGIN SELECT RAISE(ABORT, 'no'); END");
  db.close();
  const info = await importText(office.client, amoFile(['А', 'Б', 'В'].map((name, index) => ({ ID: index + 1, Тип: 'компания', 'Название компании': name }))));
  expect(info).toMatchObject({ state: 'done', counts: { rows: 3, created: 2, failed: 1 } });
  expect((await verdictsOf(office.client, info.id)).map((row) => `${row.line} ${row.verdict} ${row.reason}`)).toEqual(['2 create new', '3 error import_row_failed', '4 create new']);
  expect((await office.client.system.doctor()).checks.find((check) => check.name === 'log_chain')?.ok).toBe(true);
});
