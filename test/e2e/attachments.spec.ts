import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

/** Files take their time on a machine that does much else. */
const patient = expect.configure({ timeout: 60_000 });
test.setTimeout(300_000);

/** A picture of two by two points. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGP8z8DAwMDAxAADDAwAFwwBBAJ2c0gAAAAASUVORK5CYII=', 'base64');

test('files of a ticket: chosen, pasted, dropped, seen, renamed, deleted and brought back', async ({ desk, demo }) => {
  await desk.goto(`${demo.url}/tickets/1?tab=files`);
  const files = desk.getByRole('region', { name: 'Файлы' });
  await patient(files.getByText('Файлов ещё нет')).toBeVisible();
  await files.locator('input[type=file]').first().setInputFiles([
    { name: 'Щиток до ремонта.png', mimeType: 'image/png', buffer: PNG },
    { name: 'Акт.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(5_000_000, 7) },
    { name: 'пустой.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
  ]);
  await patient(files.getByRole('listitem')).toHaveCount(2);
  await patient(files.getByText('2 файла на этом компьютере')).toBeVisible();
  await patient(files.getByRole('alert')).toHaveText('Файл пустой: сохранять нечего.');
  await files.getByRole('button', { name: 'Отменить: пустой.txt' }).click();
  await patient(files.getByRole('alert')).toHaveCount(0);

  // What is pasted and dropped carries files as the browser gives them.
  const give = (kind: 'paste' | 'drop', name: string): Promise<void> =>
    desk.evaluate(
      ([bytes, what, called]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(bytes as string), (letter) => letter.charCodeAt(0))], called as string, { type: 'image/png' }));
        const target = document.querySelector('section[data-hint]') ?? document.body;
        target.dispatchEvent(what === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [PNG.toString('base64'), kind, name],
    );
  await give('paste', 'image.png');
  await patient(files.getByText(/^Снимок \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$/)).toBeVisible();
  await give('drop', 'Брошенный.png');
  await patient(files.getByText('Брошенный.png')).toBeVisible();
  await patient(files.getByText('4 файла на этом компьютере')).toBeVisible();

  await files.getByRole('button', { name: 'Щиток до ремонта.png', exact: true }).click();
  const viewer = desk.getByRole('dialog', { name: 'Щиток до ремонта.png' });
  await patient(viewer.getByRole('img', { name: 'Щиток до ремонта.png' })).toBeVisible();
  await patient(viewer.getByText('3 из 3')).toBeVisible();
  await viewer.getByRole('button', { name: 'Закрыть просмотр' }).click();

  const download = desk.waitForEvent('download');
  await files.getByRole('button', { name: 'Акт.pdf', exact: true }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('Акт.pdf');
  expect(readFileSync(await saved.path())).toHaveLength(5_000_000);

  await files.getByRole('button', { name: 'Действия: Акт.pdf' }).click();
  await desk.getByRole('menuitem', { name: 'Переименовать' }).click();
  await desk.getByRole('textbox', { name: 'Имя файла' }).fill('Акт подписанный.pdf');
  await desk.getByRole('button', { name: 'Сохранить' }).click();
  await patient(files.getByText('Акт подписанный.pdf')).toBeVisible();

  await files.getByRole('button', { name: 'Действия: Акт подписанный.pdf' }).click();
  await desk.getByRole('menuitem', { name: 'Удалить' }).click();
  // The way back is offered for ten seconds: it is taken first, and looked at afterwards.
  await desk.getByRole('button', { name: 'Вернуть' }).click();
  await patient(desk.getByText('Возвращено.')).toBeVisible();
  await patient(files.getByText('Акт подписанный.pdf')).toBeVisible();
});

test('an upload that a reload has cut short goes on where it was, once the same file is chosen again', async ({ desk, demo }) => {
  const folder = mkdtempSync(join(tmpdir(), 'polevik-chosen-'));
  const file = join(folder, 'Видео.mp4');
  writeFileSync(file, Buffer.alloc(5_000_000, 3));
  let parts = 0;
  let cut = true;
  await desk.route('**/rpc/attachments/part', async (route) => {
    parts += 1;
    if (cut && parts > 1) await route.abort();
    else await route.continue();
  });
  try {
    await desk.goto(`${demo.url}/assets/1?tab=files`);
    const files = desk.getByRole('region', { name: 'Файлы' });
    await files.locator('input[type=file]').first().setInputFiles(file);
    await patient(files.getByText('Не сохранён')).toBeVisible();
    await desk.reload();
    await patient(files.getByText(/^Не дошло до конца: 2.МБ из 4,8.МБ/)).toBeVisible();
    cut = false;
    parts = 0;
    await files.locator('input[type=file]').first().setInputFiles(file);
    await patient(files.getByRole('listitem')).toHaveCount(1);
    await patient(files.getByText(/^Не дошло до конца/)).toHaveCount(0);
    expect(parts).toBe(2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
