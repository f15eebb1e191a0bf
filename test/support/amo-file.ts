import { createRandom, type Random } from '../../src-main/seed/random.ts';
import { companyValues, contactValues } from '../../src-main/seed/rows.ts';

const HEADER = [
  'ID', 'Тип', 'Полное имя контакта', 'Имя', 'Фамилия', 'Название компании', 'Ответственный', 'Дата создания контакта', 'Кем создан контакт', 'Сделки', 'Дата редактирования', 'Кем редактирован', 'Теги',
  'Примечание 1', 'Примечание 2', 'Примечание 3', 'Примечание 4', 'Примечание 5', 'Рабочий телефон', 'Рабочий прямой телефон', 'Мобильный телефон', 'Факс', 'Домашний телефон', 'Другой телефон',
  'Рабочий email', 'Личный email', 'Другой email', 'Web', 'Адрес', 'ИНН', 'КПП', 'ОГРН', 'Юридическое название компании', 'Сферы деятельности', 'Численность сотрудников', 'Должность',
] as const;
type Header = (typeof HEADER)[number];
type Cells = Partial<Record<Header, unknown>>;

const quoted = (cell: unknown): string => {
  const text = cell === null || cell === undefined ? '' : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const line = (cells: Cells): string => `${HEADER.map((header) => quoted(cells[header])).join(',')}\r\n`;
const protectedPhone = (phone: unknown): string | null => (typeof phone === 'string' ? `'${phone}` : null);

function company(random: Random, id: number, responsibles: readonly string[]): Cells {
  const values = companyValues(random);
  return {
    ID: id,
    Тип: 'компания',
    'Название компании': values['name'],
    Ответственный: random.pick(responsibles),
    'Дата создания контакта': `${String(random.int(1, 28)).padStart(2, '0')}.0${random.int(1, 9)}.202${random.int(0, 5)} 10:15:00`,
    Теги: random.chance(0.3) ? 'ключевой, обслуживание' : null,
    'Примечание 1': random.chance(0.1) ? 'Серверная на втором этаже.\nПропуск заказывать за день.' : null,
    'Рабочий телефон': protectedPhone(values['phone']),
    'Рабочий email': values['email'],
    Web: values['website'],
    Адрес: values['address'],
    ИНН: values['inn'],
    КПП: values['kpp'],
    ОГРН: values['ogrn'],
    'Юридическое название компании': values['legal_name'],
    'Сферы деятельности': (values['activity_fields'] as string[]).join(', '),
    'Численность сотрудников': random.chance(0.4) ? random.int(2, 400) : null,
  };
}

function contact(random: Random, id: number, companyName: string | null, responsibles: readonly string[]): Cells {
  const values = contactValues(random);
  return {
    ID: id,
    Тип: 'контакт',
    'Полное имя контакта': values['full_name'],
    'Название компании': companyName,
    Ответственный: random.pick(responsibles),
    'Дата создания контакта': '12.02.2024 09:15:00',
    'Мобильный телефон': protectedPhone(values['phone']),
    'Личный email': values['email'],
    Должность: values['position'],
  };
}

/**
 * A made-up export of amoCRM: four companies to six contacts, in mixed order, with what real files hold besides (tags, notes with line
 * breaks, protected phones). The same seed makes the same file.
 */
export function amoExport(rows: number, options: { seed?: number; responsibles?: readonly string[] } = {}): string {
  const random = createRandom(options.seed ?? 1);
  const responsibles = options.responsibles ?? ['Иван Смирнов', '(ЕКБ) Соколова Мария', 'Никто Неизвестный'];
  const names: string[] = [];
  const parts = [`\uFEFF${HEADER.join(',')}\r\n`];
  for (let id = 1; id <= rows; id++) {
    if (names.length === 0 || random.chance(0.4)) {
      const cells = company(random, id, responsibles);
      names.push(String(cells['Название компании']));
      parts.push(line(cells));
    } else parts.push(line(contact(random, id, random.chance(0.9) ? random.pick(names) : null, responsibles)));
  }
  return parts.join('');
}

/** A file of that family with exactly these rows. */
export const amoFile = (rows: readonly Cells[]): string => [`\uFEFF${HEADER.join(',')}\r\n`, ...rows.map(line)].join('');
