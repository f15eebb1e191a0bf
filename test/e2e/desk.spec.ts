import { expect, test } from './fixtures.ts';

const PAGES = [
  ['Рабочий стол', 'Рабочий стол'],
  ['Заявки', 'Заявки'],
  ['Задачи', 'Задачи'],
  ['Выезды', 'Выезды'],
  ['Клиенты', 'Клиенты'],
  ['Компании', 'Компании'],
  ['Контакты', 'Контакты'],
  ['Активы', 'Активы'],
  ['Договоры', 'Договоры'],
  ['База знаний', 'База знаний'],
  ['Поиск', 'Поиск'],
  ['Журнал', 'Журнал'],
  ['Корзина', 'Корзина'],
] as const;

test('every page of the rail opens under its own heading', async ({ desk }) => {
  for (const [link, heading] of PAGES) {
    await desk.getByRole('navigation').getByRole('link', { name: link, exact: true }).click();
    await expect(desk.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(desk.getByRole('alert')).toHaveCount(0);
  }
});

test('every address of the rail answers by itself, as a bookmark does', async ({ desk, demo }) => {
  const links = await desk.getByRole('navigation').getByRole('link').evaluateAll((found) => found.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  expect(links.length).toBeGreaterThanOrEqual(PAGES.length);
  for (const path of [...links, '/assets/1', '/tickets/1']) {
    const answer = await desk.request.get(`${demo.url}${path}`, { headers: { accept: 'text/html' } });
    expect([path, answer.status(), answer.headers()['content-type']]).toEqual([path, 200, 'text/html; charset=utf-8']);
  }
});

test('the documentation of the API opens from both spellings of its address and lists the operations', async ({ desk, demo }) => {
  for (const path of ['/docs', '/docs/']) {
    await desk.goto(demo.url + path);
    await expect(desk.getByRole('heading', { name: /Polevik/ })).toBeVisible();
    await desk.getByRole('button', { name: 'Expand operation' }).first().click();
    await expect(desk.getByRole('button', { name: /GET \/auth\/status/ }).first()).toBeVisible();
  }
});

test('a ticket is created, worked on, deleted and brought back', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/tickets/new`);
  await desk.getByRole('textbox', { name: 'Клиент', exact: true }).fill('Альфа');
  await desk.getByRole('option', { name: /Альфа/ }).first().click();
  await desk.getByLabel('Тема').fill('Не открывается 1С у бухгалтера');
  await desk.getByRole('button', { name: 'Создать' }).click();
  const card = desk.getByRole('region', { name: 'Не открывается 1С у бухгалтера' });
  await expect(card.getByRole('heading', { name: 'Не открывается 1С у бухгалтера' })).toBeVisible();

  await card.getByLabel('Новая заметка').fill('Перезапустил службу, наблюдаем');
  await card.getByRole('button', { name: 'Добавить заметку' }).click();
  await expect(card.getByText('Перезапустил службу, наблюдаем')).toBeVisible();

  await card.getByRole('combobox', { name: 'Статус' }).click();
  await desk.getByRole('option', { name: 'В работе' }).click();
  await card.getByRole('tab', { name: 'История' }).click();
  await expect(card.getByText('правка', { exact: false }).first()).toBeVisible();

  await card.getByRole('button', { name: 'Ещё действия' }).click();
  await desk.getByRole('menuitem', { name: 'Удалить' }).click();
  await expect(desk.getByText('Удалено: Не открывается 1С у бухгалтера')).toBeVisible();
  await desk.getByRole('button', { name: 'Вернуть' }).click();
  await expect(desk.getByText('Возвращено.')).toBeVisible();
  await expect(desk.getByRole('row', { name: /Не открывается 1С у бухгалтера/ })).toBeVisible();
});

test('what is typed survives a reload', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/contacts/new`);
  await desk.getByLabel('Имя и фамилия').fill('Константин Константинопольский');
  await desk.reload();
  await expect(desk.getByText(/Восстановлен черновик/)).toBeVisible();
  await expect(desk.getByLabel('Имя и фамилия')).toHaveValue('Константин Константинопольский');
  await desk.getByRole('button', { name: 'Начать заново' }).click();
  await expect(desk.getByLabel('Имя и фамилия')).toHaveValue('');
});

