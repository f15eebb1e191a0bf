import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanCell, decodeEntities, mapRow, planHeaders, splitResponsible, type HeaderPlan, type MappedRow } from '../../src-shared/imports/amo/index.ts';

const EXPORT =
  'ID|Тип|Полное имя контакта|Имя|Фамилия|Название компании|Ответственный|Дата создания контакта|Кем создан контакт|Сделки|Дата редактирования|Кем редактирован|Теги|Примечание 1|Примечание 2|Примечание 3|Примечание 4|Примечание 5|Рабочий телефон|Рабочий прямой телефон|Мобильный телефон|Факс|Домашний телефон|Другой телефон|Рабочий email|Личный email|Другой email|Web|Адрес|ИНН|КПП|Юридическое название компании|Сферы деятельности|Руководитель|Должность|Skype|ICQ|Пользовательское соглашение'.split('|');
const TEMPLATE =
  'Полное имя (контакт)|Имя|Отчество|Фамилия|Должность (контакт)|Ответственный за контакт|Дата создания (контакт)|Рабочий телефон (контакт)|Мобильный телефон (контакт)|Рабочий email (контакт)|Другой телефон 1 (контакт)|Тег контакта|Примечание к контакту|Примечание к контакту|Название (компания)|Ответственный за компанию|Рабочий телефон (компания)|Адрес (компания)|ИНН (компания)|Web (компания)|Тег компании|Название сделки|Бюджет сделки|Статус сделки'.split('|');
const DEALS = 'ID|Название сделки|Бюджет ₸|Ответственный|Дата создания сделки|Кем создана сделка|Дата закрытия|Теги|Примечание|Этап сделки|Воронка|Полное имя контакта|Компания контакта|Рабочий телефон|utm_source'.split('|');

function plan(headers: readonly string[]): HeaderPlan {
  const verdict = planHeaders(headers);
  if (!verdict.ok) throw new Error(verdict.why);
  return verdict.plan;
}
const row = (headers: readonly string[], cells: Record<string, string | string[]>, zone = 'Europe/Moscow'): MappedRow => {
  const used = new Map<string, number>();
  const line = headers.map((header) => {
    const value = cells[header];
    if (!Array.isArray(value)) return used.has(header) ? '' : (used.set(header, 1), value ?? '');
    const at = used.get(header) ?? 0;
    used.set(header, at + 1);
    return value[at] ?? '';
  });
  return mapRow(plan(headers), line, { zone });
};
const why = (mapped: MappedRow): string[] => mapped.warnings.map((warning) => `${warning.field}:${warning.why}`);

describe('planHeaders', () => {
  it('recognises the export of contacts and companies', () => {
    const { family, columns, unknown } = plan(EXPORT);
    expect(family).toBe('export');
    expect(unknown).toEqual(['Факс', 'Руководитель', 'Skype', 'ICQ']);
    expect(columns.filter((column) => column.status === 'ignored').map((column) => column.header)).toEqual(['Кем создан контакт', 'Сделки', 'Кем редактирован', 'Пользовательское соглашение']);
    expect(columns.map((column) => column.field).filter((field) => field === 'note')).toHaveLength(5);
    expect(columns.filter((column) => column.field === 'phone')).toHaveLength(5);
  });
  it('recognises the import template with the entity in brackets', () => {
    const { family, columns, unknown } = plan(TEMPLATE);
    expect(family).toBe('template');
    expect(unknown).toEqual([]);
    expect(columns.map((column) => (column.status === 'taken' ? `${column.owner}.${column.field}` : column.status))).toEqual([
      'contact.full_name', 'contact.first_name', 'contact.middle_name', 'contact.last_name', 'contact.position', 'contact.responsible', 'contact.created_at', 'contact.phone', 'contact.phone', 'contact.email', 'contact.phone', 'contact.tags', 'contact.note', 'contact.note',
      'company.name', 'company.responsible', 'company.phone', 'company.address', 'company.inn', 'company.website', 'company.tags', 'ignored', 'ignored', 'ignored',
    ]);
    expect(columns[13]?.key).toBe('Примечание к контакту (2)');
  });
  it('goes by names, not by position, case, quotes or ё', () => {
    const verdict = planHeaders(['\ufeff"инн"', 'ТИП', 'Название\u00a0компании ', 'Ещё поле']);
    expect(verdict.ok && verdict.plan.columns.map((column) => column.field ?? column.status)).toEqual(['inn', 'type', 'name', 'comment']);
  });
  it.each<[string, string[]]>([
    ['import_deals_only', DEALS],
    ['import_deals_only', ['Название сделки', 'Бюджет сделки', 'Статус сделки']],
    ['import_no_known_columns', ['Цвет', 'Размер']],
    ['import_no_header', ['', ' ']],
    ['import_no_header', []],
  ])('refuses: %s', (reason, headers) => expect(planHeaders(headers)).toEqual({ ok: false, why: reason }));
  it('takes any header row', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...EXPORT, ...TEMPLATE, ...DEALS), fc.string({ unit: 'grapheme' }))), (headers) => typeof planHeaders(headers).ok === 'boolean'));
  });
});

