import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { openOrganizationStore, type OrganizationStore } from '../../src-main/store/organization-store.ts';
import { checkChain } from '../../src-main/system/index.ts';

let folder: string;
let store: OrganizationStore;
let now = Date.parse('2026-03-02T06:00:00.000Z');
const actor: Actor = { user_id: '01900000-0000-7000-8000-000000000001', organization_id: 'o', role: 'owner', full_name: 'Анна Волкова', branch_id: null, language: 'ru' };
const context = { actor, origin: 'api' as const };

const open = (): OrganizationStore => openOrganizationStore({ id: 'o', file: join(folder, 'o.sqlite'), clock: { now: () => now }, registry: REGISTRY, backupBeforeMigration: () => {} });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-store-'));
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const newClient = (name = 'ООО «Ёлка»'): string => store.mutate(context, (tx) => tx.insert('clients', { name, kind: 'organization' })).id;
const logOf = (): { seq: number; ops: string; before: string }[] => store.read.all('SELECT seq, ops, before FROM changesets ORDER BY id');

describe('a write is one transaction', () => {
  it('writes row, log, history index and search index together', () => {
    const id = newClient();
    expect(store.read.get('SELECT name, no FROM clients WHERE id = ?', id)).toEqual({ name: 'ООО «Ёлка»', no: 1 });
    const [entry] = logOf();
    expect(JSON.parse(entry?.ops ?? '')).toMatchObject([{ t: 'clients', i: id, k: 'c', v: { name: 'ООО «Ёлка»', no: 1 } }]);
    expect(store.read.all('SELECT entity, op FROM change_rows')).toEqual([{ entity: 2, op: 0 }]);
    expect(store.read.all("SELECT rowid FROM clients_fts WHERE clients_fts MATCH 'елка'")).toHaveLength(1);
  });

  it('writes nothing at all when the work fails', () => {
    const failing = (): unknown =>
      store.mutate(context, (tx) => {
        tx.insert('clients', { name: 'А', kind: 'person' });
        throw new AppError('INVALID', {});
      });
    expect(failing).toThrow(AppError);
    expect(store.read.get('SELECT (SELECT count(*) FROM clients) + (SELECT count(*) FROM changesets) + (SELECT count(*) FROM clients_fts) AS n')).toEqual({ n: 0 });
    expect(newClient('Б')).toBeTruthy();
    expect(store.read.get('SELECT no FROM clients')).toEqual({ no: 1 });
  });

  it('logs only columns that changed, with the values they replaced and the head that was seen', () => {
    const id = newClient();
    now += 60_000;
    store.mutate(context, (tx) => tx.update('clients', id, { phone: '+79991234567', name: 'ООО «Ёлка»' }));
    const entry = logOf()[1];
    const [op] = JSON.parse(entry?.ops ?? '[]') as { g: Record<string, { v: unknown; s: unknown[] }> }[];
    expect(Object.keys(op?.g ?? {})).toEqual(['phone']);
    expect(op?.g['phone']?.v).toEqual({ phone: '+79991234567' });
    expect(op?.g['phone']?.s).toEqual([[now - 60_000, 0, store.deviceId]]);
    expect(JSON.parse(entry?.before ?? '')).toEqual([{ phone: null }]);
  });

  it('keeps columns that mean something only together in one group', () => {
    const id = newClient();
    store.mutate(context, (tx) => tx.update('clients', id, { latitude: 55.75 }));
    const [op] = JSON.parse(logOf()[1]?.ops ?? '[]') as { g: Record<string, { v: unknown }> }[];
    expect(op?.g).toMatchObject({ place: { v: { address: null, latitude: 55.75, longitude: null } } });
  });

  it('does not log a change that changes nothing', () => {
    const id = newClient();
    store.mutate(context, (tx) => tx.update('clients', id, { name: 'ООО «Ёлка»' }));
    expect(logOf()).toHaveLength(1);
  });

  it('numbers changesets without a gap, over failures and restarts, in an unbroken chain', async () => {
    newClient('А');
    expect(() => store.mutate(context, () => { throw new Error('no'); })).toThrow('no');
    newClient('Б');
    store.close();
    store = open();
    newClient('В');
    expect(logOf().map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(await checkChain(store)).toEqual({ length: 3, broken: null });
  });

  it('never lets a stamp go back when the clock does', () => {
    newClient('А');
    now -= 86_400_000;
    newClient('Б');
    const stamps = store.read.all<{ stamp_time: number; stamp_counter: number }>('SELECT stamp_time, stamp_counter FROM changesets ORDER BY id');
    expect(stamps[1]?.stamp_time).toBe(stamps[0]?.stamp_time);
    expect(stamps[1]?.stamp_counter).toBe((stamps[0]?.stamp_counter ?? 0) + 1);
    now += 86_400_000;
  });

  it('notices a changed log', async () => {
    newClient('А');
    newClient('Б');
    const file = store.file;
    store.close();
    const { openDb } = await import('../../src-main/store/sqlite.ts');
    const db = openDb(file);
    db.run("UPDATE changesets SET ops = replace(ops, 'А', 'Я') WHERE seq = 1");
    db.close();
    store = open();
    expect(await checkChain(store)).toEqual({ length: 0, broken: 1 });
  });
});

describe('trash', () => {
  it('takes a row out of search and brings it back', () => {
    const id = newClient();
    store.mutate(context, (tx) => tx.remove('clients', id));
    expect(store.read.all("SELECT rowid FROM clients_fts WHERE clients_fts MATCH 'елка'")).toHaveLength(0);
    store.mutate(context, (tx) => tx.restore('clients', id));
    expect(store.read.all("SELECT rowid FROM clients_fts WHERE clients_fts MATCH 'елка'")).toHaveLength(1);
    expect(store.read.get('SELECT deleted_at FROM clients')).toEqual({ deleted_at: null });
  });
});

describe('versions', () => {
  it('refuses a write on a row that has changed since it was read', () => {
    const id = newClient();
    const version = String(store.read.get<{ change: number }>('SELECT change FROM clients')?.change);
    store.mutate({ ...context, ifMatch: version }, (tx) => tx.update('clients', id, { comment: 'один' }));
    const stale = (): unknown => store.mutate({ ...context, ifMatch: version }, (tx) => tx.update('clients', id, { comment: 'два' }));
    expect(stale).toThrow(expect.objectContaining({ code: 'VERSION_MISMATCH' }));
    expect(store.read.get('SELECT comment FROM clients')).toEqual({ comment: 'один' });
  });
});

describe('idempotency', () => {
  it('answers a repeated command from the transaction that did it', () => {
    const keyed = { ...context, idempotency: { key: 'k', operation: 'clients.create', requestHash: 'h' } };
    const write = (): { id: string } => store.mutate(keyed, (tx) => ({ id: tx.insert('clients', { name: 'А', kind: 'person' }).id }));
    const first = write();
    expect(write()).toEqual(first);
    expect(store.read.get('SELECT count(*) AS n FROM clients')).toEqual({ n: 1 });
    const other = (): unknown => store.mutate({ ...keyed, idempotency: { ...keyed.idempotency, requestHash: 'x' } }, () => null);
    expect(other).toThrow(expect.objectContaining({ code: 'IDEMPOTENCY_MISMATCH' }));
  });
});

describe('rights inside the transaction', () => {
  it('lets only its author change a note', () => {
    const client = newClient();
    const note = store.mutate(context, (tx) => tx.insert('notes', { content: 'ключ у вахтёра', pinned: false, client_id: client })).id;
    const stranger: Actor = { ...actor, user_id: '01900000-0000-7000-8000-000000000002', role: 'engineer' };
    const edit = (): unknown => store.mutate({ actor: stranger, origin: 'api' }, (tx) => tx.update('notes', note, { content: 'нет ключа' }));
    expect(edit).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    store.mutate({ actor: stranger, origin: 'api' }, (tx) => tx.update('notes', note, { pinned: true }));
    expect(store.read.get('SELECT content, pinned FROM notes')).toEqual({ content: 'ключ у вахтёра', pinned: 1 });
  });
});

describe('reading connection', () => {
  it('cannot write', () => {
    expect(() => store.read.run("INSERT INTO counters (entity, last) VALUES ('x', 1)")).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
  });

  it('writes local tables only through their own door', () => {
    expect(() => store.local.run('DELETE FROM clients')).toThrow('only local tables');
  });
});