test('a form names the field at fault and focuses it', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/clients/new`);
  await desk.getByRole('button', { name: 'Создать' }).click();
  await expect(desk.getByText('Заполните это поле.')).toBeVisible();
  await expect(desk.getByLabel('Название')).toBeFocused();
});

test('a company like another one is shown with the reasons while it is typed', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/companies`);
  const name = await desk.getByRole('table').getByRole('row').nth(1).getByRole('cell').nth(1).innerText();
  await desk.goto(`${demo.url}/companies/new`);
  await desk.getByRole('textbox', { name: 'Название', exact: true }).fill(name);
  await expect(desk.getByRole('status').getByText('Похоже, такая компания уже есть')).toBeVisible();
  await expect(desk.getByText(/название: совпадает/).first()).toBeVisible();
});

test('search finds a word in any form and the wrong keyboard layout', async ({ desk }) => {
  await desk.getByRole('navigation').getByRole('link', { name: 'Поиск' }).click();
  await desk.getByLabel('Слова, номер, телефон, ИНН').fill('СЕРВЕРОМ');
  await expect(desk.getByRole('listitem').first()).toContainText(/сервер/i);
  await desk.getByLabel('Слова, номер, телефон, ИНН').fill('cthdth');
  await expect(desk.getByText('Раскладка исправлена', { exact: false })).toBeVisible();
});

test('keys go, open the palette and show the help, in the Russian layout too', async ({ desk }) => {
  await desk.keyboard.press('KeyG');
  await desk.keyboard.press('KeyT');
  await expect(desk.getByRole('heading', { level: 1, name: 'Заявки' })).toBeVisible();
  // The keys go through rows, which come a moment after their heading.
  await expect(async () => {
    await desk.keyboard.press('KeyJ');
    await desk.keyboard.press('Enter');
    await expect(desk).toHaveURL(/\/tickets\/\d+/, { timeout: 2_000 });
  }).toPass();
  await desk.keyboard.press('Escape');
  await expect(desk).toHaveURL(/\/tickets$/);
  await desk.keyboard.press('Control+KeyK');
  await desk.getByRole('textbox', { name: 'Найти, перейти, сделать…' }).last().fill('корз');
  await desk.keyboard.press('ArrowDown');
  await desk.keyboard.press('Enter');
  await expect(desk.getByRole('heading', { level: 1, name: 'Корзина' })).toBeVisible();
  await desk.keyboard.press('Shift+Slash');
  await expect(desk.getByRole('dialog', { name: 'Клавиши' })).toBeVisible();
});

test('a key counts that comes before the called card is drawn', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/tickets`);
  await desk.getByRole('row').nth(1).waitFor();
  await desk.keyboard.press('KeyJ');
  await desk.evaluate(async () => {
    const press = (code: string): boolean => document.body.dispatchEvent(new KeyboardEvent('keydown', { code, key: code, bubbles: true }));
    while (location.pathname === '/tickets') {
      press('Enter');
      await Promise.resolve();
    }
    press('Escape');
  });
  await expect(desk).toHaveURL(/\/tickets$/);
  await expect(desk.getByRole('heading', { level: 2 })).toHaveCount(0);
});

test('filters live in the address and read as words', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/tickets?status=waiting`);
  await expect(desk.getByRole('button', { name: 'Статус Ожидает' })).toBeVisible();
  const statuses = await desk.getByRole('row').getByText(/^(Новая|В работе|Решена|Закрыта)$/).count();
  expect(statuses).toBe(0);
  await desk.getByRole('button', { name: 'Убрать фильтр «Статус»' }).click();
  await expect(desk).toHaveURL(/\/tickets$/);
});

