import { expect, test } from './fixtures.ts';

test('from a client’s card to a session, its line, and the report of the month', async ({ desk, demo, context }) => {
  await desk.goto(`${demo.url}/clients/1?tab=remote`);
  await desk.getByRole('button', { name: 'Добавить адрес' }).click();
  await desk.getByRole('textbox', { name: /^Адрес/ }).fill('12345&calc');
  await desk.getByRole('button', { name: 'Сохранить' }).click();
  await expect(desk.getByText(/от 6 до 12 цифр/).first()).toBeVisible();
  await desk.getByRole('textbox', { name: /^Адрес/ }).fill('123 456 789');
  await desk.getByRole('textbox', { name: 'Компьютер' }).fill('Бухгалтерия');
  await desk.getByRole('button', { name: 'Сохранить' }).click();
  await expect(desk.getByText(/Бухгалтерия/)).toBeVisible();
  await desk.getByRole('button', { name: 'Запросить адрес' }).click();
  await expect(desk.getByRole('status').filter({ hasText: 'ждём компьютер клиента' })).toBeVisible();
  await desk.getByRole('button', { name: 'Подключиться' }).click();
  await expect(desk.getByRole('button', { name: 'Записать' })).toBeVisible();

  const page = await context.newPage();
  await page.goto(`${demo.url}/desk`);
  await page.getByRole('button', { name: '1 сеанс ждёт описания' }).click();
  const dialog = page.getByRole('dialog', { name: 'Что было сделано?' });
  await dialog.getByRole('button', { name: 'Записать' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Что сделано' })).toBeFocused();
  await dialog.getByRole('textbox', { name: 'Что сделано' }).fill('Настроил печать из 1С');
  await dialog.getByRole('textbox', { name: 'Минут' }).fill('15');
  await dialog.getByRole('button', { name: 'Записать' }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`${demo.url}/remote`);
  await expect(page.getByText('Настроил печать из 1С')).toBeVisible();
  await expect(page.getByText('Всего: 15 мин')).toBeVisible();
});
