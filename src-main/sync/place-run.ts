import type { SyncVerdict } from '../../src-shared/sync/wire.ts';
import type { Exchange } from './exchange.ts';
import type { Here } from './here.ts';
import { effectiveOf, knownBetween, wholeRunOf } from './log.ts';

/**
 * Takes over the places that a whole push of own changes has got, at once: nearly every answer says that, one behind the other, they stand in
 * the log as they were made. @returns how many; 0 where anything else is to be said of one of them, and nothing was done.
 */
export function placeRun(x: Exchange, here: Here, verdicts: readonly SyncVerdict[]): number {
  const run = wholeRunOf(verdicts, verdicts);
  const first = run?.[0];
  if (x.apart || !run || !first || here.anyBases || first.position <= here.head) return 0;
  const known = knownBetween(x.db, x.own.alias, first.seq, first.seq + run.length - 1);
  const from = known[0]?.id ?? 0;
  const isPlain = run.every(({ device, seq, hash, effective }, index) => {
    const one = known[index];
    if (!one || device !== x.own.id || seq !== first.seq + index || one.id !== from + index || one.hash !== hash) return false;
    const { time, counter } = effectiveOf(one);
    return one.position === null && one.state === null && one.unapplied === 0 && time === effective[0] && counter === effective[1];
  });
  if (!isPlain) return 0;
  x.db.run('UPDATE changesets SET position = id + ? WHERE id BETWEEN ? AND ?', first.position - from, from, from + run.length - 1);
  here.head = first.position + run.length - 1;
  return run.length;
}
