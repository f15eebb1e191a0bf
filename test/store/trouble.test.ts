import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { backup, restore } from '../../src-main/store/backup.ts';
import { takeOwnership } from '../../src-main/core/owner-lock.ts';
import { openOrganizationStore, type OrganizationStore } from '../../src-main/store/organization-store.ts';

let folder: string;
const clock = { now: () => Date.parse('2026-03-02T06:00:00.000Z') };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-trouble-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (name = 'o'): OrganizationStore => openOrganizationStore({ id: name, file: join(folder, `${name}.sqlite`), clock, registry: REGISTRY, backupBeforeMigration: () => {} });
const detail = (value: string) => expect.objectContaining({ data: expect.objectContaining({ detail: value }) });

describe('files that cannot be used', () => {
  it('says that a file is damaged', () => {
    writeFileSync(join(folder, 'o.sqlite'), 'это не база данных '.repeat(500));
    expect(() => open()).toThrow(detail('corrupt'));
  });

  it('says that a folder is missing', () => {
    expect(() => openOrganizationStore({ id: 'o', file: join(folder, 'no', 'o.sqlite'), clock, registry: REGISTRY, backupBeforeMigration: () => {} })).toThrow(detail('cannot_open'));
  });

  it('says that the disk is full, keeps what was written, and goes on afterwards', () => {
    const store = open();
    const write = (name: string): unknown => store.mutate({ actor: null, origin: 'system' }, (tx) => tx.insert('clients', { name, kind: 'person', comment: 'х'.repeat(20_000) }));
    write('до');
    const { raw } = store.mutate({ actor: null, origin: 'system' }, (tx) => tx.db);
    const pages = raw.pragma('page_count', { simple: true }) as number;
    raw.pragma(`max_page_count = ${pages + 1}`);
    expect(() => {
      for (let i = 0; i < 50; i++) write(`нет ${i}`);
    }).toThrow(detail('disk_full'));
    raw.pragma('max_page_count = 1000000');
    write('после');
    const names = store.read.all<{ name: string }>('SELECT name FROM clients ORDER BY rid').map((row) => row.name);
    expect(names.at(0)).toBe('до');
    expect(names.at(-1)).toBe('после');
    store.close();
  });

  it('refuses folders that another program synchronises', () => {
    expect(() => takeOwnership(join(folder, 'OneDrive', 'Polevik'))).toThrow(detail('unsafe_folder'));
    expect(() => takeOwnership(join(folder, 'Dropbox'))).toThrow(detail('unsafe_folder'));
  });
});

describe('one owner of a folder', () => {
  it('refuses the second and frees the folder afterwards', () => {
    const first = takeOwnership(folder);
    expect(() => takeOwnership(folder)).toThrow(expect.objectContaining({ code: 'CONFLICT', data: expect.objectContaining({ detail: 'already_running', params: { pid: process.pid } }) }));
    first.release();
    takeOwnership(folder).release();
  });
});

describe('backup', () => {
  it('makes a verified copy of a live file and restores it, keeping what stood there', async () => {
    const store = open();
    const insert = (name: string): unknown => store.mutate({ actor: null, origin: 'system' }, (tx) => tx.insert('clients', { name, kind: 'person' }));
    insert('вчера');
    const made = await backup(store, join(folder, 'backups'), clock);
    expect(made.verified).toBe(true);
    insert('сегодня');
    store.close();
    const former = restore(made.file, store.file, clock);
    expect(former).toContain('.replaced-');
    const again = open();
    expect(again.read.all('SELECT name FROM clients')).toEqual([{ name: 'вчера' }]);
    again.close();
  });

  it('refuses a damaged backup and leaves the file alone', async () => {
    const store = open();
    store.close();
    const bad = join(folder, 'bad.sqlite');
    writeFileSync(bad, 'нет');
    expect(() => restore(bad, store.file, clock)).toThrow(detail('corrupt'));
    open().close();
  });

  it('keeps the newest copies only', async () => {
    const store = open();
    let time = clock.now();
    for (let i = 0; i < 16; i++) await backup(store, join(folder, 'backups'), { now: () => (time += 1000) });
    const { listBackups } = await import('../../src-main/store/backup.ts');
    expect(listBackups(join(folder, 'backups'))).toHaveLength(14);
    store.close();
  });
});

it('is not run as a user who may write everything when the folder is read-only', () => {
  chmodSync(folder, 0o500);
  const root = process.getuid?.() === 0;
  if (root) expect(() => takeOwnership(folder).release()).not.toThrow();
  else expect(() => takeOwnership(folder)).toThrow(detail('read_only'));
  chmodSync(folder, 0o700);
});
