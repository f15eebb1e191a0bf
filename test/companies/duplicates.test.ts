import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey, compareAddresses, parseAddress } from '../../src-shared/companies/addresses.ts';
import { duplicateKeys, duplicateScore, findDuplicateReasons, isSameCompany, type CompanyLike } from '../../src-shared/companies/duplicates.ts';
import { compareNames, editDistance, parseCompanyName } from '../../src-shared/companies/names.ts';

describe('parseCompanyName', () => {
  it.each<[string, string | null, string]>([
    ['ООО «Ромашка»', 'ооо', 'ромашка'],
    ['Ромашка, ООО', 'ооо', 'ромашка'],
    ['OOO "Ромашка"', 'ооо', 'ромашка'],
    ['Общество с ограниченной ответственностью "Ромашка"', 'ооо', 'ромашка'],
    ['Публичное акционерное общество «Сбербанк»', 'ао', 'сбербанк'],
    ['ОАО «Завод»', 'ао', 'завод'],
    ['ИП Иванов И.И.', 'ип', 'иванов и и'],
    ['Индивидуальный предприниматель Иванов Иван Иванович', 'ип', 'иванов иван иванович'],
    ['Торговый дом «Ёлка»', null, 'торговый дом елка'],
    ['ООО', null, 'ооо'],
    ['Cигма', null, 'сигма'],
    ['«»', null, ''],
  ])('%s', (name, form, words) => expect(parseCompanyName(name)).toEqual({ form, words: words === '' ? [] : words.split(' ') }));
});

describe('compareNames', () => {
  it.each<[string, string, 'exact' | 'similar' | null]>([
    ['ООО "Ромашка"', 'Ромашка', 'exact'],
    ['ООО Ромашка', 'РОМАШКА ООО', 'exact'],
    ['ЗАО Завод', 'ПАО «Завод»', 'exact'],
    ['Ёлка-Сервис', 'Елка сервис', 'exact'],
    ['Дом Строй', 'Строй Дом', 'exact'],
    ['ДомСтрой', 'Дом-Строй', 'exact'],
    ['ООО Ромашка', 'АО Ромашка', 'similar'],
    ['Ромашка', 'Рамашка', 'similar'],
    ['Технологии Севера', 'Технолгии Севера', 'similar'],
    ['ИП Иванов И. И.', 'ИП Иванов Иван Иванович', 'similar'],
    ['Управляющая компания Север', 'Управляющая компания Север Плюс', 'similar'],
    ['ИП Иванов П. И.', 'ИП Иванов Иван Иванович', null],
    ['Школа 12', 'Школа 13', null],
    ['Ромашка', 'Ромашка Сервис', null],
    ['Альфа', 'Бета', null],
    ['Рим', 'Мир', null],
    ['', 'Мир', null],
  ])('%s · %s: %s', (a, b, strength) => {
    expect(compareNames(parseCompanyName(a), parseCompanyName(b))).toBe(strength);
    expect(compareNames(parseCompanyName(b), parseCompanyName(a))).toBe(strength);
  });
});

describe('editDistance', () => {
  it.each([['', '', 2, 0], ['кот', 'кит', 2, 1], ['кот', 'кто', 2, 1], ['кот', 'котик', 2, 2], ['кот', 'слон', 2, 3]])('%s · %s', (a, b, limit, distance) => expect(editDistance(a, b, limit)).toBe(distance));
});

