import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activityFields, companies } from '../../src-main/companies/service.ts';
import { companyInput } from '../../src-shared/companies/model.ts';
import { AppError, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

function refusal(work: () => unknown): ErrorData & { code: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.data };
    throw error;
  }
  throw new Error('was not refused');
}

describe('writing', () => {
  it('trims, cleans the numbers, and keeps what is not given', () => {
    const made = companies.create(house.session(), { name: '  Ромашка ', inn: 'ИНН 7707 083893', kpp: '7707 01001', ogrn: '1027700132195', phone: ' +7 495 000-00-00 ', address: '   ', activity_fields: [' Связь', 'связь', '', 'Питание'] });
    expect(made).toMatchObject({ name: 'Ромашка', inn: '7707083893', kpp: '770701001', ogrn: '1027700132195', phone: '+7 495 000-00-00', address: null, activity_fields: ['Связь', 'Питание'] });
    expect(companies.update(house.session(), made.id, { comment: 'вход со двора' })).toMatchObject({ inn: '7707083893', comment: 'вход со двора', activity_fields: ['Связь', 'Питание'] });
    expect(companies.update(house.session(), made.id, { inn: '', kpp: null, activity_fields: null })).toMatchObject({ inn: null, kpp: null, activity_fields: [] });
  });

  it.each<[string, string, string]>([
    ['inn', '77070838', 'inn_length'],
    ['inn', '77070838ab', 'inn_characters'],
    ['inn', '0000000000', 'inn_zeros'],
    ['kpp', '77070100', 'kpp_format'],
    ['kpp', 'AB0701001', 'kpp_format'],
    ['ogrn', '123', 'ogrn_length'],
    ['ogrn', '10277001321ab', 'ogrn_characters'],
    ['name', '   ', 'required'],
  ])('refuses %s %s: %s', (field, value, detail) => {
    expect(refusal(() => companies.create(house.session(), { name: 'Ромашка', [field]: value }))).toMatchObject({ code: 'INVALID', field, detail });
  });

  it.each([
    ['inn', '7707083894'],
    ['inn', '500100732258'],
    ['ogrn', '1027700132190'],
  ])('accepts a wrong checksum of %s, which a form only warns of', (field, value) => {
    expect(companies.create(house.session(), { name: 'Ромашка', [field]: value })).toMatchObject({ [field]: value });
  });

  it('lets everybody see, and only those with a right to it change', () => {
    const mine = companies.create(house.session('engineer'), { name: 'Своя' });
    const colleague = house.join('engineer', 'Сергей Лапин');
    expect(companies.get(house.session(colleague), mine.id).name).toBe('Своя');
    expect(refusal(() => companies.update(house.session(colleague), mine.id, { comment: 'x' }))).toMatchObject({ code: 'FORBIDDEN', detail: 'company_not_yours' });
    companies.update(house.session('admin'), mine.id, { responsible_id: colleague.user_id });
    expect(companies.update(house.session(colleague), mine.id, { comment: 'x' })).toMatchObject({ comment: 'x', responsible_name: 'Сергей Лапин' });
  });
});

describe('reading', () => {
  it('filters by responsible, number and field of activity', async () => {
    const session = house.session();
    companies.create(session, { name: 'Альфа', inn: '7707083893', activity_fields: ['Связь'] });
    companies.create(house.session(), { name: 'Бета', responsible_id: 'Иван', activity_fields: ['Связь', 'Стройка'] });
    const names = async (filters: Partial<Parameters<typeof companies.list>[1]>): Promise<string[]> => (await companies.list(house.session(), { limit: 50, sort: 'name', ...filters })).items.map((one) => one.name);
    expect(await names({})).toEqual(['Альфа', 'Бета']);
    expect(await names({ inn: '7707 083 893' })).toEqual(['Альфа']);
    expect(await names({ responsible_id: 'Иван Смирнов' })).toEqual(['Бета']);
    expect(await names({ activity_field: 'Связь', sort: '-name' })).toEqual(['Бета', 'Альфа']);
    expect(await names({ activity_field: 'Питание' })).toEqual([]);
  });

  it('counts the fields of activity, the commonest first, without the trash', async () => {
    companies.create(house.session(), { name: 'Альфа', activity_fields: ['Связь'] });
    companies.create(house.session(), { name: 'Бета', activity_fields: ['Стройка', 'Связь'] });
    const gone = companies.create(house.session(), { name: 'Гамма', activity_fields: ['Питание'] });
    companies.remove(house.session(), gone.id);
    expect(await activityFields(house.session())).toEqual([
      { name: 'Связь', count: 2 },
      { name: 'Стройка', count: 1 },
    ]);
  });

  it('declares what it reads: a field of activity is a word, not a blank', () => {
    expect(companyInput.safeParse({ name: 'Ромашка', activity_fields: [' '] }).success).toBe(false);
  });
});
