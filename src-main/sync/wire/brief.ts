import type { PushReply, PushRequest, SyncVerdict } from '../../../src-shared/sync/wire.ts';
import { wholeRunOf } from '../log.ts';

/** The answer without its verdicts, where they say no more than that all stands in the log, in its order and at its own time; to whoever understands that. */
export function shortened({ brief, changesets }: PushRequest, reply: PushReply): PushReply {
  const run = brief === true ? wholeRunOf(reply.verdicts, changesets) : null;
  const [first] = run ?? [];
  if (!run || !first) return reply;
  const isPlain = run.every(({ device, seq, hash, effective: [time, counter] }, index) => {
    const change = changesets[index];
    return change?.device === device && change.seq === seq && change.hash === hash && change.stamp[0] === time && change.stamp[1] === counter;
  });
  return isPlain ? { ...reply, verdicts: [], placed: first.position } : reply;
}

/** The answer with all its verdicts. */
export function spelledOut({ changesets }: PushRequest, { placed, ...reply }: PushReply): PushReply {
  if (placed === undefined) return reply;
  const verdicts = changesets.map(({ device, seq, hash, stamp }, index): SyncVerdict => ({ device, seq, hash, verdict: 'accepted', position: placed + index, effective: stamp, duplicate: false }));
  return { ...reply, verdicts };
}
