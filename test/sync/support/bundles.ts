import { carried, type Copy } from './copies.ts';
import type { Proofs } from './proofs.ts';

/** A bundle on a stick: the sender's log as far as it has read it, and what it knows beyond. @returns what became of it */
export function carryBundle(from: Copy, to: Copy, proofs: Proofs): string {
  if (from === to) return 'to itself';
  const sender = from.engine.status();
  const changes = carried(from.engine.unread());
  proofs.sign(changes, from.store.own.id);
  if (changes.some((change) => !proofs.vouched(change))) return 'unsigned';
  const receiver = to.engine.status();
  if (sender.epoch !== receiver.epoch || sender.epoch === null) return 'other life';
  if (receiver.role === 'hub') {
    const verdicts = to.engine.acceptBundle({ organization: organizationOf(to), device: from.store.own.id, epoch: sender.epoch, changesets: changes }, proofs.vouched);
    return verdicts.map((verdict) => `${verdict.device.slice(-4)}:${verdict.seq} ${verdict.verdict}`).join(', ');
  }
  const floor = Math.max(from.engine.log.floor(), receiver.cursor);
  if (floor > receiver.cursor) return 'gap';
  const entries = carried(from.engine.log.read(receiver.cursor, 10_000)).filter((entry) => entry.position <= sender.cursor);
  if (entries.some((entry, index) => entry.position !== receiver.cursor + index + 1 || entry.ops === '[]')) return 'gap';
  if (entries.length > 0) {
    const page = { epoch: from.engine.log.epoch(), now: 0, since: receiver.cursor, head: sender.cursor, floor: 0, snapshot_required: false, state: null, entries, rows: [], verdicts: [] };
    to.engine.applyPage(page);
  }
  if (to.engine.status().cursor < sender.cursor) return 'waits';
  const { applied, known, left } = to.engine.applyBundle(changes, proofs.vouched);
  return `${entries.length} of the log, ${applied} new, ${known} known, ${left} left`;
}

const organizationOf = (copy: Copy): string => copy.store.read.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id ?? '';
