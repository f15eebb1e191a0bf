import type { LogEntry } from '../../src-shared/sync/wire.ts';
import type { HubLog } from './types.ts';

/** Pages that are kept for the next device that asks for the same. */
const KEPT = 4;
/** From so many entries on a page goes on to the numbers of its rows, where they stand among the next ones. */
const LONG = 500;
const LOOK_FOR_NUMBERS = 64;
/** The end of the log that is kept as it came in: so many entries, and characters of their ops. */
const TAIL = 1_200;
const TAIL_CHARACTERS = 4_000_000;

/** A page is cut so that the ops in it stay about this long, in characters: well below what a device takes for one message. */
const PAGE_CHARACTERS = 8_000_000;

interface Page {
  epoch: string;
  since: number;
  limit: number;
  head: number;
  entries: LogEntry[];
}

/** Parts of the log as devices ask for them; several devices that ask for the same part get the same list. */
export interface Pages {
  /**
   * About `limit` entries behind a position. A long page goes on to the numbers of its rows: a device that has both at once writes each row
   * once. `head`: where the log ends now.
   */
  read(epoch: string, since: number, limit: number, head: number): LogEntry[];
  /** Entries that have just been written at the end of the log, without a gap: whoever asks for them next gets them without their being read. */
  keep(entries: readonly LogEntry[]): void;
  /** The log has been changed behind their back. */
  forget(): void;
}

export function createPages(log: HubLog): Pages {
  const pages: Page[] = [];
  let tail: LogEntry[] = [];
  let characters = 0;
  /** `head`: where the log ends, for a list that is shorter than asked for. */
  const entriesBehind = (since: number, limit: number, head: number): LogEntry[] => {
    const [first, last] = [tail[0]?.position ?? Number.POSITIVE_INFINITY, tail.at(-1)?.position ?? 0];
    const isKept = since >= first - 1 && (since + limit <= last || last === head);
    return isKept ? tail.slice(since + 1 - first, since + 1 - first + limit) : log.read(since, limit, PAGE_CHARACTERS);
  };
  return {
    read: (epoch, since, limit, head) => {
      const known = pages.find((page) => page.epoch === epoch && page.since === since && page.limit === limit && (page.entries.length >= limit || page.head === head));
      if (known) return known.entries;
      const entries = entriesBehind(since, limit, head);
      const last = entries.at(-1);
      if (last && entries.length >= LONG && last.actor !== null) {
        const behind = entriesBehind(last.position, LOOK_FOR_NUMBERS, head);
        entries.push(...behind.slice(0, behind.findIndex((entry) => entry.actor === null) + 1));
      }
      pages.unshift({ epoch, since, limit, head, entries });
      pages.length = Math.min(pages.length, KEPT);
      return entries;
    },
    keep: (entries) => {
      if (entries[0]?.position !== (tail.at(-1)?.position ?? 0) + 1) tail = [];
      if (tail.length === 0) characters = 0;
      for (const entry of entries) {
        tail.push(entry);
        characters += entry.ops.length;
      }
      let over = Math.max(0, tail.length - TAIL);
      for (const entry of tail.slice(0, over)) characters -= entry.ops.length;
      for (; characters > TAIL_CHARACTERS; over++) characters -= tail[over]?.ops.length ?? 0;
      tail.splice(0, over);
    },
    forget: () => {
      pages.length = 0;
      tail = [];
    },
  };
}
