import type { Role } from '../../../src-shared/kernel/permissions.ts';
import { assets } from '../../assets/index.ts';
import { branches } from '../../branches/index.ts';
import { clients } from '../../clients/index.ts';
import { contacts } from '../../contacts/index.ts';
import { contracts } from '../../contracts/index.ts';
import type { Random } from '../random.ts';
import { assetValues, clientValues, companyValues, contactValues, contractValues, DAY } from '../rows.ts';
import { ogrn, organizationInn, kppOf } from '../tax-numbers.ts';
import type { Story } from './story.ts';

export const OWNER = { key: 'owner', full_name: 'Алексей Смирнов', email: 'admin@example.com' } as const;

interface Colleague {
  key: string;
  role: Role;
  full_name: string;
  email: string;
  phone: string;
  branch: 'moscow' | 'tver';
}

const CREW: readonly Colleague[] = [
  { key: 'natalya', role: 'admin', full_name: 'Наталья Громова', email: 'natalya@example.com', phone: '+79161112233', branch: 'moscow' },
  { key: 'olga', role: 'coordinator', full_name: 'Ольга Белова', email: 'olga@example.com', phone: '+79161112244', branch: 'tver' },
  { key: 'marina', role: 'operator', full_name: 'Марина Кузнецова', email: 'marina@example.com', phone: '+79161112255', branch: 'moscow' },
  { key: 'ivan', role: 'engineer', full_name: 'Иван Петров', email: 'ivan@example.com', phone: '+79261234567', branch: 'moscow' },
  { key: 'sergey', role: 'engineer', full_name: 'Сергей Орлов', email: 'sergey@example.com', phone: '+79261234568', branch: 'moscow' },
  { key: 'dmitry', role: 'engineer', full_name: 'Дмитрий Ким', email: 'dmitry@example.com', phone: '+79261234569', branch: 'moscow' },
  { key: 'timur', role: 'engineer', full_name: 'Тимур Сафин', email: 'timur@example.com', phone: '+79201234570', branch: 'tver' },
];
export const ENGINEERS = ['ivan', 'sergey', 'dmitry', 'timur'] as const;

interface Place {
  key: string;
  name: string;
  kind?: 'person';
  company?: string;
  fields?: string[];
  phone: string;
  email?: string;
  address: string;
  latitude: number;
  longitude: number;
  responsible: string;
  contact?: [name: string, position: string, phone: string];
  comment?: string;
}

