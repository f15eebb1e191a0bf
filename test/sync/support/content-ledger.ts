import { filesWaiting } from '../../../src-main/attachments/index.ts';
import { summarize } from '../../../src-main/attachments/summary.ts';
import type { House } from '../../../src-main/core/house.ts';
import type { Random } from '../../../src-main/seed/random.ts';
import { iso } from '../../../src-shared/kernel/clock.ts';
import type { ContentDisk } from './content-disk.ts';
import type { Copy, World } from './copies.ts';
import { memberAt } from './edits.ts';

const UNSENT_KEPT_MS = 30 * 86_400_000;
const OF_ROWS = 'SELECT DISTINCT sha256 FROM attachments';
const JOURNAL = 'SELECT sha256 FROM local_contents WHERE stored_at IS NOT NULL';
const rowsOf = (copy: Copy): { id: string; sha256: string }[] => copy.store.read.all<{ id: string; sha256: string }>('SELECT id, sha256 FROM attachments');
const hashesOf = (copy: Copy, sql: string, ...params: (string | null)[]): Set<string> => new Set(copy.store.read.all<{ sha256: string }>(sql, ...params).map(({ sha256 }) => sha256));

interface Parts {
  hub: Copy;
  copies(): Copy[];
  diskOf(copy: Copy): ContentDisk;
  fault(text: string): void;
}

