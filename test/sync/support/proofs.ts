import type { Vouching } from '../../../src-main/sync/index.ts';
import type { LogEntry, WireChangeset } from '../../../src-shared/sync/wire.ts';

/** What signatures prove, without the cryptography: a change stood in the hub's log once, or its own device put it into a bundle. */
export class Proofs {
  readonly #hashes = new Set<string>();

  seen(entries: readonly Pick<LogEntry, 'hash'>[]): void {
    for (const entry of entries) this.#hashes.add(entry.hash);
  }
  sign(changes: readonly WireChangeset[], author: string): void {
    this.seen(changes.filter((change) => change.device === author));
  }
  readonly vouched: Vouching = (change) => (this.#hashes.has(change.hash) ? {} : null);
}