test('an appointment is dragged to another hour', async ({ desk, demo }) => {
  const noon = await desk.evaluate(() => new Date(new Date().setHours(12, 0, 0, 0)).toISOString());
  await desk.goto(`${demo.url}/appointments/new?${new URLSearchParams({ starts_at: noon, minutes: '60' })}`);
  await desk.getByRole('textbox', { name: 'Клиент', exact: true }).fill('Корица');
  await desk.getByRole('option', { name: /Корица/ }).first().click();
  await desk.getByRole('textbox', { name: 'Название', exact: true }).fill('Перетаскиваемый выезд');
  await desk.getByRole('button', { name: 'Создать' }).click();
  await desk.getByRole('heading', { name: 'Перетаскиваемый выезд' }).waitFor();
  await desk.goto(`${demo.url}/calendar?view=day`);
  const item = desk.getByRole('listitem', { name: /Перетаскиваемый выезд/ });
  const before = await item.getAttribute('aria-label');
  await item.scrollIntoViewIfNeeded();
  const box = await item.boundingBox();
  if (!box) throw new Error('the appointment is not on the page');
  const up = box.y > 400 ? -96 : 96;
  await desk.mouse.move(box.x + 40, box.y + 8);
  await desk.mouse.down();
  await desk.mouse.move(box.x + 40, box.y + 8 + up, { steps: 8 });
  await desk.mouse.up();
  await expect(desk.getByText(/Перенесено на/)).toBeVisible();
  expect(await desk.getByRole('listitem', { name: /Перетаскиваемый выезд/ }).getAttribute('aria-label')).not.toBe(before);
});

test('on a phone the menu is off-canvas and the card covers the list', async ({ desk, demo }) => {
  await desk.setViewportSize({ width: 390, height: 844 });
  await desk.goto(`${demo.url}/clients`);
  await expect(desk.getByRole('navigation')).toBeHidden();
  await desk.getByRole('button', { name: 'Меню' }).click();
  await desk.getByRole('navigation').getByRole('link', { name: 'Заявки' }).click();
  await expect(desk.getByRole('heading', { level: 1, name: 'Заявки' })).toBeVisible();
  await desk.getByRole('row').first().click();
  await expect(desk.getByRole('heading', { level: 1, name: 'Заявки' })).toBeHidden();
  const wide = await desk.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
});

test('another window hears of a change within a moment', async ({ desk, demo, context }) => {
  const other = await context.newPage();
  await other.goto(`${demo.url}/contacts?q=Эхов`);
  await expect(other.getByText('Ничего не найдено')).toBeVisible();
  await desk.goto(`${demo.url}/contacts/new`);
  await desk.getByLabel('Имя и фамилия').fill('Пётр Эхов');
  await desk.getByRole('button', { name: 'Создать' }).click();
  await expect(other.getByRole('row', { name: /Пётр Эхов/ })).toBeVisible();
});

test('one field is changed where it stands, and the change is taken back', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/contacts`);
  await desk.getByRole('row').nth(1).click();
  const card = desk.getByRole('region').last();
  await card.getByRole('button', { name: 'Изменить: Должность' }).click();
  const field = card.getByLabel('Должность');
  await expect(field).toBeFocused();
  const before = await field.inputValue();
  await field.fill('Хранитель серверной');
  await field.press('Escape');
  await expect(card.getByText(before, { exact: true })).toBeVisible();
  await card.getByRole('button', { name: 'Изменить: Должность' }).click();
  await card.getByLabel('Должность').fill('Хранитель серверной');
  await card.getByLabel('Должность').press('Enter');
  await expect(card.getByText('Хранитель серверной', { exact: true })).toBeVisible();
  await desk.getByRole('button', { name: 'Вернуть' }).click();
  await expect(card.getByText(before, { exact: true })).toBeVisible();
});

test('status, priority and assignee are a key away', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/tickets`);
  await desk.getByRole('row').nth(1).waitFor();
  await desk.keyboard.press('j');
  await desk.keyboard.press('p');
  const small = desk.getByRole('dialog');
  await small.getByRole('combobox', { name: 'Приоритет' }).click();
  await desk.getByRole('option', { name: 'Срочный' }).click();
  await small.getByRole('button', { name: 'Сохранить' }).click();
  await expect(small).toBeHidden();
  await expect(desk.getByRole('row').nth(1).getByText('Срочный')).toBeVisible();
  // The Russian letter on the same key.
  await desk.keyboard.press('KeyS');
  await expect(small.getByRole('combobox', { name: 'Статус' })).toBeVisible();
  await desk.keyboard.press('Escape');
  await expect(small).toBeHidden();
  await desk.keyboard.press('KeyA');
  await expect(small.getByRole('textbox', { name: 'Исполнитель' })).toBeVisible();
});

