import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportInfo } from '../../src-shared/exports/contract.ts';
import { openTable } from '../../src-main/imports/read-table.ts';
import { openDoor } from '../support/doors.ts';
import { openOffice, type Office, type RouterClient } from '../support/exchange.ts';
import { registerOwner, startHouse } from '../support/house.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

async function written(client: RouterClient, input: Parameters<RouterClient['exports']['start']>[0]): Promise<ExportInfo> {
  let info = await client.exports.start(input);
  while (info.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 5));
    info = await client.exports.get({ id: info.id });
  }
  return info;
}
const textOf = async (id: string): Promise<string> => Buffer.from(await (await office.client.exports.download({ id })).arrayBuffer()).toString('utf8');
const events = (type: string) => office.store.read.all<{ user_id: string; details: string }>('SELECT user_id, details FROM security_events WHERE type = ? ORDER BY id', type).map((row) => ({ user_id: row.user_id, details: JSON.parse(row.details) as unknown }));

describe('a CSV', () => {
  it('opens in a spreadsheet: mark, semicolons, local time, roubles, no formulas', async () => {
    const client = await office.client.clients.create({ name: 'ООО «Север; юг»', phone: '+79031112233', comment: '=1+1' });
    await office.client.contracts.create({ client_id: client.id, title: 'Обслуживание\nсети', start_date: '2026-03-05', amount: 1_234_505, auto_renew: true });
    office.store.mutate({ actor: null, origin: 'system' }, (tx) => void tx.insert('tickets', { client_id: client.id, subject: '@SUM(A1)', status: 'open', priority: 2, due_date: '2026-03-05T21:30:00.000Z' }));
    const contracts = await written(office.client, { entity: 'contracts', format: 'csv' });
    expect(contracts).toMatchObject({ state: 'done', rows: 1, progress: 1, file_name: expect.stringMatching(/^contracts-\d{4}-\d\d-\d\d\.csv$/) });
    const text = await textOf(contracts.id);
    expect(text.startsWith('\uFEFFid;no;created_at;')).toBe(true);
    expect(text).toContain('"Обслуживание\nсети"');
    expect(text).toContain(';05.03.2026;;');
    expect(text).toContain(';12345,05;да;');
    const clients = await textOf((await written(office.client, { entity: 'clients', format: 'csv' })).id);
    expect(clients).toContain('"ООО «Север; юг»"');
    expect(clients).toContain(";'+79031112233;");
    expect(clients).toContain(";'=1+1");
    const tickets = await textOf((await written(office.client, { entity: 'tickets', format: 'csv' })).id);
    expect(tickets).toContain(";'@SUM(A1);");
    expect(tickets).toContain(';06.03.2026 00:30:00');
  });

  it('of the English speaker, and of an empty table', async () => {
    const { id } = await office.client.clients.create({ name: 'North' });
    await office.client.contracts.create({ client_id: id, title: 'Care', start_date: '2026-03-05', amount: 5 });
    const english = office.as({ ...office.owner, language: 'en' });
    const info = await written(english, { entity: 'contracts', format: 'csv' });
    expect(await textOf(info.id)).toMatch(/;2026-03-05;;.*;0\.05;no;/);
    const empty = await written(office.client, { entity: 'assets', format: 'csv' });
    expect(empty).toMatchObject({ state: 'done', rows: 0 });
    expect(await textOf(empty.id)).toBe('\uFEFF');
    expect(JSON.parse(await textOf((await written(office.client, { entity: 'assets', format: 'json' })).id))).toEqual([]);
  });

  it('can be read back as it was', async () => {
    for (let index = 0; index < 1203; index++) office.store.mutate({ actor: null, origin: 'system' }, (tx) => void tx.insert('companies', { name: `"К${index}"; =1`, comment: index % 7 === 0 ? 'две\nстроки' : null }));
    const info = await written(office.client, { entity: 'companies', format: 'csv' });
    const file = join(office.dataDir, 'exports', `${info.id}.csv`);
    const table = await openTable(file);
    const at = table.headers.indexOf('name');
    const names: string[] = [];
    for await (const row of table.rows()) names.push(row.bad ? `bad ${row.line}` : (row.cells[at] ?? ''));
    expect(names).toEqual(Array.from({ length: 1203 }, (_, index) => `"К${index}"; =1`));
    expect(info.rows).toBe(1203);
  });
});