/** The clients that the demonstration is about; the first has the number 1. */
const PLACES: readonly Place[] = [
  { key: 'alfa', name: 'ООО «Альфа-Сервис»', company: 'ООО «Альфа-Сервис»', fields: ['Бухгалтерские услуги'], phone: '+74952201010', email: 'office@alfa-service.ru', address: 'г. Москва, ул. Мясницкая, д. 24, оф. 310', latitude: 55.76344, longitude: 37.63567, responsible: 'olga', contact: ['Лебедева Ирина Викторовна', 'Главный бухгалтер', '+79031234501'], comment: 'Сервер и 14 рабочих мест. Пропуск заказывать накануне до 17:00.' },
  { key: 'clinic', name: 'Клиника «Здоровье+»', company: 'ООО «Медцентр Здоровье Плюс»', fields: ['Медицина'], phone: '+74951234020', email: 'it@zdorovie-plus.ru', address: 'г. Москва, ул. Профсоюзная, д. 58', latitude: 55.66993, longitude: 37.55241, responsible: 'olga', contact: ['Соколова Марина Сергеевна', 'Старший администратор', '+79165550102'], comment: 'Приём пациентов с 8:00, выезды только до открытия или после 20:00.' },
  { key: 'store', name: 'Магазин «Продукты 24»', company: 'ИП Гаврилов С. П.', fields: ['Розничная торговля'], phone: '+79057778899', address: 'г. Москва, ул. Садовая-Триумфальная, д. 12', latitude: 55.77012, longitude: 37.60213, responsible: 'marina', contact: ['Гаврилов Степан Петрович', 'Управляющий', '+79057778899'] },
  { key: 'school', name: 'Учебный центр «Вектор»', company: 'АНО ДПО «Вектор»', fields: ['Образование'], phone: '+74956660303', email: 'admin@vector-edu.ru', address: 'г. Москва, ул. Академика Королёва, д. 13', latitude: 55.82116, longitude: 37.61154, responsible: 'olga', contact: ['Тихонов Павел Андреевич', 'Системный администратор', '+79261110303'] },
  { key: 'hotel', name: 'Отель «Садовое кольцо»', company: 'ООО «Гостиничный двор»', fields: ['Гостиницы'], phone: '+74957770404', email: 'reception@sadovoe.ru', address: 'г. Москва, ул. Земляной Вал, д. 33', latitude: 55.75834, longitude: 37.65951, responsible: 'marina', contact: ['Орехова Алёна Дмитриевна', 'Администратор зала', '+79035550404'], comment: 'Wi-Fi для гостей: 42 точки доступа, контроллер UniFi.' },
  { key: 'smile', name: 'Стоматология «Улыбка»', company: 'ООО «Улыбка»', fields: ['Стоматология', 'Медицина'], phone: '+74958880505', address: 'г. Москва, пр-т Мира, д. 102', latitude: 55.80551, longitude: 37.63724, responsible: 'olga' },
  { key: 'depot', name: 'Склад «Логистик-Юг»', company: 'АО «Логистик-Юг»', fields: ['Логистика', 'Оптовая торговля'], phone: '+74959990606', email: 'sklad@logistik-yug.ru', address: 'г. Подольск, ул. Складская, д. 5', latitude: 55.42421, longitude: 37.55466, responsible: 'natalya', contact: ['Быков Роман Игоревич', 'Логист', '+79154440606'], comment: 'Въезд со стороны Варшавского шоссе, нужны паспорт и жилет.' },
  { key: 'law', name: 'Юридическое бюро «Право и дело»', company: 'ООО «Право и дело»', fields: ['Юридические услуги'], phone: '+74953330707', address: 'г. Москва, Гоголевский б-р, д. 10', latitude: 55.74648, longitude: 37.60125, responsible: 'olga' },
  { key: 'cafe', name: 'Кафе «Корица»', company: 'ООО «Пряный дом»', fields: ['Общественное питание'], phone: '+79099090808', address: 'г. Москва, ул. Покровка, д. 17', latitude: 55.75935, longitude: 37.64662, responsible: 'marina' },
  { key: 'plant', name: 'Завод «Металлпром»', company: 'ПАО «Металлпром»', fields: ['Производство'], phone: '+74822440909', email: 'asu@metallprom.ru', address: 'г. Тверь, ул. Заводская, д. 1', latitude: 56.84551, longitude: 35.87832, responsible: 'natalya', contact: ['Шестаков Юрий Борисович', 'Начальник отдела АСУ', '+79201110909'], comment: 'Режимный объект: список инструментов подавать за два дня.' },
  { key: 'fitness', name: 'Фитнес-клуб «Импульс»', company: 'ООО «Импульс»', fields: ['Фитнес и спорт'], phone: '+74822551010', address: 'г. Тверь, пр-т Победы, д. 40', latitude: 56.84382, longitude: 35.89917, responsible: 'olga' },
  { key: 'krylova', name: 'Крылова Елена Сергеевна', kind: 'person', phone: '+79161231112', email: 'krylova.es@yandex.ru', address: 'г. Москва, ул. Вавилова, д. 64, кв. 18', latitude: 55.68741, longitude: 37.56392, responsible: 'marina', comment: 'Домашний офис: два ноутбука и принтер.' },
];

