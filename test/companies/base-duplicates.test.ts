import { afterEach, beforeEach, expect, it } from 'vitest';
import { duplicatesOf, findDuplicates } from '../../src-main/companies/duplicates.ts';
import { companies } from '../../src-main/companies/service.ts';
import type { CompanyLike } from '../../src-shared/companies/duplicates.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const add = (fields: Record<string, unknown>): string => companies.create(house.session(), fields).id;
const found = (candidate: CompanyLike, exclude?: Ref): [string, string[]][] =>
  duplicatesOf(house.session(), candidate, exclude).map(({ company, reasons }) => [company.name, reasons.map((reason) => `${reason.field} ${reason.strength}`)]);

it('says which companies look alike and why, the likest first', () => {
  add({ name: 'ООО «Ромашка»', phone: '+7 495 111-22-33' });
  add({ name: 'Ромашка Плюс', inn: '7707083893', kpp: '770701001' });
  add({ name: 'Ромашка-филиал', inn: '7707083893', kpp: '540601001' });
  add({ name: 'Совсем другая', phone: '+7 812 765-43-21' });
  expect(found({ name: 'Ромашка', inn: '7707083893', kpp: '770701001', phone: '8 (495) 111-22-33' })).toEqual([
    ['Ромашка Плюс', ['inn exact', 'kpp exact']],
    ['Ромашка-филиал', ['inn branch']],
    ['ООО «Ромашка»', ['name exact', 'phone exact']],
  ]);
  expect(found({ name: 'Василёк' })).toEqual([]);
  expect(found({})).toEqual([]);
});

it('leaves out the company itself, and asks with its own fields where none are given', () => {
  const one = add({ name: 'Ромашка', inn: '7707083893' });
  add({ name: 'Ромашка', phone: '+7 495 111-22-33' });
  expect(found({}, one)).toEqual([['Ромашка', ['name exact']]]);
  expect(found({ phone: '84951112233' }, one)).toEqual([['Ромашка', ['name exact', 'phone exact']]]);
  expect(found({ name: 'Лютик' }, one)).toEqual([]);
  expect(() => found({}, 999)).toThrow(AppError);
});

it('follows every write: a change, the trash, a return from it', () => {
  const id = add({ name: 'Ромашка', inn: '7707083893' });
  expect(found({ inn: '7707083893' })).toHaveLength(1);
  companies.update(house.session(), id, { inn: '7736050003' });
  expect(found({ inn: '7707083893' })).toEqual([]);
  companies.remove(house.session(), id);
  expect(found({ inn: '7736050003' })).toEqual([]);
  house.session().mutate((tx) => tx.restore('companies', id));
  expect(found({ inn: '7736050003' })).toHaveLength(1);
});

it('shows no weak likeness alone, and puts the same number ahead of a crowd', () => {
  add({ name: 'Аптека', email: 'a@same-house.ru' });
  expect(found({ name: 'Булочная', email: 'b@same-house.ru' })).toEqual([]);
  house.session().mutate((tx) => {
    for (let i = 0; i < 300; i++) companies.insertIn(tx, { name: 'Автосервис', email: `s${i}@garage.ru`, address: 'г. Тула, ул. Мира, 5' });
  });
  add({ name: 'Иначе названная', inn: '7707083893' });
  const answer = findDuplicates(house.store.read, { name: 'Автосервис', address: 'Тула, Мира 5', inn: '7707083893' });
  expect(answer[0]?.company.name).toBe('Иначе названная');
  expect(answer).toHaveLength(20);
});