it('writes JSON with the values of the doors, filtered by words', async () => {
  const north = await office.client.companies.create({ name: 'Северный ветер', activity_fields: ['Торговля', 'Склад'] });
  await office.client.companies.create({ name: 'Южный берег' });
  const info = await written(office.client, { entity: 'companies', format: 'json', q: 'северный' });
  const { version, ...rest } = north;
  expect(version).toBeDefined();
  expect(JSON.parse(await textOf(info.id))).toEqual([rest]);
});

it('logs every attempt, granted or refused', async () => {
  const engineer = office.join('engineer', 'Иван');
  await expect(office.as(engineer).exports.start({ entity: 'clients' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const coordinator = office.join('coordinator', 'Мария');
  await expect(office.as(coordinator).exports.start({ entity: 'clients' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await written(office.client, { entity: 'clients', q: 'Иван' });
  expect(events('refused').map(({ user_id, details }) => [user_id, details])).toEqual([
    [engineer.user_id, { operation: 'exports.start', permission: 'export.run' }],
    [coordinator.user_id, { operation: 'exports.start', permission: 'export.run' }],
  ]);
  expect(events('export')).toEqual([{ user_id: office.owner.user_id, details: { entity: 'clients', format: 'csv', q: 'Иван' } }]);
});

it('can be stopped, and leaves no file then; belongs to whoever asked for it', async () => {
  for (let index = 0; index < 60; index++) office.store.mutate({ actor: null, origin: 'system' }, (tx) => Array.from({ length: 100 }, (_, row) => tx.insert('companies', { name: `К${index}-${row}` })));
  const { id } = await office.client.exports.start({ entity: 'companies', format: 'csv' });
  await expect(office.client.exports.download({ id })).rejects.toMatchObject({ code: 'CONFLICT', data: { detail: 'export_not_done' } });
  await office.client.exports.cancel({ id });
  let info = await office.client.exports.get({ id });
  while (info.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 5));
    info = await office.client.exports.get({ id });
  }
  expect(info.state).toBe('cancelled');
  expect(readdirSync(join(office.dataDir, 'exports'))).toEqual([]);
  const admin = office.as(office.join('admin', 'Пётр'));
  await expect(admin.exports.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await admin.exports.list()).items).toEqual([]);
  expect((await office.client.exports.list()).items.map((one) => one.id)).toEqual([id]);
});

it('removes the files of an earlier run at the start', async () => {
  const { id } = await written(office.client, { entity: 'clients' });
  const file = join(office.dataDir, 'exports', `${id}.csv`);
  expect(existsSync(file)).toBe(true);
  writeFileSync(join(office.dataDir, 'exports', 'stray.csv'), 'x');
  office = await office.restart();
  expect(existsSync(join(office.dataDir, 'exports'))).toBe(false);
  expect((await office.client.exports.list()).items).toEqual([]);
});

describe('through the HTTP doors', () => {
  it.each(['api', 'rpc'] as const)('%s takes a file in and gives one out', async (name) => {
    const house = await startHouse();
    try {
      const { token } = await registerOwner(house.url);
      const { client } = openDoor(name, house, token);
      const uploaded = await client.imports.upload({ file: new File(['ID,Тип,Название компании\n1,компания,Вектор\n'], 'выгрузка.csv', { type: 'text/csv' }) });
      expect(uploaded).toMatchObject({ state: 'uploaded', file_name: 'выгрузка.csv' });
      await client.imports.run({ id: uploaded.id });
      while ((await client.imports.get({ id: uploaded.id })).state === 'running') await new Promise((resolve) => setTimeout(resolve, 10));
      let info = await client.exports.start({ entity: 'companies' });
      while (info.state === 'running') info = await client.exports.get({ id: info.id });
      const file = await client.exports.download({ id: info.id });
      expect(file.name).toBe(info.file_name);
      expect(await file.text()).toContain(';Вектор;');
    } finally {
      await house.close();
    }
  });
});
