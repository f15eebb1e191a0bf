import type { LogEntry, WireChangeset } from '../../../src-shared/sync/wire.ts';
import { carried, type Copy } from './copies.ts';
import type { Proofs } from './proofs.ts';

/** What is written on a stick: the sender's log as far as it has read it, and what it knows beyond. */
export interface Bundle {
  from: Copy;
  device: string;
  epoch: ReturnType<Copy['engine']['log']['epoch']> | null;
  cursor: number;
  floor: number;
  entries: LogEntry[];
  changes: WireChangeset[];
}

/** @returns null where the sender knows what it has no proof of. */
export function writeBundle(from: Copy, proofs: Proofs): Bundle | null {
  const sender = from.engine.status(false);
  const changes = carried(from.engine.unread());
  proofs.sign(changes, from.store.own.id);
  if (changes.some((change) => !proofs.vouched(change))) return null;
  const floor = from.engine.log.floor();
  const entries = carried(from.engine.log.read(0, 10_000)).filter((entry) => entry.position <= sender.cursor);
  return { from, device: from.store.own.id, epoch: sender.epoch === null ? null : from.engine.log.epoch(), cursor: sender.cursor, floor, entries, changes };
}

/** @returns what became of it, for the trace */
export function takeBundle(bundle: Bundle, to: Copy, proofs: Proofs): string {
  const receiver = to.engine.status(false);
  if (bundle.epoch === null || bundle.epoch.id !== receiver.epoch) return 'other life';
  if (receiver.role === 'hub') {
    const verdicts = to.engine.acceptBundle({ organization: organizationOf(to), device: bundle.device, epoch: bundle.epoch.id, changesets: carried(bundle.changes) }, proofs.vouched);
    return verdicts.map((verdict) => `${verdict.device.slice(-4)}:${verdict.seq} ${verdict.verdict}`).join(', ');
  }
  if (bundle.floor > receiver.cursor) return 'gap';
  // What both have at the receiver's cursor is compared.
  const there = bundle.entries.find((entry) => entry.position === receiver.cursor);
  const here = to.engine.log.hashAt(receiver.cursor);
  if (there && here !== null && there.hash !== here) return 'other life';
  const entries = carried(bundle.entries.filter((entry) => entry.position > receiver.cursor));
  if (entries.some((entry, index) => entry.position !== receiver.cursor + index + 1 || entry.ops === '[]')) return 'gap';
  if (entries.length > 0) {
    const page = { epoch: bundle.epoch, now: 0, since: receiver.cursor, head: bundle.cursor, floor: 0, snapshot_required: false, state: null, entries, rows: [], verdicts: [] };
    to.engine.applyPage(page);
  }
  if (to.engine.status(false).cursor < bundle.cursor) return 'waits';
  const { applied, known, left } = to.engine.applyBundle(carried(bundle.changes), proofs.vouched);
  return `${entries.length} of the log, ${applied} new, ${known} known, ${left} left`;
}

/** A bundle from one copy to another. @returns what became of it */
export function carryBundle(from: Copy, to: Copy, proofs: Proofs): string {
  if (from === to) return 'to itself';
  const bundle = writeBundle(from, proofs);
  return bundle ? takeBundle(bundle, to, proofs) : 'unsigned';
}

const organizationOf = (copy: Copy): string => copy.store.read.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id ?? '';
