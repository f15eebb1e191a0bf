import { expect, signIn, test } from './fixtures.ts';

test('the jobs of the program are run, looked back on, and switched off', async ({ page: desk, ownDemo }) => {
  // Five minutes after its start a program makes up for missed jobs: this one is younger.
  await signIn(desk, ownDemo.url);
  await desk.goto(`${ownDemo.url}/settings/jobs`);
  const jobs = desk.getByRole('table', { name: 'Задания', exact: true });
  const backup = jobs.getByRole('row', { name: /Резервная копия/ });
  await expect(backup).toContainText('Ещё не запускалось');
  await backup.getByRole('button', { name: 'Запустить сейчас: Резервная копия' }).click();
  await expect(backup).toContainText('Выполнено');
  await backup.getByRole('button', { name: 'Запуски: Резервная копия' }).click();
  await expect(desk.getByRole('table', { name: 'Последние запуски: Резервная копия' }).getByRole('row')).toHaveCount(2);
  const toggle = backup.getByRole('switch', { name: 'Включено: Резервная копия' });
  await toggle.press('Space');
  await expect(toggle).not.toBeChecked();
  await expect(backup).toContainText('выключено');
  await toggle.press('Space');
  await expect(toggle).toBeChecked();
});