/** Branches, people, companies, clients, what they have and what they were promised: the base as it grew over two years. @returns the clients' keys. */
export function tellBase(story: Story, random: Random): string[] {
  const start = -730;
  const opened: { key: string; day: number }[] = [];
  story.scene(story.at(start, '10:05'), 'system', (tx) => {
    for (const [key, name, address] of [['moscow', 'Москва', 'г. Москва, ул. Мясницкая, д. 13'], ['tver', 'Тверь', 'г. Тверь, ул. Советская, д. 21']] as const) story.keep(key, branches.insertIn(tx, { name, address }).id);
    for (const person of CREW) {
      const row = tx.insert('users', { full_name: person.full_name, email: person.email, role: person.role, phone: person.phone, branch_id: story.id(person.branch), language: 'ru', active: true });
      story.hire(person.key, person.role, person.full_name, row.id);
    }
    tx.update('branches', story.id('moscow'), { director_id: story.id('natalya') });
    tx.update('branches', story.id('tver'), { director_id: story.id('olga') });
  });
  for (const [index, place] of PLACES.entries()) {
    const day = start + 5 + index * 40;
    story.scene(story.at(day, '11:20'), place.responsible, (tx) => openPlace(story, random, tx, place));
    opened.push({ key: place.key, day });
  }
  for (let index = 0; index < 24; index++) {
    const key = `other${index}`;
    const day = start + 20 + index * 25;
    story.scene(story.at(day, '15:40'), random.pick(['marina', 'olga', 'natalya']), (tx) => {
      const { name, address, activity_fields, ...company } = companyValues(random);
      const companyId = index % 3 === 2 ? null : tx.insert('companies', { ...company, name, address, activity_fields, branch_id: story.id('moscow'), responsible_id: story.id('marina') }).id;
      story.keep(key, clients.insertIn(tx, { ...clientValues(random), company_id: companyId, responsible_id: story.id(random.pick(['marina', 'olga'])) }).id);
      if (index % 2 === 0) contacts.insertIn(tx, { ...contactValues(random), client_id: story.id(key), company_id: companyId });
    });
    opened.push({ key, day });
  }
  tellDuplicate(story, random);
  for (const [index, { key, day }] of opened.entries()) equip(story, random, key, index, day + 2);
  return opened.map(({ key }) => key);
}

function openPlace(story: Story, random: Random, tx: Parameters<Parameters<Story['scene']>[2]>[0], place: Place): void {
  const { key, company, contact, responsible, fields, ...values } = place;
  const inn = organizationInn(random, '77');
  const companyId = company
    ? tx.insert('companies', { name: company, inn, kpp: kppOf(inn), ogrn: ogrn(random, 'organization', '77', 2014), address: place.address, phone: place.phone, email: place.email ?? null, activity_fields: fields ?? [], branch_id: story.id(place.latitude > 56 ? 'tver' : 'moscow'), responsible_id: story.id(responsible) }).id
    : null;
  const client = clients.insertIn(tx, { ...values, kind: place.kind ?? 'organization', phones: [place.phone], company_id: companyId, responsible_id: story.id(responsible) });
  story.keep(key, client.id);
  if (contact) contacts.insertIn(tx, { full_name: contact[0], position: contact[1], phone: contact[2], phones: [contact[2]], client_id: client.id, company_id: companyId });
}

/** The same firm entered twice, as happens: something for the check of duplicates to find. */
function tellDuplicate(story: Story, random: Random): void {
  const inn = organizationInn(random, '77');
  const common = { inn, kpp: kppOf(inn), activity_fields: ['Строительство'] };
  story.scene(story.at(-200, '12:00'), 'olga', (tx) => {
    tx.insert('companies', { ...common, name: 'ООО «Ромашка»', address: 'г. Москва, ул. Лесная, д. 7', phone: '+74951112200', branch_id: story.id('moscow'), responsible_id: story.id('olga') });
  });
  story.scene(story.at(-12, '16:30'), 'marina', (tx) => {
    tx.insert('companies', { ...common, name: 'Ромашка, ООО', address: 'Москва, Лесная улица, 7', phone: '+79161112200', email: 'romashka@mail.ru', branch_id: story.id('moscow'), responsible_id: story.id('marina') });
  });
}

/** Assets with warranties that ended, end soon and go on; contracts likewise. */
function equip(story: Story, random: Random, key: string, index: number, day: number): void {
  story.scene(story.at(day, '17:00'), 'marina', (tx) => {
    const count = index < 12 ? 4 : random.int(0, 2);
    for (let piece = 0; piece < count; piece++) {
      const bought = story.nowMs - random.int(40, 1500) * DAY;
      const warranty = piece === 0 && index < 8 ? { warranty_until: story.day(random.int(2, 45)) } : {};
      const row = assets.insertIn(tx, { ...assetValues(random, bought), ...warranty, client_id: story.id(key) });
      story.keep(`${key}.asset${piece}`, row.id);
    }
    if (index % 3 === 1 && index > 12) return;
    const soon = index < 14 && index % 3 === 0;
    const begin = soon ? -365 + 3 + index * 2 : -random.int(30, 330);
    const contract = contracts.insertIn(tx, { ...contractValues(random, story.at(begin, '12:00')), ...(index < 14 ? { end_date: story.day(begin + 365) } : {}), client_id: story.id(key) });
    story.keep(`${key}.contract`, contract.id);
  });
}