describe('mapRow, export', () => {
  it('reads a company', () => {
    const mapped = row(EXPORT, {
      ID: '101', Тип: 'компания', 'Название компании': 'ООО &quot;Ромашка&quot;', Ответственный: '(ЕКБ) Иванов Иван', 'Дата создания контакта': '05.03.2024 14:07:59', Теги: 'vip, опт,vip', 'Примечание 1': 'Первая\r\nстрока', 'Примечание 3': 'Третье',
      'Рабочий телефон': "'84951234567, 8 916 111-22-33", Факс: '84951234568', 'Рабочий email': 'Info@romashka.ru', 'Другой email': 'buh@romashka.ru', Web: 'romashka.ru', Адрес: 'Москва, Ленина 5', ИНН: '274062111', КПП: '027401001',
      'Юридическое название компании': 'Общество с ограниченной ответственностью "Ромашка"', 'Сферы деятельности': 'Торговля, Логистика', Руководитель: 'Петров П. П.',
    });
    expect(mapped).toMatchObject({
      kind: 'company', source_id: '101', responsible: '(ЕКБ) Иванов Иван', source_created_at: '2024-03-05T11:07:59.000Z', source_updated_at: null, tags: ['vip', 'опт'], notes: ['Первая\nстрока', 'Третье'], company_name: null,
      company: {
        name: 'ООО "Ромашка"', inn: '0274062111', kpp: '027401001', ogrn: null, legal_name: 'Общество с ограниченной ответственностью "Ромашка"', address: 'Москва, Ленина 5', phone: '+74951234567', email: 'Info@romashka.ru', website: 'romashka.ru',
        activity_fields: ['Торговля', 'Логистика'], comment: 'Факс: 84951234568\nРуководитель: Петров П. П.\nРабочий телефон: +79161112233\nДругой email: buh@romashka.ru',
      },
    });
    expect(why(mapped)).toEqual(['inn:import_inn_padded']);
    expect(mapped.raw['Название компании']).toBe('ООО &quot;Ромашка&quot;');
  });
  it('reads a contact and the name of its company', () => {
    const mapped = row(EXPORT, { ID: '7', Тип: 'контакт', 'Полное имя контакта': 'Пётр Сидоров', Имя: 'Пётр', Фамилия: 'Сидоров', 'Название компании': 'Ромашка', 'Рабочий телефон': "'+77026261947,'+77026261948", 'Мобильный телефон': '8 702 626 19 47', Должность: 'Директор', Адрес: 'Омск', Skype: 'petr' });
    expect(mapped).toMatchObject({ kind: 'contact', company_name: 'Ромашка', contact: { full_name: 'Пётр Сидоров', position: 'Директор', phone: '+77026261947', phones: ['+77026261948'], email: null, comment: 'Skype: petr\nАдрес: Омск' } });
    expect(why(mapped)).toEqual([]);
  });
  it('reads both where a contact row describes its company', () => {
    const mapped = row(EXPORT, { Тип: 'контакт', 'Полное имя контакта': 'Пётр', 'Название компании': 'Ромашка', ИНН: '7707083893/773601001', 'Рабочий телефон': '89161112233' });
    expect(mapped).toMatchObject({ kind: 'both', company: { name: 'Ромашка', inn: '7707083893', kpp: '773601001', phone: null }, contact: { phone: '+79161112233' } });
  });
  it.each<[string, Record<string, string>, string[], object]>([
    ['a wrong INN is kept', { Тип: 'компания', 'Название компании': 'А', ИНН: '7707083894' }, ['inn:inn_checksum'], { company: { inn: '7707083894' } }],
    ['an INN in words goes to the comment', { Тип: 'компания', 'Название компании': 'А', ИНН: '7,70708E+09' }, ['inn:inn_characters'], { company: { inn: null, comment: 'ИНН: 7,70708E+09' } }],
    ['a KPP without its zero', { Тип: 'компания', 'Название компании': 'А', КПП: '78401001' }, [], { company: { kpp: '078401001' } }],
    ['no name but a phone', { Тип: 'контакт', 'Рабочий телефон': '89161112233' }, ['full_name:import_name_guessed'], { kind: 'contact', contact: { full_name: '+79161112233' } }],
    ['no name but an INN', { Тип: 'компания', ИНН: '7707083893' }, ['name:import_name_guessed'], { kind: 'company', company: { name: '7707083893' } }],
    ['the name of a company in the contact column', { Тип: 'Компания', 'Полное имя контакта': 'Ромашка' }, [], { kind: 'company', company: { name: 'Ромашка' } }],
    ['a local phone', { Тип: 'контакт', 'Полное имя контакта': 'П', 'Рабочий телефон': '12-34-56' }, ['phone:import_phone_unclear'], { contact: { phone: '12-34-56' } }],
    ['words instead of a phone', { Тип: 'контакт', 'Полное имя контакта': 'П', 'Рабочий телефон': 'нет' }, [], { contact: { phone: null, comment: 'Рабочий телефон: нет' } }],
    ['a broken e-mail', { Тип: 'контакт', 'Полное имя контакта': 'П', 'Рабочий email': 'на сайте' }, ['email:import_email_unclear'], { contact: { email: null, comment: 'Рабочий email: на сайте' } }],
    ['a broken date', { Тип: 'контакт', 'Полное имя контакта': 'П', 'Дата редактирования': '31.02.2024' }, ['updated_at:import_date_unclear'], { source_updated_at: null }],
    ['an INN of a contact without a company', { Тип: 'контакт', 'Полное имя контакта': 'П', ИНН: '500100732259' }, [], { kind: 'contact', contact: { comment: 'ИНН: 500100732259' } }],
    ['a deal', { Тип: 'сделка', 'Полное имя контакта': 'П' }, [], { kind: 'none', why: 'import_row_deal' }],
    ['nothing', { ID: '5', Тип: 'контакт', Теги: 'а' }, [], { kind: 'none', why: 'import_row_empty' }],
    ['a name that is too long', { Тип: 'компания', 'Название компании': 'Я'.repeat(400) }, ['name:import_cut'], { company: { name: 'Я'.repeat(300) } }],
  ])('%s', (_, cells, warnings, expected) => {
    const mapped = row(EXPORT, cells);
    expect(mapped).toMatchObject(expected);
    expect(why(mapped)).toEqual(warnings);
  });
  it('takes the first of a title that occurs twice and keeps the other', () => {
    const mapped = row([...EXPORT, 'ИНН', 'Адрес'], { Тип: 'компания', 'Название компании': 'А', ИНН: ['', '7707083893'], Адрес: ['Омск', 'Томск'] });
    expect(mapped).toMatchObject({ company: { inn: '7707083893', address: 'Омск', comment: 'Адрес: Томск' } });
  });
});

