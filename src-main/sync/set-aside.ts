import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Db } from '../store/sqlite.ts';
import type { Exchange } from './exchange.ts';
import { STATES } from './log.ts';

const PLACED = `state = ${STATES.setAside} AND position IS NOT NULL`;

/**
 * A change of the list of those that were returned or set aside, which this copy may do with as it likes: the others do not have it.
 * @throws AppError NOT_FOUND; CONFLICT `sync_placed` for one that they have: sent again there would be two of it, and off the list nothing would say what is missing here
 */
export function returnedChange(db: Db, changeId: string): { ops: string } {
  const change = db.get<{ ops: string; position: number | null }>('SELECT ops, position FROM changesets WHERE id = ? AND id IN (SELECT changeset FROM local_sync_returned)', Number(changeId));
  if (!change) throw new AppError('NOT_FOUND', { detail: 'change_unknown' });
  if (change.position !== null) throw new AppError('CONFLICT', { detail: 'sync_placed' });
  return change;
}

/** Has changes of the common log that were set aside wait as parked ones do, from which replaying takes them in their order. */
export function unsetAside({ db }: Exchange): void {
  db.run(`DELETE FROM local_sync_returned WHERE changeset IN (SELECT id FROM changesets WHERE ${PLACED})`);
  db.run(`UPDATE changesets SET state = ? WHERE ${PLACED}`, STATES.parked);
}
