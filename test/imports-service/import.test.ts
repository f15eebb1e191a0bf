import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amoExport, amoFile } from '../support/amo-file.ts';
import { csv, importText, openOffice, rested, verdictsOf, type Office } from '../support/exchange.ts';

const sample = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(import.meta.dirname, '../../resources/samples', name)));

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const companies = (): Promise<Record<string, unknown>[]> => office.client.companies.list({ limit: 200 }).then((page) => page.items as Record<string, unknown>[]);
const contacts = (): Promise<Record<string, unknown>[]> => office.client.contacts.list({ limit: 200 }).then((page) => page.items as Record<string, unknown>[]);
const company = (cells: Record<string, unknown>) => ({ ID: 1, Тип: 'компания', ...cells });
const contact = (cells: Record<string, unknown>) => ({ ID: 1, Тип: 'контакт', ...cells });

describe('a real export', () => {
  it('is recognised, judged and written; judging and writing agree', async () => {
    const info = await office.client.imports.upload({ file: csv(sample('amocrm-export.csv'), 'выгрузка.csv') });
    expect(info).toMatchObject({ state: 'uploaded', encoding: 'utf-8', delimiter: ',', file_name: 'выгрузка.csv', counts: { rows: 0 } });
    expect(info.columns.find((column) => column.header === 'КПП')).toEqual({ header: 'КПП', target: 'company.kpp' });
    await office.client.imports.check({ id: info.id });
    const checked = await rested(office.client, info.id);
    expect(checked).toMatchObject({ state: 'checked', progress: 1, error: null });
    expect(await companies()).toEqual([]);
    const judged = await verdictsOf(office.client, info.id);
    await office.client.imports.run({ id: info.id });
    const done = await rested(office.client, info.id);
    expect(done).toMatchObject({ state: 'done', counts: checked.counts });
    const written = await verdictsOf(office.client, info.id);
    const withoutIds = (rows: typeof written) => rows.map(({ matched_id, ...row }) => ({ ...row, matched: matched_id !== null }));
    expect(withoutIds(written)).toEqual(withoutIds(judged));
    const north = (await companies()).find((row) => row['name'] === 'ООО "Северный ветер"');
    expect(north).toMatchObject({ inn: '7700123459', kpp: '770001001', phone: '+74950000101', email: 'office@severveter.example', created_at: '2024-02-12T06:15:00.000Z', responsible_id: office.owner.user_id });
    expect(north?.['comment']).toContain('#ключевой #обслуживание');
    const notes = (await office.client.notes.list({ company_id: String(north?.['id']) })).items.map((note) => note.content);
    expect(notes).toContain('Серверная на втором этаже.\nПропуск заказывать за день.');
    expect((await contacts()).find((row) => String(row['full_name']).startsWith('Галиев'))?.['company_id'] ?? null).toSatisfy((id: unknown) => id === null || typeof id === 'string');
  });

  it('says what to look at in a row that it takes', async () => {
    const { id } = await office.client.imports.upload({ file: csv(sample('amocrm-export.csv')) });
    await office.client.imports.check({ id });
    await rested(office.client, id);
    const rows = await verdictsOf(office.client, id);
    expect(rows.find((row) => row.line === 5)?.warnings).toEqual([expect.objectContaining({ field: 'inn', why: 'import_inn_padded' })]);
  });

  it('saved by Excel: bad rows are reported with their lines and stop nothing', async () => {
    const { id } = await office.client.imports.upload({ file: csv(sample('amocrm-export-cp1251-semicolon.csv')) });
    await office.client.imports.run({ id });
    expect(await rested(office.client, id)).toMatchObject({ state: 'done', counts: { failed: 2, rows: 11 } });
    expect((await office.client.imports.rows({ id, verdict: 'error' })).items.map((row) => [row.line, row.reason])).toEqual([[7, 'import_row_quotes'], [10, 'import_row_columns']]);
    expect((await companies()).length).toBeGreaterThan(3);
  });

  it.each(['amocrm-export.csv', 'amocrm-export-cp1251-semicolon.csv', 'amocrm-import-template.csv'])('%s a second time makes nothing new', async (name) => {
    const first = await office.client.imports.upload({ file: csv(sample(name)) });
    await office.client.imports.run({ id: first.id });
    const before = await rested(office.client, first.id);
    expect(before.counts.created).toBeGreaterThan(0);
    const rows = [await companies(), await contacts()];
    const notes = office.store.read.get<{ n: number }>('SELECT count(*) AS n FROM notes')?.n;
    const second = await office.client.imports.upload({ file: csv(sample(name)) });
    await office.client.imports.run({ id: second.id });
    expect((await rested(office.client, second.id)).counts).toMatchObject({ created: 0, updated: 0, joined: 0 });
    expect([await companies(), await contacts()]).toEqual(rows);
    expect(office.store.read.get<{ n: number }>('SELECT count(*) AS n FROM notes')?.n).toBe(notes);
  });

  it('is refused as a whole where it holds nothing of use', async () => {
    for (const [text, detail] of [['', 'import_empty'], ['Название сделки,Воронка\nРемонт,Продажи\n', 'import_deals_only'], ['Погода,Луна\nясно,полная\n', 'import_no_known_columns']] as const) {
      await expect(office.client.imports.upload({ file: csv(text) })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'file', detail } });
    }
    expect((await office.client.imports.list()).items).toEqual([]);
  });
});

