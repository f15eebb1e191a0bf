import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createContents } from '../../src-main/attachments/contents.ts';
import { systemClock } from '../../src-shared/kernel/clock.ts';
import { ensureBuilt } from '../support/built.ts';
import { openOffice, type Office } from '../support/exchange.ts';
import { content, fileOf } from './support.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/main/polevik.mjs');
const run = promisify(execFile);

let office: Office;
let ticket: string;
beforeEach(async () => {
  office = await openOffice();
  const { id } = await office.client.clients.create({ name: 'ООО «Ромашка»' });
  ticket = (await office.client.tickets.create({ client_id: id, subject: 'Щиток' })).id;
});
afterEach(async () => {
  await office.close();
  rmSync(office.dataDir, { recursive: true, force: true });
});

const add = (bytes: Uint8Array<ArrayBuffer>, name = 'a.bin') => office.client.attachments.create({ entity: 'tickets', row_id: ticket, file: fileOf(bytes, name) });
const contents = () => office.core.house.attachments.of(office.owner.organization_id);
const filesCheck = async () => (await office.client.system.doctor()).checks.find((check) => check.name === 'files');

describe('the doctor', () => {
  it('finds contents that are gone and contents that have changed', async () => {
    const [whole, gone, damaged] = [content(10_000), content(10_000), content(10_000)];
    for (const { bytes } of [whole, gone, damaged]) await add(bytes);
    expect(await filesCheck()).toEqual({ name: 'files', ok: true, message: '3 here, 0 missing, 0 damaged, 0 not here yet' });
    rmSync(contents().pathOf(gone.sha256));
    const file = contents().pathOf(damaged.sha256);
    const bytes = readFileSync(file);
    bytes[5] = (bytes[5] as number) ^ 1;
    writeFileSync(file, bytes);
    expect(await filesCheck()).toEqual({ name: 'files', ok: false, message: '3 here, 1 missing, 1 damaged, 0 not here yet' });
  });
});

describe('a disk that is full', () => {
  it('refuses a file in words and keeps nothing of it', async () => {
    const full: typeof open = async (path, flags, mode) => {
      const handle = await open(path, flags, mode);
      handle.write = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
      return handle;
    };
    const folder = join(office.dataDir, 'full');
    const store = createContents({ folder, clock: systemClock, store: () => office.store, openFile: full });
    await expect(store.take(new Blob([content(1_000).bytes]).stream() as unknown as AsyncIterable<Uint8Array>, 5_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', data: { detail: 'disk_full' } });
    await expect(store.growing('x').append(0, content(10).bytes)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', data: { detail: 'disk_full' } });
    expect(await store.growing('x').size()).toBe(0);
    expect(office.store.read.get('SELECT 1 FROM local_contents')).toBeUndefined();
  });
});

it('takes back into the journal what lies whole in its place, as after a restore', async () => {
  const { bytes, sha256 } = content(5_000);
  const { id } = await add(bytes);
  office.store.local.run('DELETE FROM local_contents');
  office = await office.restart();
  expect((await office.client.attachments.list({})).items).toMatchObject([{ id }]);
  expect(contents().sizeOf(sha256)).toBe(5_000);
  expect(await office.client.attachments.get({ id })).toMatchObject({ place: 'here' });
});

it('adds files from the command line, and copies and restores contents beside a backup', async () => {
  ensureBuilt('main');
  await office.core.close();
  const folder = mkdtempSync(join(tmpdir(), 'polevik-care-'));
  const { dataDir } = office;
  const program = async (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
    run(process.execPath, [PROGRAM, ...words, '--data-dir', dataDir], { env: { ...process.env, POLEVIK_LANGUAGE: 'ru' } }).then(
      ({ stdout }) => ({ code: 0, out: stdout, err: '' }),
      (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, out: error.stdout, err: error.stderr }),
    );
  try {
    const { bytes, sha256 } = content(5 * 1024 * 1024 + 1);
    const file = join(folder, 'Акт № 7.pdf');
    writeFileSync(file, bytes);
    writeFileSync(join(folder, 'пустой'), '');
    expect(JSON.parse((await program('attach', 'ticket', '1', file, '--json')).out)).toMatchObject({ items: [{ file_name: 'Акт № 7.pdf', sha256, media_type: 'application/pdf' }] });
    expect(await program('attach', 'tickets', '1', join(folder, 'нет такого'))).toMatchObject({ code: 3, err: expect.stringContaining('не читается') });
    expect(await program('attach', 'tickets', '1', join(folder, 'пустой'))).toMatchObject({ code: 2, err: expect.stringContaining('пустой') });
    expect((await program('attachments', 'tickets', '1')).out).toContain('Акт № 7.pdf');

    expect((await program('backup', '--out', join(folder, 'b.sqlite'))).out).toContain('в копию не входят');
    const copies = join(folder, 'contents');
    const first = JSON.parse((await program('backup', '--out', join(folder, 'b.sqlite'), '--contents', copies, '--json')).out) as { files: object };
    expect(first.files).toMatchObject({ contents: 1, copied: 1, bytes: bytes.length });
    const attachments = join(dataDir, 'attachments');
    renameSync(attachments, `${attachments}.lost`);
    mkdirSync(attachments);
    // At the first start the journal gives up what the folder lacks: that is still said at the second.
    for (const _start of [1, 2]) expect(await program('doctor')).toMatchObject({ code: 1, out: expect.stringContaining('1 missing') });
    expect(JSON.parse((await program('restore', '--file', join(folder, 'b.sqlite'), '--contents', copies, '--json')).out)).toMatchObject({ files: { contents: 1, copied: 1 } });
    expect((await program('doctor')).code).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    office = await openOffice(dataDir);
  }
});