describe('mapRow, import template', () => {
  it('reads both from one row, each with its own phones', () => {
    const mapped = row(TEMPLATE, {
      Имя: 'Пётр', Отчество: 'Ильич', Фамилия: 'Сидоров', 'Должность (контакт)': 'Инженер', 'Ответственный за контакт': 'Иванов', 'Рабочий телефон (контакт)': '89161112233', 'Другой телефон 1 (контакт)': '89161112244', 'Тег контакта': 'а, б', 'Тег компании': 'б, в',
      'Примечание к контакту': ['Раз', 'Два'], 'Название (компания)': 'Ромашка', 'Рабочий телефон (компания)': '84951234567', 'Адрес (компания)': 'Омск', 'ИНН (компания)': '7707083893', 'Web (компания)': 'r.ru', 'Название сделки': 'Продажа', 'Бюджет сделки': '100',
    });
    expect(mapped).toMatchObject({
      kind: 'both', responsible: 'Иванов', tags: ['а', 'б', 'в'], notes: ['Раз', 'Два'], company_name: 'Ромашка',
      contact: { full_name: 'Сидоров Пётр Ильич', position: 'Инженер', phone: '+79161112233', phones: ['+79161112244'], comment: null },
      company: { name: 'Ромашка', inn: '7707083893', phone: '+74951234567', address: 'Омск', website: 'r.ru', comment: null },
    });
  });
  it.each<[string, Record<string, string>, object]>([
    ['only a company', { 'Название (компания)': 'Ромашка', 'Рабочий телефон (компания)': '84951234567' }, { kind: 'company', company: { phone: '+74951234567' } }],
    ['only a contact', { 'Полное имя (контакт)': 'Пётр' }, { kind: 'contact', company_name: null }],
    ['only a phone', { 'Мобильный телефон (контакт)': '89161112233' }, { kind: 'contact', contact: { full_name: '+79161112233' } }],
    ['only a phone of a company', { 'Рабочий телефон (компания)': '84951234567' }, { kind: 'company', company: { name: '+74951234567' } }],
    ['nothing', { 'Название сделки': 'Продажа' }, { kind: 'none', why: 'import_row_empty' }],
  ])('%s', (_, cells, expected) => expect(row(TEMPLATE, cells)).toMatchObject(expected));
});