describe('parseAddress', () => {
  it.each<[string, string[], string, string[]]>([
    ['129110, Россия, г. Москва, ул. Гиляровского, д. 65, стр. 1, офис 12', ['москва'], 'гиляровского', ['65', '1', '12']],
    ['Москва, Гиляровского 65 с1 оф 12', ['москва'], 'гиляровского', ['65', '1', '12']],
    ['г Москва ул Гиляровского д 65 стр 1 оф 12', ['москва'], 'гиляровского', ['65', '1', '12']],
    ['Московская обл., г. Химки, Ленинградское ш., 5к2', ['московская', 'химки'], 'ленинградское', ['5', '2']],
    ['Московская обл Химки, ул. Мира, 5', ['московская', 'химки'], 'мира', ['5']],
    ['СПб, Невский пр-т, 12А', ['спб'], 'невский', ['12а']],
    ['СПб, Невский проспект, д.12 а', ['спб'], 'невский', ['12а']],
    ['Казань, ул. 8 Марта, 3', ['казань'], '8 марта', ['3']],
    ['Москва, 3-я Парковая ул., 4/2', ['москва'], '3я парковая', ['4', '2']],
    ['д. Ивановка, ул. Мира, 5', ['ивановка'], 'мира', ['5']],
    ['с. Покровка, д. 5', [], 'покровка', ['5']],
    ['Екатеринбург, Мира 5, бизнес-центр Восток', ['екатеринбург'], 'мира', ['5']],
    ['', [], '', []],
    ['Москва', [], 'москва', []],
  ])('%s', (address, places, street, numbers) => expect(parseAddress(address)).toEqual({ places: new Set(places), street, numbers }));

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'г. ул,д5к-ая12\nс') }), (text) => parseAddress(text).numbers.length <= 6));
  });
});

describe('compareAddresses', () => {
  it.each<[string, string, 'exact' | 'similar' | null]>([
    ['г. Москва, ул. Ленина, д. 5', 'Москва, Ленина 5', 'exact'],
    ['129110, г. Москва, ул. Ленина, д. 5, оф. 3', 'Москва, Ленина ул., 5, офис 3', 'exact'],
    ['Москва, Ленина 5, оф. 3', 'Москва, Ленина 5', 'similar'],
    ['ул. Ленина, 5', 'г. Омск, ул. Ленина, 5', 'similar'],
    ['г. Тюмень, ул. Ленина, 5', 'г. Омск, ул. Ленина, 5', null],
    ['Москва, Ленина 5', 'Москва, Ленина 6', null],
    ['Москва', 'Москва', null],
  ])('%s · %s: %s', (a, b, strength) => expect(compareAddresses(parseAddress(a), parseAddress(b))).toBe(strength));
});

const shown = (a: CompanyLike, b: CompanyLike): string[] => findDuplicateReasons(a, b).map(({ field, strength }) => `${field}:${strength}`);

