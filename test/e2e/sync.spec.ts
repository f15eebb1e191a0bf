import { DEMO_OWNER, expect, test } from './fixtures.ts';

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
  await other.getByRole('switch', { name: 'Работать без сети' }).click();
  await expect(other.getByRole('button', { name: 'Обменяться сейчас' })).toBeEnabled();
  // At this width the corner is out of sight; the page follows all the same.
  const place = other.getByText(/^\d+ из \d+$/);
  const before = await place.textContent();
  await desk.goto(`${demo.url}/clients/new`);
  await desk.getByRole('textbox', { name: 'Название', exact: true }).fill('ООО «Ещё одно»');
  await desk.getByRole('button', { name: 'Создать' }).click();
  await expect(place).not.toHaveText(before ?? '');
  await desk.goto(`${demo.url}/settings/sync`);
  await expect(desk.getByRole('table', { name: 'Устройства' }).getByRole('row', { name: new RegExp(COLLEAGUE.name) })).toBeVisible();
});

type Call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;

/** A program's REST door for one who signs in with a password. */
async function restOf(url: string, email: string, password: string): Promise<Call> {
  const send = async (method: string, path: string, body: unknown, token?: string): Promise<unknown> => {
    const answer = await fetch(`${url}/api${path}`, { method, headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { access_token } = (await send('POST', '/auth/login', { email, password })) as { access_token: string };
  return (method, path, body) => send(method, path, body, access_token) as never;
}

/** Joins a new installation to the demonstration for a colleague, without the pages. */
async function joined(hub: Call, url: string, member: string): Promise<Call> {
  const { port } = await hub<{ port: number }>('POST', '/sync/sharing', { on: true });
  const { code } = await hub<{ code: string }>('POST', '/sync/codes', { user_id: member });
  const answer = await fetch(`${url}/api/sync/join`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code, hub: `127.0.0.1:${port}`, password: COLLEAGUE.password }) });
  const { member: account } = (await answer.json()) as { member: { email: string } };
  return restOf(url, account.email, COLLEAGUE.password);
}

interface Ticket {
  id: string;
  no: number | null;
}

