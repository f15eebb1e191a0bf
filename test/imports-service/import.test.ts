import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportInfo } from '../../src-shared/imports/contract.ts';
import { openDoor, type DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';

const SAMPLES = join(import.meta.dirname, '../../resources/samples');
const sample = (name: string): File => new File([new Uint8Array(readFileSync(join(SAMPLES, name)))], basename(name));
const MOVING = new Set(['checking', 'running', 'undoing']);

let house: RunningHouse;
let client: DoorClient;

beforeEach(async () => {
  house = await startHouse();
  client = openDoor('rpc', house, (await registerOwner(house.url)).token).client;
});
afterEach(() => house.close());

async function settled(id: string): Promise<ImportInfo> {
  for (;;) {
    const info = await client.imports.get({ id });
    if (!MOVING.has(info.state)) return info;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const counts = async (): Promise<{ companies: number; contacts: number }> => ({
  companies: (await client.companies.list({ limit: 1, total: true })).total ?? 0,
  contacts: (await client.contacts.list({ limit: 1, total: true })).total ?? 0,
});
async function run(name: string): Promise<ImportInfo> {
  const { id } = await client.imports.upload({ file: sample(name) });
  await client.imports.run({ id });
  return settled(id);
}

describe('an amoCRM file', () => {
  it('is recognised: encoding, separator, columns', async () => {
    expect(await client.imports.upload({ file: sample('amocrm-export.csv') })).toMatchObject({ state: 'uploaded', delimiter: ',', encoding: 'utf-8' });
    expect(await client.imports.upload({ file: sample('amocrm-export-cp1251-semicolon.csv') })).toMatchObject({ delimiter: ';', encoding: 'windows-1251' });
    expect(await client.imports.upload({ file: sample('amocrm-import-template.csv') })).toMatchObject({ delimiter: '\t' });
  });

  it('is tried without a change to the base, and then does what the trial said', async () => {
    const { id } = await client.imports.upload({ file: sample('amocrm-export.csv') });
    await client.imports.check({ id });
    const tried = await settled(id);
    expect(tried.state).toBe('checked');
    expect(await counts()).toEqual({ companies: 0, contacts: 0 });
    await client.imports.run({ id });
    const done = await settled(id);
    expect(done).toMatchObject({ state: 'done', progress: 1, counts: tried.counts });
    const made = await counts();
    expect(made.companies + made.contacts).toBe(done.counts.created);
  });

  it('imported again changes nothing', async () => {
    await run('amocrm-export.csv');
    const before = await counts();
    const again = await run('amocrm-export.csv');
    expect(again.counts).toMatchObject({ created: 0, updated: 0, failed: 0 });
    expect(await counts()).toEqual(before);
  });

  it('keeps what a person wrote after the first import', async () => {
    await run('amocrm-export.csv');
    const [company] = (await client.companies.list({ limit: 1 })).items;
    await client.companies.update({ id: company?.id ?? '', phone: '+74951112233' });
    await run('amocrm-export.csv');
    expect(await client.companies.get({ id: company?.id ?? '' })).toMatchObject({ phone: '+74951112233' });
  });

  it('is taken back whole', async () => {
    const done = await run('amocrm-export.csv');
    await client.imports.undo({ id: done.id });
    expect(await settled(done.id)).toMatchObject({ state: 'undone' });
    expect(await counts()).toEqual({ companies: 0, contacts: 0 });
    expect((await run('amocrm-export.csv')).counts.created).toBe(done.counts.created);
  });

  it('reports a bad row with its line and goes on with the rest', async () => {
    const done = await run('amocrm-export-cp1251-semicolon.csv');
    expect(done.state).toBe('done');
    const faults = (await client.imports.rows({ id: done.id, verdict: 'error' })).items;
    expect(faults.map((row) => [row.line, row.reason])).toEqual([
      [7, 'import_row_quotes'],
      [10, 'import_row_columns'],
    ]);
    expect(done.counts.created).toBeGreaterThan(3);
  });

  it('gives its rows to the people that it names, or to the importer', async () => {
    await client.users.create({ full_name: 'Петров Иван Сергеевич', email: 'petrov@example.com', role: 'engineer', password: 'длинный-пароль-девять' });
    const { id, responsibles } = await client.imports.upload({ file: new File(['ID,Тип,Название компании,Ответственный\n1,компания,ООО Ромашка,(ЕКБ) Петров Иван Сергеевич\n2,компания,АО Лютик,Неизвестный Кто-то\n'], 'people.csv') });
    expect(responsibles).toEqual([
      { name: '(ЕКБ) Петров Иван Сергеевич', user_id: expect.any(String), user_name: 'Петров Иван Сергеевич' },
      { name: 'Неизвестный Кто-то', user_id: null, user_name: null },
    ]);
    await client.imports.run({ id });
    await settled(id);
    const rows = (await client.companies.list({})).items;
    expect(Object.fromEntries(rows.map((row) => [row.name, row.responsible_name]))).toEqual({ 'АО Лютик': 'Анна Волкова', 'ООО Ромашка': 'Петров Иван Сергеевич' });
  });

  it('stopped half-way leaves nothing behind', async () => {
    const rows = Array.from({ length: 6000 }, (_, index) => `${index},компания,ООО Поток ${index}`).join('\n');
    const { id } = await client.imports.upload({ file: new File([`ID,Тип,Название компании\n${rows}\n`], 'many.csv') });
    await client.imports.run({ id });
    await client.imports.cancel({ id });
    expect(await settled(id)).toMatchObject({ state: 'cancelled' });
    expect(await counts()).toEqual({ companies: 0, contacts: 0 });
  });

  it('that is no such file is refused with the reason', async () => {
    const refused = client.imports.upload({ file: new File(['ID,Название сделки,Бюджет\n1,Сделка,100\n'], 'deals.csv') });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID', data: { field: 'file', detail: 'import_deals_only' } });
  });
});

describe('an export', () => {
  it('writes all rows, keeps formulas from running, and is logged', async () => {
    await client.companies.create({ name: '=HYPERLINK("http://x")', comment: 'с "кавычками"; и точкой' });
    let info = await client.exports.start({ entity: 'companies', format: 'csv' });
    while (info.state === 'running') info = await client.exports.get({ id: info.id });
    expect(info).toMatchObject({ state: 'done', rows: 1 });
    const text = await (await client.exports.download({ id: info.id })).text();
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).toContain('"с ""кавычками""; и точкой"');
    const events = (await client.audit.security({ type: 'export' })).items;
    expect(events).toMatchObject([{ type: 'export', details: { entity: 'companies', format: 'csv' } }]);
  });
});