describe('what is one company', () => {
  const made = async (...rows: Record<string, unknown>[]) => {
    const info = await importText(office.client, amoFile(rows));
    return (await verdictsOf(office.client, info.id)).map((row) => `${row.verdict} ${row.reason}`);
  };
  const known = (fields: { name: string } & Record<string, unknown>) => office.client.companies.create(fields);

  it('the same INN and KPP; another KPP is a branch', async () => {
    await known({ name: 'Ромашка', inn: '7707083893', kpp: '770701001' });
    expect(await made(company({ 'Название компании': 'ООО «Ромашка и К»', ИНН: '7707083893', КПП: '770701001' }), company({ ID: 2, 'Название компании': 'Ромашка Казань', ИНН: '7707083893', КПП: '165501001' }))).toEqual(['join same_inn_kpp', 'create new']);
  });
  it('prefers the branch of the same KPP', async () => {
    await known({ name: 'Ромашка', inn: '7707083893' });
    const branch = await known({ name: 'Ромашка Казань', inn: '7707083893', kpp: '165501001' });
    const info = await importText(office.client, amoFile([company({ 'Название компании': 'Ромашка', ИНН: '7707083893', КПП: '165501001' })]));
    expect((await verdictsOf(office.client, info.id))[0]).toMatchObject({ reason: 'same_inn_kpp', matched_id: branch.id });
  });
  it('the same name at the same address, without another INN', async () => {
    await known({ name: 'ООО «Вектор»', address: 'г. Москва, ул. Ленина, д. 12' });
    await known({ name: 'АО «Маяк»', address: 'г. Казань, ул. Баумана, 5', inn: '7707083893' });
    expect(
      await made(
        company({ 'Название компании': 'Вектор, ООО', Адрес: 'Москва, Ленина 12' }),
        company({ ID: 2, 'Название компании': 'АО «Маяк»', Адрес: 'г. Казань, ул. Баумана, 5', ИНН: '7736050003' }),
        company({ ID: 3, 'Название компании': 'ООО «Вектор»', Адрес: 'г. Тверь, ул. Ленина, д. 12' }),
      ),
    ).toEqual(['join same_name_address', 'create new', 'create new']);
  });
  it('the same name with the same phone or e-mail, where no two addresses differ', async () => {
    await known({ name: 'ООО «Вектор»', phone: '+74951234567' });
    await known({ name: 'ООО «Маяк»', phone: '+74951234568', address: 'г. Казань, ул. Баумана, 5' });
    expect(
      await made(
        company({ 'Название компании': 'Вектор', 'Рабочий телефон': "'8 495 123-45-67", Адрес: 'Москва, Ленина 12' }),
        company({ ID: 2, 'Название компании': 'Маяк', 'Рабочий телефон': "'8 495 123-45-68", Адрес: 'г. Тверь, ул. Мира, 1' }),
      ),
    ).toEqual(['update same_name_phone', 'create new']);
  });
  it('a bare name and a fuller one; two fuller ones with nothing in common stay two', async () => {
    await known({ name: 'ООО «Вектор»' });
    await known({ name: 'ООО «Маяк»', phone: '+74951234568' });
    expect(await made(company({ 'Название компании': 'Вектор', ИНН: '7707083893' }), company({ ID: 2, 'Название компании': 'Маяк', ИНН: '7736050003' }), company({ ID: 3, 'Название компании': 'ООО Маяк' }))).toEqual(['update same_name', 'create new', 'join same_name']);
  });
  it('within one file too', async () => {
    expect(await made(company({ 'Название компании': 'А', ИНН: '7707083893' }), company({ ID: 2, 'Название компании': 'Б', ИНН: '7707083893' }))).toEqual(['create new', 'join same_inn']);
  });
});

