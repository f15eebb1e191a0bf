import { expect, it } from 'vitest';
import type { SyncStatus } from '../../src-shared/sync/model.ts';
import { stateWord } from '../../src-main/sync/handlers.ts';

const STATUS: SyncStatus = { device: 'd', role: 'device', epoch: 'e', cursor: 7, head: 7, waiting: 0, conflicts: 0, returned: 0, set_aside: 0, parked: 0, clock_offset: 0, last_contact: null, diverged: false, synchronised: true };
const FACTS = { sharing: false, work_offline: false, online: true, revoked: false };

it.each<[string, Partial<SyncStatus>, Partial<typeof FACTS>, string]>([
  ['all is sent, read and equal', {}, {}, 'synchronised'],
  ['something waits', { waiting: 1, synchronised: false }, {}, 'waiting'],
  ['the states were not compared yet', { synchronised: false }, {}, 'waiting'],
  ['the hub is out of reach, although nothing waits', {}, { online: false }, 'offline'],
  ['it was told to work offline', {}, { work_offline: true }, 'offline'],
  ['two wrote different things, network or not', { conflicts: 1 }, { online: false }, 'attention'],
  ['the hub returned something', { returned: 1 }, {}, 'attention'],
  ['something was set aside', { set_aside: 1 }, {}, 'attention'],
  ['something waits for an upgrade', { parked: 1, synchronised: false }, {}, 'attention'],
  ['the rows differ at the same place', { diverged: true, synchronised: false }, {}, 'attention'],
  ['the hub has cut it off', {}, { revoked: true, online: false }, 'attention'],
  ['it is the hub', { role: 'hub' }, { sharing: true, online: false }, 'hub'],
  ['it is the hub and somebody has to decide', { role: 'hub', conflicts: 2 }, { sharing: true }, 'attention'],
  ['it is alone, and two companies have one INN', { role: 'alone', conflicts: 1, synchronised: false }, { online: false }, 'alone'],
])('where %s', (_name, status, facts, word) => {
  expect(stateWord({ ...STATUS, ...status }, { ...FACTS, ...facts })).toBe(word);
});
