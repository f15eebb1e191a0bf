import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { carried, createWorld, exchangeAll, type Copy, type World } from './support/copies.ts';

const CHANGES = 6;
/** Characters of the ops of each change, about. */
const LONG = 1_500_000;
const MESSAGE = 9_000_000;

describe('changes as long as those of an import', () => {
  let world: World;
  let [laptop, office] = [{} as Copy, {} as Copy];
  let ivan = {} as Actor;
  beforeEach(async () => {
    world = createWorld();
    ivan = world.people['Иван'] as Actor;
    laptop = await world.join('laptop');
    office = await world.join('office');
  });
  afterEach(() => world.close());

  const write = (name: string, length: number): void => {
    world.time.now += 1000;
    laptop.store.mutate({ actor: ivan, origin: 'import' }, (tx) => {
      for (let row = 0; row < 10; row++) tx.insert('clients', { name: `${name} ${row}`, kind: 'organization', comment: '—'.repeat(length / 10) });
    });
  };
  const lengthOf = (changes: readonly { ops: string }[]): number => changes.reduce((sum, { ops }) => sum + ops.length, 0);

  it('go a few at a time, and all of them in the end', () => {
    for (let change = 0; change < CHANGES; change++) write(`Импорт ${change}`, LONG);
    let pushes = 0;
    for (let request = laptop.engine.takePush(500); request; request = laptop.engine.takePush(500)) {
      pushes++;
      expect(lengthOf(request.changesets)).toBeLessThan(MESSAGE);
      const ahead = laptop.engine.takePush(500, request.changesets.length);
      expect(request.more).toBe(ahead !== null);
      laptop.engine.acknowledge(carried(world.hub.engine.acceptPush(carried(request), { device: request.device })));
    }
    expect(pushes).toBeGreaterThan(CHANGES / 4);
    let pages = 0;
    for (let more = true; more; pages++) {
      const page = carried(world.hub.engine.readPage(office.engine.pullRequest()));
      expect(lengthOf(page.entries)).toBeLessThan(MESSAGE);
      more = office.engine.applyPage(page).more;
    }
    expect(pages).toBeGreaterThan(1);
    exchangeAll(world.hub, [laptop, office]);
    expect(office.engine.stateHash()).toBe(world.hub.engine.stateHash());
    expect(office.engine.status()).toMatchObject({ waiting: 0, synchronised: true });
  });

  it('go alone where one is longer than a message is to be', () => {
    write('Первый', 5_000_000);
    write('Второй', 100);
    const first = laptop.engine.takePush(500);
    expect([first?.changesets.length, first?.more]).toEqual([1, true]);
    exchangeAll(world.hub, [laptop, office]);
    expect(office.engine.stateHash()).toBe(world.hub.engine.stateHash());
  });
});