test('two people at one record: other fields are joined, the same one is chosen', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/clients/new`);
  await desk.getByLabel('Название').fill('Спорный клиент');
  await desk.getByRole('button', { name: 'Создать' }).click();
  await desk.getByRole('region', { name: 'Спорный клиент' }).waitFor();
  const address = desk.url();
  await desk.keyboard.press('e');
  const form = desk.getByRole('region', { name: 'Спорный клиент' });
  await form.getByLabel('Комментарий').fill('Мой комментарий');
  const other = await desk.context().newPage();
  await other.goto(address);
  const theirs = other.getByRole('region', { name: 'Спорный клиент' });
  await theirs.waitFor();
  await other.keyboard.press('e');
  await theirs.getByLabel('Комментарий').fill('Чужой комментарий');
  await theirs.getByLabel('Адрес').fill('Тверь, Советская, 1');
  await theirs.getByRole('button', { name: 'Сохранить' }).click();
  await expect(theirs.getByText('Чужой комментарий')).toBeVisible();
  await other.close();

  await form.getByRole('button', { name: 'Сохранить' }).click();
  const choice = desk.getByRole('alertdialog', { name: 'Эту запись тем временем изменили' });
  await expect(choice.getByLabel('Моё: Мой комментарий')).toBeChecked();
  await choice.getByLabel('Чужое: Чужой комментарий').check();
  await choice.getByLabel('Моё: Мой комментарий').check();
  await choice.getByRole('button', { name: 'Сохранить выбранное' }).click();
  await expect(choice).toBeHidden();
  await expect(form.getByText('Мой комментарий', { exact: true })).toBeVisible();
  await expect(form.getByText('Тверь, Советская, 1')).toBeVisible();
});

test('letters typed right after the palette was called are not lost', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/tickets`);
  const filter = desk.getByRole('textbox', { name: 'Найти в списке' });
  await filter.focus();
  // Letters of the American layout: others are put in as text, past the keyboard, wherever the focus is.
  await desk.keyboard.press('Control+KeyK');
  await desk.keyboard.type('routers');
  await desk.keyboard.press('Backspace');
  await expect(desk.getByRole('textbox', { name: /Найти, перейти/ })).toHaveValue('router');
  await expect(filter).toHaveValue('');
});

test('columns are chosen, put in order, made wider, and stay so', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/tickets`);
  const headings = desk.getByRole('columnheader');
  const names = async () => (await headings.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).slice(1);
  await expect(desk.getByRole('columnheader', { name: 'Статус' })).toBeVisible();
  await desk.getByRole('button', { name: 'Столбцы' }).click();
  await desk.getByRole('checkbox', { name: 'Приоритет' }).uncheck();
  await desk.getByRole('button', { name: 'Столбец «Статус» правее' }).click();
  await desk.keyboard.press('Escape');
  await expect(desk.getByRole('columnheader', { name: 'Приоритет' })).toHaveCount(0);
  const edge = desk.getByRole('separator', { name: 'Ширина столбца «Клиент»' });
  const before = Number(await edge.getAttribute('aria-valuenow'));
  await edge.press('ArrowRight');
  await expect(edge).toHaveAttribute('aria-valuenow', String(before + 16));
  const chosen = await names();
  await desk.reload();
  await expect(desk.getByRole('columnheader', { name: 'Статус' })).toBeVisible();
  expect(await names()).toEqual(chosen);
  await expect(edge).toHaveAttribute('aria-valuenow', String(before + 16));
  await desk.getByRole('button', { name: 'Столбцы' }).click();
  await desk.getByRole('button', { name: 'Как было' }).click();
  await expect(desk.getByRole('columnheader', { name: 'Приоритет' })).toBeVisible();
});

test('a field says what is wrong with it when it is left', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/contacts/new`);
  await desk.getByLabel('Почта').fill('не адрес');
  await desk.getByLabel('Почта').blur();
  await expect(desk.getByText('Поле «Почта»: это не адрес электронной почты.')).toBeVisible();
  await desk.getByLabel('Почта').fill('ivan@example.ru');
  await desk.getByLabel('Почта').blur();
  await expect(desk.getByText('Поле «Почта»: это не адрес электронной почты.')).toHaveCount(0);
});
