import type { LogEntry } from '../../src-shared/sync/wire.ts';
import type { HubLog } from './types.ts';

/** Pages that are kept for the next device that asks for the same. */
const KEPT = 4;
/** From so many entries on a page goes on to the numbers of its rows, where they stand among the next ones. */
const LONG = 500;
const LOOK_FOR_NUMBERS = 64;

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
  /** The log has been changed behind their back. */
  forget(): void;
}

export function createPages(log: HubLog): Pages {
  const pages: Page[] = [];
  return {
    read: (epoch, since, limit, head) => {
      const known = pages.find((page) => page.epoch === epoch && page.since === since && page.limit === limit && (page.entries.length >= limit || page.head === head));
      if (known) return known.entries;
      const entries = log.read(since, limit);
      const last = entries.at(-1);
      if (last && entries.length >= LONG && last.actor !== null) {
        const behind = log.read(last.position, LOOK_FOR_NUMBERS);
        entries.push(...behind.slice(0, behind.findIndex((entry) => entry.actor === null) + 1));
      }
      pages.unshift({ epoch, since, limit, head, entries });
      pages.length = Math.min(pages.length, KEPT);
      return entries;
    },
    forget: () => {
      pages.length = 0;
    },
  };
}
