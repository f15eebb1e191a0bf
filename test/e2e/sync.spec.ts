import { expect, test } from './fixtures.ts';

const COLLEAGUE = { name: 'Иван Петров', password: 'Пароль-для-выезда-42' };

test('a colleague joins by a code, and what each writes is with the other within a moment', async ({ desk, demo, fresh, browser }) => {
  await desk.goto(`${demo.url}/settings/sync`);
  const sharing = desk.getByRole('region', { name: 'Открыть для сети' });
  await sharing.getByRole('switch').click();
  await expect(sharing.getByText(/https:\/\/[\d.]+:\d+/)).toBeVisible();
  const port = /:(\d+)$/.exec((await sharing.getByText(/https:\/\/[\d.]+:\d+/).textContent()) ?? '')?.[1] ?? '';
  const pairing = desk.getByRole('region', { name: 'Новое устройство' });
  await pairing.getByRole('textbox', { name: 'Для кого' }).fill(COLLEAGUE.name);
  await desk.getByRole('option', { name: new RegExp(COLLEAGUE.name) }).click();
  await pairing.getByRole('button', { name: 'Показать код' }).click();
  const code = (await pairing.getByText(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$/).textContent()) ?? '';

  const other = await (await browser.newContext({ locale: 'ru-RU', timezoneId: 'Europe/Moscow', viewport: { width: 390, height: 844 } })).newPage();
  await other.goto(fresh.url);
  await other.getByRole('button', { name: /Присоединиться по коду/ }).click();
  await other.getByLabel('Код', { exact: true }).fill('ABCDE');
  await other.getByLabel(/Адрес узла/).fill(`127.0.0.1:${port}`);
  await other.getByLabel('Пароль для этого компьютера').fill(COLLEAGUE.password);
  await other.getByRole('button', { name: 'Присоединиться', exact: true }).click();
  await expect(other.getByText(/четырёх групп/)).toBeVisible();
  await other.getByLabel('Код', { exact: true }).fill(code.toLowerCase());
  await other.getByRole('button', { name: 'Присоединиться', exact: true }).click();
  await expect(other.getByRole('heading', { level: 1, name: 'Рабочий стол' })).toBeVisible({ timeout: 30_000 });

  await other.goto(`${fresh.url}/clients/new`);
  await other.getByRole('textbox', { name: 'Название', exact: true }).fill('ООО «С чужого компьютера»');
  await other.getByRole('button', { name: 'Создать' }).click();
  await other.getByRole('heading', { name: 'ООО «С чужого компьютера»' }).waitFor();
  await desk.goto(`${demo.url}/clients?q=чужого`);
  await expect(desk.getByRole('row', { name: /С чужого компьютера/ })).toBeVisible();
  await desk.goto(`${demo.url}/clients/new`);
  await desk.getByRole('textbox', { name: 'Название', exact: true }).fill('ООО «Сверху»');
  await desk.getByRole('button', { name: 'Создать' }).click();
  await other.goto(`${fresh.url}/clients?q=Сверху`);
  await expect(other.getByText('ООО «Сверху»')).toBeVisible();

  await other.goto(`${fresh.url}/settings/sync`);
  await other.getByRole('switch', { name: 'Работать без сети' }).click();
  await expect(other.getByRole('switch', { name: 'Работать без сети' })).toBeChecked();
  await desk.goto(`${demo.url}/settings/sync`);
  await expect(desk.getByRole('table', { name: 'Устройства' }).getByRole('row', { name: new RegExp(COLLEAGUE.name) })).toBeVisible();
});
