import { DEMO_OWNER, expect, signIn, test } from './fixtures.ts';

const TEXT = [
  '# Замена батареи ИБП',
  '',
  '- [x] Заказана батарея',
  '- [ ] Записан срок',
  '',
  '| Модель | Батарея |',
  '|---|---|',
  '| Ippon 600 | 12 В 7 А·ч |',
  '',
  '```',
  'upsc ups@localhost',
  '```',
  '',
  'Подробности [у производителя](https://example.com/ups), [заявка](/tickets/1), настройка http://192.168.1.5 и [ловушка](javascript:alert(1)).',
  '',
  '![Схема](https://example.com/scheme.png)',
  '',
  '<img src="https://example.com/spy.png" onerror="alert(1)"><b>жирно</b>',
].join('\n');

test('an article is written by keys, looked at, published, and shows what Markdown means and nothing more', async ({ desk }) => {
  const asked: string[] = [];
  desk.on('request', (request) => {
    if (request.url().includes('example.com')) asked.push(request.url());
  });
  await desk.keyboard.press('g');
  await desk.keyboard.press('k');
  await expect(desk.getByRole('heading', { level: 1, name: 'База знаний' })).toBeVisible();
  await desk.keyboard.press('n');
  await desk.keyboard.press('k');
  await desk.getByRole('textbox', { name: 'Название' }).fill('Батарея ИБП');
  await desk.getByRole('textbox', { name: 'Текст' }).fill(TEXT);
  await desk.getByText('Просмотр', { exact: true }).click();
  await expect(desk.getByRole('region', { name: 'Просмотр' }).getByRole('cell', { name: 'Ippon 600' })).toBeVisible();
  await desk.getByText('Текст', { exact: true }).last().click();
  await expect(desk.getByRole('textbox', { name: 'Текст' })).toHaveValue(TEXT);
  await desk.getByRole('combobox', { name: 'Метки' }).fill('питание,');
  await desk.getByRole('button', { name: 'Создать' }).click();

  const card = desk.getByRole('region', { name: 'Батарея ИБП' });
  await expect(card.getByRole('heading', { level: 3, name: 'Замена батареи ИБП' })).toBeVisible();
  await expect(card.getByText('Черновик')).toBeVisible();
  await expect(card.getByRole('listitem').filter({ hasText: 'Заказана батарея' })).toContainText('Сделано:');
  await expect(card.getByRole('listitem').filter({ hasText: 'Записан срок' })).toContainText('Не сделано:');
  await expect(card.getByRole('columnheader', { name: 'Батарея' })).toBeVisible();
  await expect(card.locator('pre code')).toHaveText(/upsc ups@localhost/);
  await expect(card.getByRole('link', { name: 'у производителя' })).toHaveAttribute('rel', 'noreferrer noopener');
  await expect(card.getByRole('link', { name: 'Картинка: Схема' })).toHaveAttribute('href', 'https://example.com/scheme.png');
  await expect(card.getByRole('button', { name: 'Скопировать: http://192.168.1.5' })).toBeVisible();
  await expect(card.getByText('ловушка')).toBeVisible();
  await expect(card.getByRole('link', { name: 'ловушка' })).toHaveCount(0);
  await expect(card.getByText('<b>жирно</b>')).toBeVisible();
  await expect(card.locator('img')).toHaveCount(0);
  expect(asked).toEqual([]);

  await card.getByRole('button', { name: 'Ещё действия' }).click();
  await desk.getByRole('menuitem', { name: 'Опубликовать' }).click();
  await expect(card.getByText('Опубликована')).toBeVisible();
  await card.getByRole('tab', { name: 'История' }).click();
  await expect(card.getByText('Черновик')).toBeVisible();
  await card.getByRole('tab', { name: 'Статья' }).click();
  await card.getByRole('link', { name: 'заявка' }).click();
  await expect(desk.getByRole('heading', { level: 1, name: 'Заявки' })).toBeVisible();
});

