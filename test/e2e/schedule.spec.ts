import { expect, test } from './fixtures.ts';

/** The next Monday, when everybody of the demonstration works. */
function monday(): string {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + ((8 - day.getUTCDay()) % 7 || 7) + 7);
  return day.toISOString().slice(0, 10);
}

test('a day is planned, compared, written and taken back', async ({ desk, demo }) => {
  const date = monday();
  for (const [title, time] of [['Первый выезд', '10:00'], ['Второй выезд', '10:30']] as const) {
    await desk.goto(`${demo.url}/appointments/new?${new URLSearchParams({ starts_at: new Date(`${date}T${time}:00+03:00`).toISOString(), minutes: '60' })}`);
    await desk.getByRole('textbox', { name: 'Клиент' }).fill('Альфа');
    await desk.getByRole('option', { name: /ООО «Альфа-Сервис»/ }).click();
    await desk.getByRole('textbox', { name: 'Название', exact: true }).fill(title);
    await desk.getByRole('button', { name: 'Создать' }).click();
    await expect(desk.getByRole('heading', { name: title })).toBeVisible();
  }
  await desk.goto(`${demo.url}/schedule?date=${date}`);
  const loose = desk.getByRole('region', { name: 'Без исполнителя' });
  await expect(loose.getByRole('button', { name: /Первый выезд/ })).toBeVisible();
  await desk.getByRole('button', { name: 'Рассчитать' }).click();
  const proposal = desk.getByRole('region', { name: 'Предложение' });
  await expect(proposal).toBeVisible({ timeout: 20_000 });
  await expect(proposal.getByRole('row', { name: /Без места/ })).toBeVisible();
  await proposal.getByRole('button', { name: /Записать/ }).click();
  await expect(proposal).toBeHidden();
  await expect(loose).toBeHidden();
  await desk.getByRole('button', { name: /^\d\d:\d\d–\d\d:\d\d Первый выезд/ }).click();
  const panel = desk.getByRole('region', { name: 'Первый выезд' });
  await panel.getByRole('button', { name: 'Почему здесь?' }).click();
  await expect(panel.getByRole('listitem').first()).toContainText('мин в пути');
  await desk.getByRole('alert').getByRole('button', { name: 'Вернуть' }).click();
  await expect(loose.getByRole('button', { name: /Первый выезд/ })).toBeVisible();
});

test('an engineer’s working day is written down', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/schedule`);
  await desk.getByRole('button', { name: 'Рабочие дни инженеров' }).click();
  const dialog = desk.getByRole('dialog', { name: 'Рабочие дни инженеров' });
  await dialog.getByRole('button', { name: 'Добавить инженера' }).click();
  await dialog.getByRole('textbox', { name: 'Инженер' }).fill('Иван');
  await desk.getByRole('option', { name: /Иван Петров/ }).click();
  await dialog.getByRole('textbox', { name: 'Откуда выезжает' }).fill('г. Москва, ул. Покровка, д. 17');
  await dialog.getByRole('checkbox', { name: 'понедельник' }).check();
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog.getByText('г. Москва, ул. Покровка, д. 17')).toBeVisible();
  await expect(dialog.getByRole('list', { name: 'Что важнее, сверху вниз' }).getByRole('listitem').first()).toContainText('Никого не оставить');
  await dialog.getByRole('button', { name: 'Важнее: Приехать, когда обещали' }).click();
  await dialog.getByRole('textbox', { name: 'Скорость, км/ч' }).fill('40');
  await dialog.getByRole('button', { name: 'Записать правила' }).click();
  await expect(desk.getByText('Правила записаны.')).toBeVisible();
  await desk.reload();
  await desk.getByRole('button', { name: 'Рабочие дни инженеров' }).click();
  await expect(dialog.getByRole('list', { name: 'Что важнее, сверху вниз' }).getByRole('listitem').first()).toContainText('Приехать, когда обещали');
  await expect(dialog.getByRole('textbox', { name: 'Скорость, км/ч' })).toHaveValue('40');
});
