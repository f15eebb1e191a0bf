import { join } from 'node:path';
import { expect, signIn, test } from './fixtures.ts';

const SAMPLE = join(import.meta.dirname, '../../resources/samples/amocrm-export.csv');

test('the first start makes an owner and an organisation, and a file fills it', async ({ page, fresh }) => {
  await page.goto(fresh.url);
  await expect(page.getByRole('heading', { name: 'Первый запуск' })).toBeVisible();
  await page.getByLabel('Имя и фамилия').fill('Мария Ковалёва');
  await page.getByLabel('Почта').fill('maria@example.com');
  await page.getByLabel('Пароль', { exact: true }).fill('Ключ-от-серверной-7');
  await page.getByRole('button', { name: 'Далее' }).click();
  await page.getByRole('textbox', { name: /Организация|Название/ }).fill('Сервис-Юг');
  await page.getByRole('button', { name: 'Далее' }).click();
  await page.getByRole('radio', { name: 'Русский' }).first().check();
  await page.getByRole('button', { name: 'Далее' }).click();
  await page.getByRole('radio', { name: /С переноса базы/ }).check();
  await page.getByRole('button', { name: 'Создать организацию' }).click();

  await expect(page.getByRole('heading', { name: 'Импорт и экспорт' })).toBeVisible();
  await page.setInputFiles('input[type="file"]', SAMPLE);
  await expect(page.getByText(/Кодировка utf-8/)).toBeVisible();
  await page.getByRole('button', { name: 'Посмотреть, что получится' }).click();
  await expect(page.getByText('Проверен', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Импортировать' }).click();
  await expect(page.getByText('Готов', { exact: true })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Компании' }).click();
  await expect(page.getByRole('table').getByRole('row').nth(2)).toBeVisible();

  await page.reload();
  await expect(page.getByRole('heading', { name: 'Компании' })).toBeVisible();
  await page.getByRole('button', { name: 'Учётная запись' }).click();
  await page.getByRole('menuitem', { name: 'Выйти' }).click();
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
});

test('a wrong password is refused in words and nothing of it is kept', async ({ page, demo }) => {
  await page.goto(demo.url);
  await page.getByLabel('Почта').fill('admin@example.com');
  await page.getByLabel('Пароль', { exact: true }).fill('не тот пароль');
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.getByText('Почта или пароль не подходят.')).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(localStorage) + JSON.stringify(sessionStorage))).not.toContain('не тот пароль');
});

test('the language and the theme go with the person', async ({ page, demo }) => {
  await signIn(page, demo.url);
  await page.goto(`${demo.url}/settings`);
  await page.getByText('English', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  await page.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.getByText('Русский', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Профиль' })).toBeVisible();
  await page.getByText('Как в системе', { exact: true }).click();
});

test('every page of the settings opens', async ({ desk, demo }) => {
  for (const [path, heading] of [
    ['security', 'Безопасность'],
    ['users', 'Пользователи'],
    ['branches', 'Филиалы'],
    ['organization', 'Организация'],
    ['system', 'Программа'],
  ] as const) {
    await desk.goto(`${demo.url}/settings/${path}`);
    await expect(desk.getByRole('heading', { name: heading, exact: true }).first()).toBeVisible();
    await expect(desk.getByRole('alert')).toHaveCount(0);
  }
});