test('open pages follow what the others write, a form that is being filled in is told and not overwritten; marks and conflicts', async ({ demo, fresh, page }) => {
  const hub = await restOf(demo.url, DEMO_OWNER.email, DEMO_OWNER.password);
  const device = await joined(hub, fresh.url, 'dmitry@example.com');
  const [client] = (await hub<{ items: { id: string }[] }>('GET', '/clients?limit=1')).items;
  await page.goto(fresh.url);
  await page.getByLabel('Почта').fill('dmitry@example.com');
  await page.getByLabel('Пароль', { exact: true }).fill(COLLEAGUE.password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByRole('heading', { name: 'Рабочий стол' }).waitFor();

  await page.goto(`${fresh.url}/tickets`);
  await page.getByRole('heading', { level: 1, name: 'Заявки' }).waitFor();
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  const ticket = await hub<Ticket>('POST', '/tickets', { client_id: client?.id, subject: 'Лифт не отвечает', description: 'Подъезд 2' });
  await expect(page.getByRole('row', { name: /Лифт не отвечает/ })).toBeVisible();
  await page.goto(`${fresh.url}/tickets/${ticket.id}`);
  await page.getByRole('heading', { name: 'Лифт не отвечает' }).waitFor();
  await hub('PUT', `/tickets/${ticket.id}`, { subject: 'Лифт не отвечает на вызов' });
  await expect(page.getByRole('heading', { name: 'Лифт не отвечает на вызов' })).toBeVisible();

  await page.goto(`${fresh.url}/tickets/${ticket.id}?edit=1`);
  const description = page.getByRole('textbox', { name: 'Описание' });
  await description.fill('Подъезд 2, лифт слева');
  await hub('PUT', `/tickets/${ticket.id}`, { priority: 'critical' });
  const told = page.getByRole('status').filter({ hasText: `${DEMO_OWNER.name} меняет эту запись` });
  await expect(told).toContainText('Приоритет: Срочный');
  await expect(description).toHaveValue('Подъезд 2, лифт слева');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(description).toHaveCount(0);
  await expect.poll(() => hub('GET', `/tickets/${ticket.id}`)).toMatchObject({ description: 'Подъезд 2, лифт слева', priority: 'critical', subject: 'Лифт не отвечает на вызов' });

  await device('POST', '/sync/offline', { offline: true });
  const mine = await device<Ticket>('POST', '/tickets', { client_id: client?.id, subject: 'Записано без сети' });
  const mark = `*${mine.id.slice(-6).toUpperCase()}`;
  await page.goto(`${fresh.url}/tickets/${mine.id}`);
  await expect(page.getByText(`${mark} · номер ещё не присвоен`)).toBeVisible();
  await device('PUT', `/tickets/${ticket.id}`, { subject: 'Лифт: нужен монтёр' });
  await hub('PUT', `/tickets/${ticket.id}`, { subject: 'Лифт: ждём деталь' });
  await page.goto(`${fresh.url}/settings/sync`);
  await page.getByRole('tab', { name: 'Ждут отправки 2' }).click();
  const waiting = page.getByRole('article', { name: 'Лифт: нужен монтёр' });
  await expect(waiting).toContainText('«Лифт не отвечает на вызов» → «Лифт: нужен монтёр»');

  // The corner says the same of every list, and is worked by keys alone.
  const corner = page.getByRole('button', { name: /^Нужно внимание/ });
  await corner.focus();
  await page.keyboard.press('Enter');
  const said = page.getByRole('dialog').filter({ hasText: 'Ждут отправки: 2' });
  const offline = said.getByRole('switch', { name: 'Работать без сети' });
  await expect(offline).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(said).toHaveCount(0);
  await expect(corner).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(offline).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  // What waited may have gone before it closes: then it does not say the same any more, and is there still.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('switch', { name: 'Работать без сети' })).not.toBeChecked();
  await page.getByRole('tab', { name: /Разногласия/ }).click();
  const conflict = page.getByRole('article', { name: /^Лифт:/ });
  await expect(conflict).toContainText(/Вы написали «Лифт: нужен монтёр», \d\d:\d\d/);
  await expect(conflict).toContainText(new RegExp(`${DEMO_OWNER.name} пишет «Лифт: ждём деталь», \\d\\d:\\d\\d`));
  await conflict.getByRole('button', { name: 'Оставить моё' }).click();
  await expect(conflict).toHaveCount(0);
  await expect.poll(() => hub('GET', `/tickets/${ticket.id}`)).toMatchObject({ subject: 'Лифт: нужен монтёр' });

  await page.goto(`${fresh.url}/search?q=${encodeURIComponent(mark)}`);
  const { no } = await device<Ticket>('GET', `/tickets/${mine.id}`);
  await expect(page.getByRole('link', { name: new RegExp(`Записано без сети.*№ ${no}`) })).toBeVisible();
});

test('two versions of a long article are told by where they differ, and whole when asked', async ({ demo, fresh, page }) => {
  const hub = await restOf(demo.url, DEMO_OWNER.email, DEMO_OWNER.password);
  const device = await joined(hub, fresh.url, 'dmitry@example.com');
  const steps = (last: string): string => [...Array.from({ length: 12 }, (_, index) => `${index + 1}. Шаг по порядку`), last].join('\n');
  const article = await hub<Ticket>('POST', '/articles', { title: 'Обход серверной', content: steps('13. Закрыть дверь') });
  await expect.poll(() => device('GET', `/articles/${article.id}`).catch(() => null)).toMatchObject({ no: article.no });
  await device('POST', '/sync/offline', { offline: true });
  await device('PUT', `/articles/${article.id}`, { content: steps('13. Опечатать дверь') });
  await hub('PUT', `/articles/${article.id}`, { content: steps('13. Запереть дверь') });
  await device('POST', '/sync/offline', { offline: false });

  await page.goto(fresh.url);
  await page.getByLabel('Почта').fill('dmitry@example.com');
  await page.getByLabel('Пароль', { exact: true }).fill(COLLEAGUE.password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByRole('heading', { name: 'Рабочий стол' }).waitFor();
  await page.goto(`${fresh.url}/settings/sync`);
  const conflict = page.getByRole('article', { name: 'Обход серверной' });
  await expect(conflict.getByText('Опечатать', { exact: true })).toBeVisible();
  await expect(conflict.getByText('Запереть', { exact: true })).toBeVisible();
  await expect(conflict).not.toContainText('3. Шаг по порядку');
  await conflict.getByRole('button', { name: 'ещё 10 строк без разногласий' }).first().click();
  await expect(conflict).toContainText('3. Шаг по порядку');
});
