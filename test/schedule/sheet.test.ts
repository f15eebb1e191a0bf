import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';

const DATE = '2026-06-15';
const at = (minutes: number): string => new Date(Date.parse(`${DATE}T09:00:00+03:00`) + minutes * 60_000).toISOString();
const LONG = 'Москва, внутригородское муниципальное образование Хорошёво-Мнёвники, 3-я Хорошёвская улица, дом 18, корпус 2, строение 5, подъезд со двора, код 45#, офис 512 (звонить за полчаса)';
let house: RunningHouse;
let client: DoorClient;
let token: string;

beforeAll(async () => {
  house = await startHouse({ clock: { now: () => Date.parse('2026-06-14T09:00:00.000Z') } });
  ({ token } = await registerOwner(house.url));
  client = clientOf(house.url, token);
  await client.organizations.update({ time_zone: 'Europe/Moscow' });
  const petrov = (await client.users.create({ full_name: 'Иван Петров', email: 'petrov@example.com', role: 'engineer' })).id;
  const sidorov = (await client.users.create({ full_name: 'Сидоров', email: 'sidorov@example.com', role: 'engineer' })).id;
  const { id } = await client.clients.create({ name: 'ООО «Длинноесловобезпробеловкотороеневлезаетвстолбец»', phone: '8 (999) 123-45-67' });
  for (let index = 0; index < 24; index++) await client.appointments.create({ client_id: id, title: `Работа ${index + 1}`, starts_at: at(20 * index), duration_minutes: 15, address: LONG, assigned_to: petrov, comment: 'Щёлкает реле, взять №5 и кабель' });
  await client.appointments.create({ client_id: id, title: 'Чужая', starts_at: at(0), duration_minutes: 15, assigned_to: sidorov });
});
afterAll(() => house.close());

/** Text of each page of a PDF, words parted by one space. */
async function pagesOf(file: Blob): Promise<string[]> {
  const pdf = await getDocument({ data: new Uint8Array(await file.arrayBuffer()), verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(' ').replace(/\s+/g, ' '));
  }
  return pages;
}

it('is a PDF in Russian with pages, phones, addresses and numbers', async () => {
  const file = await client.schedule.sheet({ date: DATE, engineer: 'Иван Петров' });
  expect(file).toMatchObject({ type: 'application/pdf', name: `Лист ${DATE}.pdf` });
  const pages = await pagesOf(file);
  const whole = pages.join(' ');
  expect(pages.length).toBeGreaterThan(1);
  for (const page of pages) expect(page).toContain('Клиент и работа');
  expect(pages[0]).toContain('Иван Петров');
  expect(pages[0]).toContain('понедельник');
  expect(pages[0]).toContain(`Страница 1 из ${pages.length}`);
  for (let index = 1; index <= 24; index++) expect(whole).toMatch(new RegExp(`Работа ${index}( |$)`));
  expect(whole).toContain('+7 999 123-45-67');
  expect(whole.replaceAll(' ', '')).toContain('(звонитьзаполчаса)');
  expect(whole).not.toContain('Чужая');
  expect(whole).toMatch(/№ \d+/);
});

it('holds everybody who goes somewhere, and says so where nobody does', async () => {
  const everybody = (await pagesOf(await client.schedule.sheet({ date: DATE }))).join(' ');
  expect(everybody).toContain('Иван Петров');
  expect(everybody).toContain('Чужая');
  expect((await pagesOf(await client.schedule.sheet({ date: '2026-06-20' }))).join(' ')).toContain('никому ничего не назначено');
});

it('comes through the REST door under its address', async () => {
  const answer = await fetch(`${house.url}/api/schedule/sheet.pdf?date=${DATE}`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  expect(new TextDecoder('latin1').decode((await answer.arrayBuffer()).slice(0, 5))).toBe('%PDF-');
});

it('a map file is served in stretches, and only while it is the same', async () => {
  expect((await client.schedule.map({})).map).toBeNull();
  const folder = join(house.dataDir, 'maps');
  mkdirSync(folder);
  writeFileSync(join(folder, 'city.pmtiles'), Buffer.from('0123456789'));
  const { map } = await client.schedule.map({});
  expect(map).toMatchObject({ name: 'city.pmtiles', bytes: 10 });
  const part = (offset: number, length: number) => client.schedule.mapBytes({ version: map?.version ?? '', offset, length }).then((file) => file.text());
  expect(await part(2, 3)).toBe('234');
  expect(await part(8, 100)).toBe('89');
  expect(await part(50, 10)).toBe('');
  await expect(client.schedule.mapBytes({ version: 'old', offset: 0, length: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
