import type { Random } from '../random.ts';

export const FORMS = ['ООО', 'ООО', 'ООО', 'ООО', 'АО', 'ПАО', 'НКО'] as const;

const FIRST = 'Вектор Альфа Северный Новый Строй Тех Мед Авто Пром Гранд Эко Агро Энерго Транс Глобал Мега Арт Дом Нева Урал Сибирь Волга Кедр Сокол Орион Меридиан Горизонт Прогресс Спектр Континент Парус Маяк Рубин Кристалл Атлант Феникс Ладья Зенит Магнит Аврора Каскад Импульс Монолит Гарант Союз Баланс Престиж Фаворит Лидер Формула Стандарт Аквилон Бастион Витязь Гелиос Диалог Империал Калита Лагуна Миллениум Навигатор Олимп Пилигрим Ренессанс Сфера Триумф Фрегат Эталон Юпитер Янтарь'.split(' ');
const SECOND = ['', '', '', 'Плюс', 'Сервис', 'Групп', 'Трейд', 'Инвест', 'Холдинг', 'Центр', 'Проект', 'Логистик', 'Маркет', 'Софт', 'Строй', 'Монтаж', 'Регион', 'Капитал', 'М', 'Про', 'Медиа', 'Фарм', 'Снаб'] as const;

export interface Trade {
  field: string;
  /** Word put before the name in speech: «клиника …». */
  kind: string;
}

export const TRADES: readonly Trade[] = [
  { field: 'Розничная торговля', kind: 'Магазин' },
  { field: 'Оптовая торговля', kind: 'Торговый дом' },
  { field: 'Медицина', kind: 'Клиника' },
  { field: 'Стоматология', kind: 'Стоматология' },
  { field: 'Общественное питание', kind: 'Кафе' },
  { field: 'Гостиницы', kind: 'Отель' },
  { field: 'Образование', kind: 'Учебный центр' },
  { field: 'Логистика', kind: 'Склад' },
  { field: 'Строительство', kind: 'Стройкомпания' },
  { field: 'Юридические услуги', kind: 'Бюро' },
  { field: 'Бухгалтерские услуги', kind: 'Бухгалтерия' },
  { field: 'Автосервис', kind: 'Автосервис' },
  { field: 'Производство', kind: 'Завод' },
  { field: 'Информационные технологии', kind: 'Студия' },
  { field: 'Фитнес и спорт', kind: 'Фитнес-клуб' },
  { field: 'Красота', kind: 'Салон' },
  { field: 'Недвижимость', kind: 'Агентство' },
  { field: 'Полиграфия', kind: 'Типография' },
  { field: 'Сельское хозяйство', kind: 'Агрофирма' },
  { field: 'Аптеки', kind: 'Аптека' },
];

/** A firm's own name: one or two words, sometimes with a number. */
export function firmName(random: Random): string {
  const second = random.pick(SECOND);
  const first = random.pick(FIRST);
  const name = second === '' || second === first ? first : random.chance(0.5) ? `${first} ${second}` : `${first}-${second}`;
  return random.chance(0.12) ? `${name} ${random.int(2, 99)}` : name;
}
