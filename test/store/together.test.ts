import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { openOrganizationStore } from '../../src-main/store/organization-store.ts';
import type { Tx } from '../../src-main/store/tx.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const context = () => ({ actor: house.people.owner, origin: 'api' as const });
const add = (name: string) => (tx: Tx) => tx.insert('branches', { name }).no;
const names = (): string[] => house.store.read.all<{ name: string }>('SELECT name FROM branches ORDER BY no').map((row) => row.name);

describe('writes that go to the disk together', () => {
  test('are seen by others only when they are on the disk, each as a change of its own', async () => {
    const heard: number[] = [];
    house.store.onCommit((change) => heard.push(change.position));
    const writes = ['Первый', 'Второй', 'Третий'].map((name) => house.store.mutateTogether(context(), add(name)));
    expect(writes.map((write) => write.result)).toEqual([1, 2, 3]);
    expect(names()).toEqual([]);
    await Promise.all(writes.map((write) => write.committed));
    expect(names()).toEqual(['Первый', 'Второй', 'Третий']);
    expect(heard).toHaveLength(3);
    const log = house.store.read.all<{ seq: number }>('SELECT seq FROM changesets ORDER BY id DESC LIMIT 3');
    expect(new Set(log.map((row) => row.seq)).size).toBe(3);
  });

  test('one that is refused takes nothing of the others with it', async () => {
    const before = house.store.mutateTogether(context(), add('До'));
    expect(() =>
      house.store.mutateTogether(context(), (tx) => {
        tx.insert('branches', { name: 'Ошибка' });
        throw new Error('refused');
      }),
    ).toThrow('refused');
    const after = house.store.mutateTogether(context(), add('После'));
    await Promise.all([before.committed, after.committed]);
    expect(names()).toEqual(['До', 'После']);
    expect(after.result).toBe(2);
  });

  test('a write that waits for the disk itself sends the waiting ones ahead', async () => {
    const first = house.store.mutateTogether(context(), add('Первый'));
    expect(house.store.mutate(context(), add('Второй'))).toBe(2);
    expect(names()).toEqual(['Первый', 'Второй']);
    await first.committed;
  });

  test('local tables, security events, a copy and closing send them ahead too', async () => {
    const first = house.store.mutateTogether(context(), add('Первый'));
    house.store.logSecurity({ type: 'refused', user_id: null, address: null });
    expect(names()).toEqual(['Первый']);
    const second = house.store.mutateTogether(context(), add('Второй'));
    house.store.local.transaction(() => {});
    expect(names()).toEqual(['Первый', 'Второй']);
    await Promise.all([first.committed, second.committed]);
  });

  test('a repeated key is answered with the first answer, even before that one is on the disk', async () => {
    const idempotency = { key: 'k', operation: 'branches.create', requestHash: 'h' };
    const first = house.store.mutateTogether({ ...context(), idempotency }, add('Раз'));
    const again = house.store.mutateTogether({ ...context(), idempotency }, add('Раз'));
    expect(again.result).toBe(first.result);
    await Promise.all([first.committed, again.committed]);
    expect(names()).toEqual(['Раз']);
  });

  test('the disk that refuses the commit refuses every one of them', async () => {
    const first = house.store.mutateTogether(context(), (tx) => {
      tx.insert('branches', { name: 'Потерян' });
      return 1;
    });
    // What a full disk does at the commit: the transaction is gone when it is tried.
    let db: Tx['db'] | undefined;
    const second = house.store.mutateTogether(context(), (tx) => {
      db = tx.db;
      return tx.insert('branches', { name: 'Тоже' }).no;
    });
    db?.raw.exec('ROLLBACK');
    await expect(first.committed).rejects.toThrow();
    await expect(second.committed).rejects.toThrow();
    expect(names()).toEqual([]);
    const third = house.store.mutateTogether(context(), add('Живой'));
    await third.committed;
    expect(names()).toEqual(['Живой']);
  });
});

test('what is written together is found by its words once it is on the disk, and what was refused is not', async () => {
  const found = (): number => house.store.read.all("SELECT rowid FROM clients_fts WHERE clients_fts MATCH 'василёк OR василек'").length;
  const kept = house.store.mutateTogether(context(), (tx) => tx.insert('clients', { name: 'Василёк', kind: 'organization' }).id);
  expect(() =>
    house.store.mutateTogether(context(), (tx) => {
      tx.insert('clients', { name: 'Василёк второй', kind: 'organization' });
      throw new Error('refused');
    }),
  ).toThrow('refused');
  await kept.committed;
  expect(found()).toBe(1);
  const gone = house.store.mutateTogether(context(), (tx) => tx.remove('clients', kept.result).id);
  await gone.committed;
  expect(found()).toBe(0);
});

describe('the many writes of a long task', () => {
  const MANY = 10;

  test('wait for the disk some at a time, whatever turns lie between', async () => {
    const first = house.store.mutateInBulk(context(), add('Первый'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(names()).toEqual([]);
    for (let i = 2; i <= MANY; i++) house.store.mutateInBulk(context(), add(`Ещё ${i}`));
    await first.committed;
    expect(names()).toHaveLength(MANY);
  });

  test('do not hold up anybody else', async () => {
    const bulk = house.store.mutateInBulk(context(), add('Из файла'));
    const other = house.store.mutateTogether(context(), add('Живой человек'));
    await Promise.all([bulk.committed, other.committed]);
    expect(names()).toEqual(['Из файла', 'Живой человек']);
  });

  test('are on the disk when the room for them ends, and the file goes on as usual', async () => {
    const setting = (): unknown => {
      let value: unknown;
      house.store.mutate(context(), (tx) => (value = tx.db.raw.pragma('wal_autocheckpoint', { simple: true })));
      return value;
    };
    const usual = setting();
    await house.store.room.within(async () => {
      expect(setting()).not.toBe(usual);
      house.store.mutateInBulk(context(), add('Из файла'));
      await house.store.room.within(async () => {
        house.store.mutateInBulk(context(), add('Из другого'));
      });
      expect(setting()).not.toBe(usual);
    });
    expect(setting()).toBe(usual);
    expect(names()).toEqual(['Из файла', 'Из другого']);
  });

  test('leave the usual settings behind when they fail', async () => {
    await expect(house.store.room.within(() => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
    house.store.mutate(context(), (tx) => expect(tx.db.raw.pragma('wal_autocheckpoint', { simple: true })).toBe(2_000));
  });

  test('are put right at the next start where the program died in the middle of them', () => {
    const merging = (): unknown => house.store.read.get("SELECT v FROM clients_fts_config WHERE k = 'automerge'");
    const leave = house.store.room.make();
    expect(merging()).toEqual({ v: 0 });
    const again = openOrganizationStore({ id: 'again', file: house.store.file, clock: house.clock, registry: REGISTRY, backupBeforeMigration: () => {} });
    expect(merging()).toEqual({ v: 4 });
    again.close();
    leave();
  });
});