/** Beside the run: which contents must be somewhere, and whether they are. */
export class ContentLedger {
  readonly #parts: Parts;
  /** What each copy has written down as saved and has not heard of the hub. */
  readonly #saved = new Map<Copy, Set<string>>();
  /** What a disk that was put back or went bad has taken along, and what was deleted for good: nobody need have it any more. */
  readonly #gone = new Set<string>();
  readonly #rotten = new Set<string>();
  readonly #purged = new Set<string>();
  /** Contents of rows that were deleted for good, and rows that the hub has forgotten with its disk: it cannot know that those want the content of these. */
  readonly #purgedContents = new Set<string>();
  readonly #forgotten = new Set<string>();
  readonly #contentOf = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What a copy has said to be saved is still there, until the hub has it or no row wants it. */
  look(): void {
    for (const { id } of this.#parts.hub.store.read.all<{ id: string }>('SELECT id FROM purged_rows')) {
      this.#purged.add(id);
      const sha256 = this.#contentOf.get(id);
      if (sha256) this.#purgedContents.add(sha256);
    }
    for (const { id, sha256 } of rowsOf(this.#parts.hub)) this.#contentOf.set(id, sha256);
    for (const copy of this.#parts.copies()) {
      const disk = this.#parts.diskOf(copy);
      const { contents } = disk;
      const wanted = hashesOf(copy, OF_ROWS);
      const unsent = hashesOf(copy, `${JOURNAL} AND hub_epoch IS NULL`);
      for (const sha256 of this.#saved.get(copy) ?? []) {
        if (!wanted.has(sha256) || this.#rotten.has(sha256)) continue;
        if (contents.sizeOf(sha256) === null || !disk.has(sha256)) this.#parts.fault(`${copy.name}: content ${short(sha256)} was saved and is not there`);
      }
      this.#saved.set(copy, new Set([...unsent].filter((sha256) => wanted.has(sha256))));
    }
  }

  /** Whoever was told that a file is added may take its machine away at once. */
  added(copy: Copy, sha256: string): void {
    const disk = this.#parts.diskOf(copy);
    if (disk.contents.sizeOf(sha256) === null || !disk.has(sha256)) this.#parts.fault(`${copy.name}: content ${short(sha256)} was added and is not there`);
  }

  /** Tidies up as the program does; what is removed for good must be wanted by nobody. @returns what went, for the trace */
  sweep(copy: Copy, isDaily: boolean): string {
    this.look();
    const disk = this.#parts.diskOf(copy);
    const before = disk.named();
    const kept = copy === this.#parts.hub ? [] : hashesOf(copy, `${JOURNAL} AND hub_epoch IS NULL AND stored_at > ?`, iso(disk.now() - UNSENT_KEPT_MS));
    disk.contents.sweep();
    if (isDaily) disk.contents.sweepUnnamed();
    disk.sweepDue = false;
    for (const sha256 of kept) if (!disk.has(sha256) && !this.#rotten.has(sha256)) this.#parts.fault(`${copy.name}: content ${short(sha256)} was removed before the hub has had it`);
    const now = disk.named();
    const removed = [...before].filter((sha256) => !now.has(sha256));
    for (const sha256 of removed) this.#removed(copy, sha256);
    return `${removed.length} went`;
  }
  #removed(by: Copy, sha256: string): void {
    const copies = this.#parts.copies();
    if (copies.some((copy) => this.#parts.diskOf(copy).has(sha256))) return;
    const isForgotten = (id: string): boolean => by === this.#parts.hub && this.#forgotten.has(id) && this.#purgedContents.has(sha256);
    // What the hub has refused its author is on its way out wherever a bundle has brought it.
    const isRefused = (id: string): boolean => this.#parts.hub.store.read.get('SELECT 1 FROM local_sync_refused WHERE instr(changeset, ?) > 0', id) !== undefined;
    const wanting = copies.find((copy) => rowsOf(copy).some((row) => row.sha256 === sha256 && !this.#purged.has(row.id) && !isForgotten(row.id) && !isRefused(row.id)));
    if (wanting && !this.#gone.has(sha256)) this.#parts.fault(`${by.name}: removed the last of content ${short(sha256)}, which ${wanting.name} has a row for`);
    this.#gone.add(sha256);
  }

  /** A disk goes bad under a content that is only here. @returns which, for the trace */
  rot(copy: Copy, random: Random): string {
    const disk = this.#parts.diskOf(copy);
    const unsent = [...hashesOf(copy, `${JOURNAL} AND hub_epoch IS NULL AND sha256 IN (${OF_ROWS}) ORDER BY sha256`)].filter((sha256) => disk.has(sha256));
    if (copy === this.#parts.hub || unsent.length === 0) return 'nothing';
    const sha256 = random.pick(unsent);
    this.putBack(null, () => disk.rot(sha256));
    this.#rotten.add(sha256);
    return short(sha256);
  }
  /** Something that takes contents from a copy without asking anybody: what nobody else has is lost with its disk. */
  putBack(copy: Copy | null, work: () => void): void {
    const before = this.#everywhere();
    work();
    const after = this.#everywhere();
    for (const sha256 of before) if (!after.has(sha256)) this.#gone.add(sha256);
    if (copy) this.#saved.delete(copy);
    if (copy !== this.#parts.hub) return;
    const known = new Set(rowsOf(copy).map(({ id }) => id));
    for (const { id } of this.#parts.copies().flatMap(rowsOf)) if (!known.has(id)) this.#forgotten.add(id);
  }
  #everywhere(): Set<string> {
    return new Set(this.#parts.copies().flatMap((copy) => [...this.#parts.diskOf(copy).whole()]));
  }

  /** Contents follow rows: what a row names is on the hub and wherever that row is, and everything that is said of it is true. */
  check(people: World['people']): void {
    const { hub } = this.#parts;
    const whole = new Map(this.#parts.copies().map((copy) => [copy, this.#parts.diskOf(copy).whole()]));
    const there = whole.get(hub) as Set<string>;
    for (const sha256 of hashesOf(hub, OF_ROWS)) {
      const holder = [...whole].find(([, hashes]) => hashes.has(sha256))?.[0];
      if (!there.has(sha256) && (holder || !this.#gone.has(sha256))) this.#parts.fault(`content ${short(sha256)} is not on the hub; ${holder ? `${holder.name} has it` : 'nobody has it'}`);
    }
    for (const [copy, here] of whole) {
      const journal = hashesOf(copy, JOURNAL);
      for (const sha256 of journal) if (!here.has(sha256) && !this.#rotten.has(sha256)) this.#parts.fault(`${copy.name}: says that content ${short(sha256)} is here`);
      for (const sha256 of hashesOf(copy, `${OF_ROWS} WHERE deleted_at IS NULL`)) if (there.has(sha256) && !journal.has(sha256)) this.#parts.fault(`${copy.name}: content ${short(sha256)} did not come from the hub`);
      for (const sha256 of hashesOf(copy, 'SELECT sha256 FROM local_contents WHERE hub_epoch IS NOT NULL')) if (!there.has(sha256) && hashesOf(copy, OF_ROWS).has(sha256)) this.#parts.fault(`${copy.name}: says that content ${short(sha256)} is on the hub`);
      this.#checkSummary(copy, people, journal, there);
    }
  }
  /** "12 of 12 on the hub". */
  #checkSummary(copy: Copy, people: World['people'], here: ReadonlySet<string>, there: ReadonlySet<string>): void {
    const owner = memberAt(copy, people['Ольга']?.user_id ?? '');
    if (!owner) return this.#parts.fault(`${copy.name}: the owner may not look at files`);
    const isHub = copy === this.#parts.hub;
    const house = { sync: { hubOf: () => (isHub ? null : {}), isShared: () => isHub }, attachments: { of: () => this.#parts.diskOf(copy).contents } } as unknown as House;
    const said = summarize(copy.session(owner), house, {});
    const rows = copy.store.read.all<{ sha256: string; size: number }>('SELECT sha256, size FROM attachments WHERE deleted_at IS NULL');
    const count = (hashes: ReadonlySet<string>): number => rows.filter(({ sha256 }) => hashes.has(sha256)).length;
    const wanted = { total: rows.length, here: count(here), on_hub: count(there), to_send: 0, to_fetch: 0, moving: null, trouble: null };
    for (const [key, value] of Object.entries(wanted)) if (said[key as keyof typeof wanted] !== value) this.#parts.fault(`${copy.name}: says of files ${key} ${String(said[key as keyof typeof wanted])}, where it is ${String(value)}`);
    if (!isHub && filesWaiting(copy.store.read) > 0) this.#parts.fault(`${copy.name}: files wait`);
  }
  /** Long after, nothing lies about that no row wants. */
  checkLeftovers(): void {
    for (const copy of this.#parts.copies()) {
      const left = this.#parts.diskOf(copy).leftovers(hashesOf(copy, OF_ROWS)).filter((name) => !this.#rotten.has(name));
      if (left.length > 0) this.#parts.fault(`${copy.name}: left behind ${left.join(', ')}`);
    }
  }
}

const short = (sha256: string): string => sha256.slice(0, 8);