describe('what is one contact', () => {
  const made = async (...rows: Record<string, unknown>[]) => {
    const info = await importText(office.client, amoFile(rows));
    return (await verdictsOf(office.client, info.id)).filter((row) => row.entity === 'contacts').map((row) => `${row.verdict} ${row.reason}`);
  };

  it('in one company by a name that fits and a number; colleagues at one telephone stay two', async () => {
    const { id } = await office.client.companies.create({ name: 'Вектор' });
    await office.client.contacts.create({ full_name: 'Иванов Иван Петрович', company_id: id, phone: '+79031112233' });
    expect(
      await made(
        contact({ 'Полное имя контакта': 'Иванов Иван', 'Название компании': 'Вектор', 'Мобильный телефон': '8 903 111-22-33', 'Личный email': 'ivan@vektor.example' }),
        contact({ ID: 2, 'Полное имя контакта': 'Петрова Ольга', 'Название компании': 'Вектор', 'Мобильный телефон': '8 903 111-22-33' }),
        contact({ ID: 3, 'Полное имя контакта': 'Иванов Иван Петрович', 'Название компании': 'Вектор', 'Мобильный телефон': '8 916 000-00-01' }),
        contact({ ID: 4, 'Полное имя контакта': 'Сидоров', 'Название компании': 'Вектор' }),
        contact({ ID: 5, 'Полное имя контакта': 'Сидоров', 'Название компании': 'Вектор', 'Личный email': 'sidorov@vektor.example' }),
      ),
    ).toEqual(['update same_phone_or_email', 'create new', 'create new', 'create new', 'update same_name']);
  });
  it('without a company by the same name and a way to reach him', async () => {
    await office.client.contacts.create({ full_name: 'Орлова Анна', email: 'anna@orlova.example' });
    expect(
      await made(
        contact({ 'Полное имя контакта': 'Орлова Анна', 'Личный email': 'Anna@orlova.example', 'Название компании': 'Новая' }),
        contact({ ID: 2, 'Полное имя контакта': 'Орлова Анна', 'Личный email': 'other@orlova.example' }),
      ),
    ).toEqual(['update same_phone_or_email', 'create new']);
    expect((await contacts()).find((row) => row['email'] === 'anna@orlova.example')?.['company_name']).toBe('Новая');
  });
  it('makes the company that only contacts name, once', async () => {
    const info = await importText(office.client, amoFile([contact({ 'Полное имя контакта': 'А', 'Название компании': 'ООО «Новая»' }), contact({ ID: 2, 'Полное имя контакта': 'Б', 'Название компании': 'Новая, ООО' })]));
    expect(info.counts).toMatchObject({ rows: 2, created: 3 });
    expect((await contacts()).map((row) => row['company_name'])).toEqual(['ООО «Новая»', 'ООО «Новая»']);
  });
  it('chooses among companies of a name the one that shares a number', async () => {
    await office.client.companies.create({ name: 'Вектор', address: 'Москва, Мира 1', phone: '+74950000001' });
    const second = await office.client.companies.create({ name: 'Вектор', address: 'Тверь, Мира 1', phone: '+74820000002' });
    await made(contact({ 'Полное имя контакта': 'А', 'Название компании': 'Вектор', 'Рабочий телефон': '+7 482 000-00-02' }));
    expect((await contacts())[0]).toMatchObject({ company_id: second.id });
  });
  it('keeps all numbers, and the notes of one without a company in the comment', async () => {
    await made(contact({ 'Полное имя контакта': 'А', 'Мобильный телефон': "'+79031112233, '+79031112234", 'Рабочий телефон': '8 495 111-22-33', 'Примечание 1': 'Звонить после обеда' }));
    const row = (await contacts())[0] as Record<string, unknown>;
    expect(new Set([row['phone'], ...(row['phones'] as string[])])).toEqual(new Set(['+79031112233', '+79031112234', '+74951112233']));
    expect(row['comment']).toContain('Звонить после обеда');
  });
});

