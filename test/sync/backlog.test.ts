import { expect, it } from 'vitest';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { createWorld, exchangeAll, pull, push } from './support/copies.ts';

const CHANGES = 100_000;
const ROWS = 500;
const BATCH = 1_000;
/** A long page goes on to the numbers of its rows, within so many entries. */
const NUMBERS = 64;

it(`a device brings ${CHANGES} changesets of a month without a hub, page by page, and another one takes them in`, async () => {
  const world = createWorld();
  try {
    const [laptop, office] = [await world.join('laptop'), await world.join('office')];
    const actor = world.people['Иван'] as Actor;
    const ids = laptop.store.mutate({ actor, origin: 'window' }, (tx) => Array.from({ length: ROWS }, (_, index) => tx.insert('notes', { content: `Заметка ${index}`, pinned: false }).id));
    for (let change = 0; change < CHANGES; change++) {
      world.time.now += 20_000;
      const id = ids[change % ROWS] as string;
      laptop.store.mutateInBulk({ actor, origin: 'window' }, (tx) => tx.update('notes', id, { pinned: !tx.get('notes', id)?.['pinned'] })).committed.catch(() => undefined);
    }
    expect(laptop.engine.status(false).waiting).toBe(CHANGES + 1);

    let pushes = 0;
    for (let request = push(laptop, world.hub, BATCH); request; request = push(laptop, world.hub, BATCH)) {
      pushes++;
      expect(request.verdicts.every((verdict) => verdict.verdict === 'accepted')).toBe(true);
      expect(laptop.engine.status(false).waiting).toBe(Math.max(0, CHANGES + 1 - pushes * BATCH));
    }
    expect(pushes).toBe(Math.ceil((CHANGES + 1) / BATCH));
    for (const device of [laptop, office]) {
      for (let page = pull(device, world.hub, BATCH); page.entries.length > 0; page = pull(device, world.hub, BATCH)) expect(page.entries.length).toBeLessThanOrEqual(BATCH + NUMBERS);
    }
    exchangeAll(world.hub, [laptop, office]);
    for (const device of [laptop, office]) {
      expect(device.engine.status(false)).toMatchObject({ synchronised: true, cursor: world.hub.engine.log.head() });
      expect(device.engine.stateHash()).toBe(world.hub.engine.stateHash());
    }
  } finally {
    world.close();
  }
}, 900_000);