test('articles are found by their tag and by any word, and deleted ones come back', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/articles`);
  await desk.getByRole('button', { name: 'Фильтр', exact: true }).click();
  await desk.getByRole('menuitem', { name: 'Метка' }).click();
  await desk.getByRole('combobox', { name: 'Метка' }).click();
  await desk.getByRole('option', { name: 'регламент' }).click();
  await expect(desk.getByRole('row', { name: /Регламент: сроки/ })).toBeVisible();
  await expect(desk.getByRole('row', { name: /Принтер/ })).toHaveCount(0);
  await desk.getByRole('button', { name: 'Убрать фильтр «Метка»' }).click();
  await desk.getByLabel('Найти в списке').fill('очередью');
  await expect(desk.getByRole('row', { name: /Принтер не печатает/ })).toBeVisible();
  await expect(desk.getByRole('row', { name: /Регламент/ })).toHaveCount(0);

  await desk.goto(`${demo.url}/articles`);
  await desk.getByRole('row', { name: /Роутер после сброса/ }).click();
  const card = desk.getByRole('region', { name: 'Роутер после сброса: настройка за десять минут' });
  await card.getByRole('link', { name: 'сеть' }).click();
  await expect(desk).toHaveURL(/articles\?tag=/);
  await expect(card).toHaveCount(0);
  await desk.getByRole('row', { name: /Роутер после сброса/ }).click();
  await card.getByRole('button', { name: 'Ещё действия' }).click();
  await desk.getByRole('menuitem', { name: 'Удалить' }).click();
  await expect(desk.getByText(/Удалено: Роутер/)).toBeVisible();
  await desk.getByRole('button', { name: 'Вернуть' }).click();
  await expect(desk.getByRole('row', { name: /Роутер после сброса/ })).toBeVisible();
});

test('an article takes files, and its client’s card leads to it', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/clients/1?tab=articles`);
  await expect(desk.getByRole('tab', { name: /Статьи/ })).toBeInViewport();
  await desk.getByRole('link', { name: /как устроена сеть/ }).click();
  const card = desk.getByRole('region', { name: 'Альфа-Сервис: как устроена сеть' });
  await card.getByRole('tab', { name: 'Файлы' }).click();
  const chooser = desk.waitForEvent('filechooser');
  await card.getByRole('button', { name: 'Добавить файлы' }).click();
  await (await chooser).setFiles({ name: 'схема сети.txt', mimeType: 'text/plain', buffer: Buffer.from('шлюз — сервер') });
  await expect(card.getByRole('listitem').filter({ hasText: 'схема сети.txt' })).toBeVisible();
  await expect(card.getByRole('tab', { name: /Файлы/ })).toContainText('1');
});

test('an empty base says what it is for and offers the first step; a form names what is missing', async ({ page, ownDemo }) => {
  const call = async (method: string, path: string, token = '', body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${ownDemo.url}/api${path}`, { method, headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
    return (await answer.json()) as Record<string, unknown>;
  };
  const { access_token } = (await call('POST', '/auth/login', '', { email: DEMO_OWNER.email, password: DEMO_OWNER.password })) as { access_token: string };
  for (const { id } of (await call('GET', '/articles', access_token))['items'] as { id: string }[]) await call('DELETE', `/articles/${id}`, access_token);
  await signIn(page, ownDemo.url);
  await page.goto(`${ownDemo.url}/articles`);
  await expect(page.getByRole('heading', { name: 'Статей пока нет' })).toBeVisible();
  await page.getByRole('button', { name: 'Новая статья' }).last().click();
  await page.getByRole('textbox', { name: 'Название' }).fill('Без текста');
  await page.getByRole('button', { name: 'Создать' }).click();
  await expect(page.getByRole('textbox', { name: 'Текст' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Текст' })).toHaveAttribute('aria-invalid', 'true');
});
