import { performance } from 'node:perf_hooks';
import { clients } from '../../../../src-main/clients/index.ts';
import { REGISTRY } from '../../../../src-main/core/entities.ts';
import type { Session } from '../../../../src-main/core/session.ts';
import { localActor } from '../../../../src-main/organizations/index.ts';
import { openTx } from '../../../../src-main/store/tx.ts';
import { iso } from '../../../../src-shared/kernel/clock.ts';
import type { Core } from '../../../../src-main/core/core.ts';
import { median, type Figure } from '../report.ts';

const ROUNDS = 20;
const PER_ROUND = 100;

/** What capture costs: a client created as always, against the same statements in the same transaction without log and history, turn by turn. */
export function captureCost(core: Core): Figure[] {
  const actor = localActor(core.house);
  if (!actor) throw new Error('no member to write as');
  const store = core.house.organizations.open(actor.organization_id);
  const session: Session = {
    actor,
    store,
    door: 'port',
    origin: 'window',
    address: 'local',
    language: 'ru',
    readers: core.house.readers,
    now: () => iso(core.house.clock.now()),
    mutate: (work) => store.mutate({ actor, origin: 'window' }, work),
  };
  const uncaptured: Session = {
    ...session,
    mutate: (work) =>
      store.exchange((db) => {
        const now = core.house.clock.now();
        const state = openTx({ db, registry: REGISTRY, deviceId: store.own.id, authority: true, policyContext: { directed_branches: [] } }, { actor, origin: 'window' }, { id: 0, stamp: { time: now, counter: 0, device: store.own.alias } }, now);
        const result = work(state.tx);
        state.keepNumbers();
        return result;
      }),
  };
  let made = 0;
  const round = (as: Session): { ms: number; cpu: number } => {
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    for (let index = 0; index < PER_ROUND; index++) clients.create(as, { name: `ООО «Замер ${made++}»`, phone: '+79991234567', address: 'Москва, ул. Мясницкая, 24', comment: 'Вход со двора' });
    const used = process.cpuUsage(cpu);
    return { ms: performance.now() - started, cpu: used.user + used.system };
  };
  round(session);
  round(uncaptured);
  const rounds = Array.from({ length: ROUNDS }, () => [round(session), round(uncaptured)] as const);
  return [
    { name: 'capture_times_the_write', value: median(rounds.map(([full, bare]) => full.ms / bare.ms)), unit: 'times', target: { at_most: 2 } },
    { name: 'capture_times_the_write_in_processor_time', value: median(rounds.map(([full, bare]) => full.cpu / bare.cpu)), unit: 'times' },
  ];
}