describe('findDuplicateReasons', () => {
  it.each<[string, CompanyLike, CompanyLike, string[], boolean]>([
    ['INN and KPP', { inn: '7707083893', kpp: '773601001' }, { inn: '7707083893', kpp: '773601001' }, ['inn:exact', 'kpp:exact'], true],
    ['INN, one KPP unknown', { inn: "'7707083893" }, { inn: '7707083893', kpp: '773601001' }, ['inn:exact'], true],
    ['a branch', { inn: '7707083893', kpp: '773601001' }, { inn: '7707083893', kpp: '540602001' }, ['inn:branch'], false],
    ['INN without its zero', { inn: '274062111' }, { inn: '0274062111' }, ['inn:exact'], true],
    ['zeros are no INN', { inn: '0000000000' }, { inn: '0000000000' }, [], false],
    ['OGRN', { ogrn: '1027700132195' }, { ogrn: '1027700132195' }, ['ogrn:exact'], false],
    ['name and address', { name: 'ООО Ромашка', address: 'Москва, Ленина 5' }, { name: '«Ромашка»', address: 'г. Москва, ул. Ленина, д. 5' }, ['name:exact', 'address:exact'], true],
    ['name and address, other INN', { name: 'Ромашка', address: 'Москва, Ленина 5', inn: '7707083893' }, { name: 'Ромашка', address: 'Москва, Ленина 5', inn: '7736050003' }, ['name:similar', 'address:exact'], false],
    ['only a name', { name: 'Ромашка' }, { legal_name: 'ООО "Ромашка"' }, ['name:exact'], false],
    ['phone in a list', { phone: '8 (495) 123-45-67, 8 916 111-22-33' }, { phone: '+74951234567' }, ['phone:exact'], false],
    ['local phone', { phone: '123-45-67' }, { phone: '1234567' }, ['phone:similar'], false],
    ['e-mail', { email: 'Info@Romashka.ru' }, { email: 'info@romashka.ru' }, ['email:exact'], false],
    ['own mail domain', { email: 'info@romashka.ru' }, { email: 'buh@romashka.ru' }, ['email:similar'], false],
    ['public mail', { email: 'a@mail.ru' }, { email: 'b@mail.ru' }, [], false],
    ['website', { website: 'https://www.romashka.ru/contacts' }, { website: 'romashka.ru' }, ['website:exact'], false],
    ['site and mail', { website: 'romashka.ru' }, { email: 'info@romashka.ru' }, ['website:similar'], false],
    ['page of a shared site', { website: 'vk.com/romashka' }, { website: 'https://vk.com/romashka/' }, ['website:exact'], false],
    ['another page of it', { website: 'vk.com/romashka' }, { website: 'vk.com/vasilek' }, [], false],
    ['nothing in common', { name: 'Альфа', inn: '7707083893' }, { name: 'Бета', inn: '7736050003' }, [], false],
    ['nothing at all', {}, {}, [], false],
  ])('%s', (_, a, b, reasons, same) => {
    expect(shown(a, b)).toEqual(reasons);
    expect(shown(b, a)).toEqual(reasons);
    expect(isSameCompany(findDuplicateReasons(a, b))).toBe(same);
    if (reasons.length > 0) expect(duplicateKeys(a).filter((key) => duplicateKeys(b).includes(key))).not.toEqual([]);
  });

  const part = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const companies: fc.Arbitrary<CompanyLike> = fc.record({
    name: part(fc.constantFrom('ООО «Ромашка»', 'Ромашка', 'Рамашка', 'АО Ромашка', 'ИП Иванов И.И.', 'Иванов Иван Иванович ИП', 'Дом Строй', 'ДомСтрой')),
    legal_name: part(fc.constantFrom('Общество с ограниченной ответственностью "Ромашка"', 'ИП Иванов Иван Иванович')),
    inn: part(fc.constantFrom('7707083893', '7736050003', '274062111', '0274062111', '500100732259', '')),
    kpp: part(fc.constantFrom('773601001', '540602001')),
    ogrn: part(fc.constantFrom('1027700132195', '1027739609391')),
    address: part(fc.constantFrom('Москва, Ленина 5', 'г. Москва, ул. Ленина, д. 5, оф. 1', 'ул. Ленина, 5', 'Омск, Ленина 5')),
    phone: part(fc.constantFrom('+74951234567', '8 495 123-45-67; 123-45-67', '1234567')),
    email: part(fc.constantFrom('info@romashka.ru', 'buh@romashka.ru', 'a@mail.ru')),
    website: part(fc.constantFrom('romashka.ru', 'https://www.romashka.ru/', 'vk.com/r', 'vk.com')),
  });
  it('does not depend on who is asked about whom', () => {
    fc.assert(fc.property(companies, companies, (a, b) => {
      expect(shown(a, b)).toEqual(shown(b, a));
    }));
  });
  it('never finds a reason that the stored keys would have missed', () => {
    fc.assert(fc.property(companies, companies, (a, b) => {
      const keys = new Set(duplicateKeys(a));
      if (shown(a, b).length > 0) expect(duplicateKeys(b).some((key) => keys.has(key))).toBe(true);
    }), { numRuns: 500 });
  });
  it('weighs INN above everything else', () => {
    expect(duplicateScore([{ field: 'inn', strength: 'exact' }])).toBeGreaterThan(duplicateScore([{ field: 'name', strength: 'exact' }, { field: 'address', strength: 'exact' }, { field: 'phone', strength: 'exact' }]));
  });
});

describe('addressKey', () => {
  it('needs a street and a house', () => {
    expect(addressKey('Москва, ул. Ленина, 5, оф. 7')).toBe('addr:ленина 5');
    expect(addressKey('Москва')).toBeNull();
    expect(addressKey('')).toBeNull();
  });
});
