import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { pmtilesOf } from '../support/pmtiles.ts';
import { DEMO_OWNER, expect as expectSoon, test } from './fixtures.ts';

/** Other work may share the machine. */
const expect = expectSoon.configure({ timeout: 60_000 });

/** A Monday some weeks away, when everybody of the demonstration works and nobody has anything. */
function monday(): string {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + ((8 - day.getUTCDay()) % 7 || 7) + 28);
  return day.toISOString().slice(0, 10);
}

// A day is seeded by hand in each of these.
test.describe.configure({ timeout: 180_000 });

const date = monday();

/** Writes a visit down through the REST door. */
async function addVisit(url: string, title: string, time: string): Promise<void> {
  const send = async (path: string, body: object, token?: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${url}/api${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const { access_token: token } = await send('/auth/login', { email: DEMO_OWNER.email, password: DEMO_OWNER.password });
  await send('/appointments', { client_id: 1, title, starts_at: `${date}T${time}:00+03:00`, duration_minutes: 60 }, String(token));
}

const laneOf = (desk: Page, name: string): Locator => desk.getByRole('group', { name, exact: true });

/** Takes a visit by the mouse and holds it over an engineer's lane, at a share of its width. */
async function holdOver(desk: Page, visit: Locator, lane: Locator, share: number): Promise<void> {
  await visit.scrollIntoViewIfNeeded();
  const from = await visit.boundingBox();
  const to = await lane.locator('[data-lane]').boundingBox();
  if (!from || !to) throw new Error('not on the page');
  await desk.mouse.move(from.x + 8, from.y + 8);
  await desk.mouse.down();
  await desk.mouse.move(from.x + 30, from.y + 20, { steps: 3 });
  await desk.mouse.move(to.x + to.width * share, to.y + to.height / 2, { steps: 5 });
}

test('a visit is moved by hand, refused in words, moved by keys, pinned and explained', async ({ desk, demo }) => {
  await addVisit(demo.url, 'Ручной выезд', '10:00');
  await desk.goto(`${demo.url}/schedule?date=${date}`);
  const tray = desk.getByRole('region', { name: 'Без исполнителя' });
  const petrov = laneOf(desk, 'Иван Петров');
  await holdOver(desk, tray.getByRole('button', { name: /Ручной выезд/ }), petrov, 0.5);
  await expect(desk.getByText(/^Иван Петров, \d\d:\d\d$/)).toBeVisible();
  await desk.mouse.up();
  const visit = petrov.getByRole('button', { name: /Ручной выезд/ });
  await expect(visit).toBeVisible();
  await expect(tray).toBeHidden();

  // Before the shift begins: refused, and nothing is moved.
  const before = await visit.getAttribute('aria-label');
  await holdOver(desk, visit, petrov, 0.03);
  await expect(desk.getByText('Раньше начала смены.', { exact: false })).toBeVisible();
  await desk.mouse.up();
  await expect(desk.getByRole('alert').getByText(/Так не поставить\. Раньше начала смены\./)).toBeVisible();
  await expect(visit).toHaveAttribute('aria-label', before ?? '');

  // By keys: an hour later, to whoever stands below.
  await visit.focus();
  await visit.press('KeyM');
  await expect(desk.getByText(/Enter — поставить/)).toBeVisible();
  for (let step = 0; step < 4; step++) await visit.press('ArrowRight');
  await visit.press('Enter');
  await expect(visit).not.toHaveAttribute('aria-label', before ?? '');
  // The move shows before it is answered: what is taken back is this one, not the one before it.
  const moved = (await visit.getAttribute('aria-label'))?.slice(0, '00:00'.length) ?? '';
  await desk.getByRole('alert').filter({ hasText: `Ручной выезд: Иван Петров, ${moved}` }).getByRole('button', { name: 'Вернуть' }).click();
  await expect(visit).toHaveAttribute('aria-label', before ?? '');

  await visit.press('KeyL');
  await expect(petrov.getByRole('button', { name: /Ручной выезд.*Закреплены инженер и время/ })).toBeVisible();
  await visit.press('KeyL');
  await visit.click();
  const panel = desk.getByRole('region', { name: 'Ручной выезд' });
  await panel.getByRole('button', { name: 'Почему здесь?' }).click();
  await expect(panel.getByText('Здесь:')).toBeVisible();
  await expect(panel.getByRole('listitem').first()).toContainText('мин в пути');
  await panel.getByRole('button', { name: 'Закрыть' }).click();
  await expect(panel).toBeHidden();
  await expect(visit).toBeVisible();
});

test('an engineer’s day is saved as PDF', async ({ desk, demo }) => {
  await addVisit(demo.url, 'Для листа', '10:00');
  await desk.goto(`${demo.url}/schedule?date=${date}`);
  await desk.getByRole('region', { name: 'Без исполнителя' }).getByRole('button', { name: /Для листа/ }).click();
  const form = desk.getByRole('form', { name: 'Переставить выезд' });
  await form.getByRole('combobox', { name: 'Инженер' }).click();
  await desk.getByRole('option', { name: 'Сергей Орлов' }).click();
  await form.getByRole('button', { name: 'Переставить' }).click();
  await expect(laneOf(desk, 'Сергей Орлов').getByRole('button', { name: /Для листа/ })).toBeVisible();
  await desk.getByRole('button', { name: 'PDF' }).click();
  const [file] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('menuitem', { name: 'Сергей Орлов' }).click()]);
  expect(file.suggestedFilename()).toBe(`Лист ${date}.pdf`);
});

test('routes lie on the map file of the data folder', async ({ desk, demo }) => {
  mkdirSync(join(demo.dataDir, 'maps'), { recursive: true });
  writeFileSync(join(demo.dataDir, 'maps', 'world.pmtiles'), pmtilesOf([{ layer: 'water', kind: 'ocean', type: 3, ring: [[0, 0], [4096, 0], [4096, 4096], [0, 4096]] }], { attribution: '<b>Наша карта</b>' }));
  await addVisit(demo.url, 'На карте', '15:00');
  await desk.goto(`${demo.url}/schedule?date=${date}`);
  await desk.getByRole('region', { name: 'Без исполнителя' }).getByRole('button', { name: /На карте/ }).click();
  const form = desk.getByRole('form', { name: 'Переставить выезд' });
  await form.getByRole('combobox', { name: 'Инженер' }).click();
  await desk.getByRole('option', { name: 'Сергей Орлов' }).click();
  await form.getByRole('button', { name: 'Переставить' }).click();
  const map = desk.getByRole('application', { name: /Карта маршрутов дня/ });
  await expect(map.getByRole('button', { name: /На карте/ })).toBeVisible();
  await expect(map.getByText('Наша карта')).toBeVisible();
  const middle = () => map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => [...(canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data ?? [])].slice(0, 3));
  await expect.poll(middle).toEqual([0xb9, 0xd6, 0xe8]);
  const place = () => map.getByRole('button', { name: /На карте/ }).getAttribute('transform');
  const before = await place();
  await map.focus();
  await map.press('ArrowLeft');
  await expect.poll(place).not.toBe(before);
  await map.press('0');
  await expect.poll(place).toBe(before);
});