describe('what a person wrote', () => {
  const file = (phone: string, extra: Record<string, unknown> = {}) => amoFile([company({ 'Название компании': 'Вектор', ИНН: '7707083893', 'Рабочий телефон': phone, ...extra })]);
  const only = async () => (await companies())[0] as Record<string, unknown>;

  it('stays; what the last import wrote, and what is empty, follows the file', async () => {
    await importText(office.client, file('+7 495 000-00-01', { Адрес: 'Москва, Мира 1' }));
    const { id } = (await only()) as { id: string };
    await office.client.companies.update({ id, address: 'Москва, проспект Мира, 2' });
    const second = await importText(office.client, file('+7 495 000-00-02', { Адрес: 'Москва, Мира 3', Web: 'vektor.example' }));
    expect(await only()).toMatchObject({ phone: '+74950000002', address: 'Москва, проспект Мира, 2', website: 'vektor.example' });
    expect(await verdictsOf(office.client, second.id)).toMatchObject([{ verdict: 'update', reason: 'same_source', kept: ['address'] }]);
    const third = await importText(office.client, file('+7 495 000-00-02', { Адрес: 'Москва, Мира 3', Web: 'vektor.example' }));
    expect(await verdictsOf(office.client, third.id)).toMatchObject([{ verdict: 'skip', reason: 'unchanged' }]);
  });
  it('is not brought back from the trash, nor are its notes', async () => {
    await importText(office.client, file('+7 495 000-00-01', { 'Примечание 1': 'Пропуск' }));
    const { id } = (await only()) as { id: string };
    const note = (await office.client.notes.list({ company_id: id })).items[0];
    await office.client.notes.delete({ id: note?.id ?? '' });
    await importText(office.client, file('+7 495 000-00-01', { 'Примечание 1': 'Пропуск' }));
    expect((await office.client.notes.list({ company_id: id })).items).toEqual([]);
    await office.client.companies.delete({ id });
    const again = await importText(office.client, file('+7 495 000-00-01'));
    expect(await verdictsOf(office.client, again.id)).toMatchObject([{ verdict: 'skip', reason: 'in_trash' }]);
    expect(await companies()).toEqual([]);
  });
  it('is found behind a merge', async () => {
    await importText(office.client, amoFile([company({ 'Название компании': 'Вектор', ИНН: '7707083893' }), company({ ID: 2, 'Название компании': 'Вектор Плюс', ИНН: '7707083893', КПП: '165501001' })]));
    const [kept, other] = (await companies()) as { id: string }[];
    if (other) await office.client.companies.merge({ id: kept?.id ?? '', other_id: other.id, take: [] });
    const before = await companies();
    await importText(office.client, amoFile([company({ 'Название компании': 'Вектор', ИНН: '7707083893' }), company({ ID: 2, 'Название компании': 'Вектор Плюс', ИНН: '7707083893', КПП: '165501001' })]));
    expect((await companies()).map((row) => row['id'])).toEqual(before.map((row) => row['id']));
  });
});