describe('every row', () => {
  const headers = [...EXPORT.filter((header) => !/^(?:ID|Ответственный)$/.test(header)), 'Огрн', 'Новое поле'];
  const silent = new Set(plan(headers).columns.filter((column) => column.status === 'ignored' || column.field === 'type' || column.field === 'created_at' || column.field === 'updated_at').map((column) => column.header));
  it('keeps every word of every cell', () => {
    const word = fc.stringMatching(/^[а-я]{5,9}$|^[A-Z]{4}\d{3}$|^\+79\d{9}$|^[a-z]{4}@[a-z]{4}\.ru$/);
    fc.assert(fc.property(fc.constantFrom('контакт', 'компания', ''), fc.array(fc.option(word, { nil: '' }), { minLength: headers.length, maxLength: headers.length }), (type, values) => {
      const cells = values.map((value, i) => (headers[i] === 'Тип' ? type : value));
      const mapped = mapRow(plan(headers), cells, { zone: 'UTC' });
      if (mapped.kind === 'none') return;
      const { raw, warnings, ...told } = mapped;
      const text = JSON.stringify(told);
      cells.forEach((cell, i) => {
        if (cell !== '' && !silent.has(headers[i] as string)) expect(text).toContain(cell);
      });
      expect(Object.keys(raw)).toHaveLength(cells.filter((cell) => cell !== '').length);
      expect(Array.isArray(warnings)).toBe(true);
    }), { numRuns: 500 });
  });
  it('survives any cells', () => {
    fc.assert(fc.property(fc.constantFrom(EXPORT, TEMPLATE), fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 45 }), (titles, cells) => {
      const mapped = mapRow(plan(titles), cells, { zone: 'UTC' });
      if (mapped.kind === 'company' || mapped.kind === 'both') expect(mapped.company.name).not.toBe('');
      if (mapped.kind === 'contact' || mapped.kind === 'both') expect(mapped.contact.full_name).not.toBe('');
    }));
  });
});

describe('cells', () => {
  it.each([
    ["'+79161112233", '+79161112233'], ["'=SUM(A1)", '=SUM(A1)'], ["'Ромашка' ООО", "'Ромашка' ООО"], ["'Ромашка", 'Ромашка'], ['&laquo;А&raquo; &amp;amp; Б', '«А» &amp; Б'], ['&#39;x&#x27;', "'x'"], ['A&B; &nope; &#0;', 'A&B; &nope; &#0;'], ['a\r\nb\rc', 'a\nb\nc'], ['\u00a0x\u0000 ', 'x'], ['', ''],
  ])('%j → %j', (cell, clean) => expect(cleanCell(cell)).toBe(clean));
  it('leaves text without entities alone', () => {
    fc.assert(fc.property(fc.string(), (text) => text.includes('&') || decodeEntities(text) === text));
  });
  it.each([['(ЕКБ) Иванов Иван', { branch: 'ЕКБ', name: 'Иванов Иван' }], ['Иванов Иван', { branch: null, name: 'Иванов Иван' }], ['() Иванов', { branch: null, name: 'Иванов' }], ['(ЕКБ)', { branch: null, name: '(ЕКБ)' }]])('responsible %s', (cell, parts) => expect(splitResponsible(cell)).toEqual(parts));
});
