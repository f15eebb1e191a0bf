import type { Random } from '../random.ts';

export interface City {
  name: string;
  /** First two digits of tax numbers there. */
  region: string;
  phone: string;
  latitude: number;
  longitude: number;
}

export const CITIES: readonly City[] = [
  { name: 'Москва', region: '77', phone: '495', latitude: 55.7558, longitude: 37.6173 },
  { name: 'Санкт-Петербург', region: '78', phone: '812', latitude: 59.9343, longitude: 30.3351 },
  { name: 'Новосибирск', region: '54', phone: '383', latitude: 55.0084, longitude: 82.9357 },
  { name: 'Екатеринбург', region: '66', phone: '343', latitude: 56.8389, longitude: 60.6057 },
  { name: 'Казань', region: '16', phone: '843', latitude: 55.7961, longitude: 49.1064 },
  { name: 'Нижний Новгород', region: '52', phone: '831', latitude: 56.2965, longitude: 43.9361 },
  { name: 'Челябинск', region: '74', phone: '351', latitude: 55.1644, longitude: 61.4368 },
  { name: 'Самара', region: '63', phone: '846', latitude: 53.1959, longitude: 50.1002 },
  { name: 'Уфа', region: '02', phone: '347', latitude: 54.7388, longitude: 55.9721 },
  { name: 'Ростов-на-Дону', region: '61', phone: '863', latitude: 47.2357, longitude: 39.7015 },
  { name: 'Краснодар', region: '23', phone: '861', latitude: 45.0355, longitude: 38.9753 },
  { name: 'Воронеж', region: '36', phone: '473', latitude: 51.672, longitude: 39.1843 },
  { name: 'Пермь', region: '59', phone: '342', latitude: 58.0105, longitude: 56.2502 },
  { name: 'Тверь', region: '69', phone: '482', latitude: 56.8587, longitude: 35.9176 },
  { name: 'Ярославль', region: '76', phone: '485', latitude: 57.6261, longitude: 39.8845 },
  { name: 'Тула', region: '71', phone: '487', latitude: 54.1931, longitude: 37.6173 },
];

const STREETS = ['ул. Ленина', 'ул. Советская', 'ул. Мира', 'ул. Гагарина', 'пр-т Победы', 'ул. Кирова', 'ул. Пушкина', 'ул. Садовая', 'ул. Лесная', 'ул. Новая', 'наб. реки Мойки', 'ул. Чехова', 'ул. Горького', 'пр-т Строителей', 'ул. Заводская', 'ул. Зелёная', 'ул. Комсомольская', 'ул. Школьная', 'ул. Октябрьская', 'ул. Первомайская', 'пер. Речной', 'ш. Энтузиастов', 'ул. Профсоюзная', 'ул. Тверская', 'б-р Космонавтов', 'ул. Маяковского', 'ул. Некрасова', 'ул. Лермонтова', 'ул. Вокзальная', 'ул. Промышленная', 'ул. Складская', 'ул. Набережная', 'пл. Революции', 'ул. Большая Полянка', 'ул. Фрунзе', 'ул. Чкалова', 'ул. Крылова', 'пр-т Просвещения', 'ул. Академика Королёва', 'ул. Достоевского'] as const;

/** A postal address in a city, without the flat or with an office. */
export function address(random: Random, city: City): string {
  const house = `${random.int(1, 180)}${random.chance(0.15) ? random.pick(['А', 'Б', 'к. 2', 'стр. 1']) : ''}`;
  const room = random.chance(0.5) ? `, оф. ${random.int(1, 620)}` : '';
  return `г. ${city.name}, ${random.pick(STREETS)}, д. ${house}${room}`;
}

/** A point within some kilometres of a city's centre, in degrees with five decimals. */
export function pointNear(random: Random, city: City): { latitude: number; longitude: number } {
  const round = (value: number): number => Math.round(value * 1e5) / 1e5;
  return { latitude: round(city.latitude + (random.next() - 0.5) * 0.16), longitude: round(city.longitude + (random.next() - 0.5) * 0.28) };
}

/** A landline of a city in the form in which phones are stored. */
export const cityPhone = (random: Random, city: City): string => `+7${city.phone}${random.digits(7)}`;
