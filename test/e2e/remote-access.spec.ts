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
  await page.getByRole('heading', { name: 'Удалённая работа за месяц' }).waitFor();
  await expect(page.getByText('Настроил печать из 1С')).toBeVisible();
  await expect(page.getByText('Всего: 15 мин')).toBeVisible();
});

test('an address is changed, has its history, a password that the machine may not have a place for, and is connected to from the palette', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/clients/2?tab=remote`);
  await desk.getByRole('button', { name: 'Добавить адрес' }).click();
  await desk.getByRole('textbox', { name: /^Адрес/ }).fill('700 800 900');
  await desk.getByRole('textbox', { name: 'Компьютер' }).fill('СКЛАД-7');
  await desk.getByRole('button', { name: 'Сохранить' }).click();
  const row = desk.getByRole('group', { name: 'AnyDesk 700800900' });
  await expect(row.getByText(/СКЛАД-7/)).toBeVisible();

  const more = async (action: string): Promise<void> => {
    await desk.getByRole('button', { name: /^Ещё: / }).first().click();
    await desk.getByRole('menuitem', { name: action }).click();
  };
  await more('Изменить адрес');
  await desk.getByRole('textbox', { name: 'Заметка' }).fill('у ворот');
  await desk.getByRole('button', { name: 'Сохранить' }).click();
  await expect(row.getByText(/у ворот/)).toBeVisible();

  await more('История адреса');
  const history = desk.getByRole('dialog', { name: /^История адреса/ });
  await expect(history.getByText('у ворот')).toBeVisible();
  await history.getByRole('button', { name: 'Закрыть' }).click();
  await expect(history).toBeHidden();

  await more('Сохранить пароль…');
  const password = desk.getByRole('dialog', { name: /^Пароль для/ });
  await password.getByRole('button', { name: 'Сохранить' }).click();
  await expect(password.getByRole('textbox', { name: 'Пароль' })).toBeFocused();
  await password.getByRole('button', { name: 'Отмена' }).click();
  await expect(password).toBeHidden();

  await desk.keyboard.press('Control+k');
  await desk.getByRole('textbox', { name: /^Найти, перейти/ }).fill('700800900');
  await desk.getByRole('button', { name: /Подключиться: .*СКЛАД-7/ }).click();
  await expect(desk.getByText('Программа не найдена на этом компьютере, открываем ссылку.')).toBeVisible();
});
