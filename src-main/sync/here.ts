import type { LogEntry } from '../../src-shared/sync/wire.ts';
import type { Exchange } from './exchange.ts';
import { headOf } from './log.ts';

/** What is known of this copy in the middle of an exchange, so as not to be asked for at every changeset. */
export interface Here {
  /** The last place in the log that anything here has. */
  head: number;
  /** Whether rows may have been taken over from the hub. */
  anyBases: boolean;
  /** How far the chains of devices reach, those that were met. */
  ends: Map<string, number>;
}

export const standHere = (x: Exchange): Here => ({ head: headOf(x.db), anyBases: hasBases(x, 0), ends: new Map() });

/** Whether a changeset comes behind all that is here of its device's chain, as nearly every one does. Where something has failed, each is looked for. */
export function isBehindChain(x: Exchange, { ends }: Here, { device, seq }: LogEntry): boolean {
  if (x.apart || device === x.own.id) return false;
  const alias = x.rows.aliases.known(device);
  const end = ends.get(device) ?? (alias === null ? 0 : (x.db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM changesets WHERE device = ?', alias)?.seq ?? 0));
  ends.set(device, Math.max(end, seq));
  return seq > end;
}

/** Whether rows were taken over from the hub as they stood behind a place in the log. */
export const hasBases = (x: Exchange, behind: number): boolean => x.db.get('SELECT 1 FROM local_sync_bases WHERE position > ? LIMIT 1', behind) !== undefined;