describe('who is responsible', () => {
  it('by login, e-mail or full name behind a branch; mapped by hand; else the importer', async () => {
    const ivan = office.join('engineer', 'Смирнов Иван Олегович', { email: 'smirnov@example.com' });
    const maria = office.join('coordinator', 'Соколова Мария');
    const text = amoFile(['(ЕКБ) Иван Смирнов', 'smirnov', 'Мария Соколова', 'Кто-то Другой', 'Никто'].map((name, index) => company({ ID: index, 'Название компании': `К${index}`, Ответственный: name })));
    const info = await office.client.imports.upload({ file: csv(text) });
    expect(info.responsibles).toEqual([
      { name: '(ЕКБ) Иван Смирнов', user_id: ivan.user_id, user_name: 'Смирнов Иван Олегович' },
      { name: 'smirnov', user_id: ivan.user_id, user_name: 'Смирнов Иван Олегович' },
      { name: 'Мария Соколова', user_id: maria.user_id, user_name: 'Соколова Мария' },
      { name: 'Кто-то Другой', user_id: null, user_name: null },
      { name: 'Никто', user_id: null, user_name: null },
    ]);
    await office.client.imports.check({ id: info.id, responsibles: { 'Кто-то Другой': 'Мария' } });
    expect((await rested(office.client, info.id)).responsibles[3]).toEqual({ name: 'Кто-то Другой', user_id: maria.user_id, user_name: 'Соколова Мария' });
    await office.client.imports.run({ id: info.id });
    await rested(office.client, info.id);
    expect((await companies()).map((row) => row['responsible_id'])).toEqual([ivan.user_id, ivan.user_id, maria.user_id, maria.user_id, office.owner.user_id]);
    await expect(office.client.imports.check({ id: info.id, responsibles: { Никто: 'Незнакомец' } })).rejects.toMatchObject({ code: 'REFERENCE_NOT_FOUND', data: { field: 'responsibles' } });
  });
  it('a company that the importer may not change stays as it was, and says so', async () => {
    const coordinator = office.join('coordinator', 'Соколова Мария');
    await office.client.companies.create({ name: 'Чужая', inn: '7707083893' });
    const client = office.as(coordinator);
    const text = amoFile([company({ 'Название компании': 'Чужая', ИНН: '7707083893', Web: 'chuzhaya.example' }), contact({ ID: 2, 'Полное имя контакта': 'Пётр', 'Название компании': 'Чужая' })]);
    const { id } = await client.imports.upload({ file: csv(text) });
    await client.imports.check({ id });
    expect((await rested(client, id)).counts).toMatchObject({ joined: 1, created: 1, failed: 0 });
    await client.imports.run({ id });
    expect((await rested(client, id)).counts).toMatchObject({ joined: 1, created: 1, failed: 0 });
    expect((await verdictsOf(client, id))[0]).toMatchObject({ verdict: 'join', reason: 'not_yours', kept: ['website', 'responsible_id'].slice(0, 1) });
    expect((await companies())[0]).toMatchObject({ website: null });
  });
});

describe('a large file', () => {
  it('is judged as it is written', async () => {
    const info = await office.client.imports.upload({ file: csv(amoExport(1500)) });
    await office.client.imports.check({ id: info.id });
    const checked = await rested(office.client, info.id);
    const judged = await verdictsOf(office.client, info.id);
    await office.client.imports.run({ id: info.id });
    const done = await rested(office.client, info.id);
    expect(done.counts).toEqual(checked.counts);
    expect((await verdictsOf(office.client, info.id)).map((row) => `${row.line} ${row.verdict} ${row.reason}`)).toEqual(judged.map((row) => `${row.line} ${row.verdict} ${row.reason}`));
    expect((await office.client.companies.list({ limit: 1, total: true })).total).toBeGreaterThan(500);
    expect((await office.client.system.doctor()).checks.filter((check) => check.name !== 'disk_space').every((check) => check.ok)).toBe(true);
  });
});
