import type { Ref } from '../../src-shared/kernel/contract.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import type { AttachmentOwner, AttachmentSummary } from '../../src-shared/attachments/model.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
import { ownerOf } from './service.ts';

type Counts = Pick<AttachmentSummary, 'total' | 'here' | 'on_hub' | 'to_send' | 'to_send_bytes' | 'to_fetch' | 'to_fetch_bytes' | 'bytes'>;

const sum = (condition: string, what = '1'): string => `coalesce(sum(CASE WHEN ${condition} THEN ${what} ELSE 0 END), 0)`;
const COUNTS = `SELECT count(*) AS total, coalesce(sum(t.size), 0) AS bytes, ${sum('c.stored_at IS NOT NULL')} AS here, ${sum('c.hub_epoch IS NOT NULL')} AS on_hub,
  ${sum('c.stored_at IS NOT NULL AND c.hub_epoch IS NULL')} AS to_send, ${sum('c.stored_at IS NOT NULL AND c.hub_epoch IS NULL', 't.size')} AS to_send_bytes,
  ${sum('c.stored_at IS NULL AND c.hub_epoch IS NOT NULL')} AS to_fetch, ${sum('c.stored_at IS NULL AND c.hub_epoch IS NOT NULL', 't.size')} AS to_fetch_bytes
  FROM attachments t LEFT JOIN local_contents c ON c.sha256 = t.sha256 WHERE t.deleted_at IS NULL`;

function countsOf(db: Db, entity?: AttachmentOwner, row?: string): Counts {
  const conditions: [string, SqlValue][] = [...(row ? ([['row_id', row]] as [string, SqlValue][]) : []), ...(entity ? ([['entity', entity]] as [string, SqlValue][]) : [])];
  return db.get<Counts>(COUNTS + conditions.map(([column]) => ` AND t.${column} = ?`).join(''), ...conditions.map(([, value]) => value)) as Counts;
}

/** Files that have still to go to the hub or to come from it, on a copy that has one elsewhere. */
export function filesWaiting(db: Db): number {
  const { to_send, to_fetch } = countsOf(db);
  return to_send + to_fetch;
}

/** How many files there are, of a row or of all, and where their contents are. */
export function summarize(session: Session, house: House, input: { entity?: AttachmentOwner | undefined; row_id?: Ref | undefined }): AttachmentSummary {
  const row = ownerOf(session, 'read', input);
  const id = session.actor.organization_id;
  const counts = countsOf(session.store.read, input.entity, row);
  const role = house.sync.hubOf(id) ? 'device' : house.sync.isShared(id) ? 'hub' : 'alone';
  const { moving, trouble } = house.attachments.of(id).traffic;
  return {
    ...counts,
    ...(role === 'device' ? {} : { on_hub: counts.here, to_send: 0, to_send_bytes: 0, to_fetch: 0, to_fetch_bytes: 0 }),
    role,
    moving: role === 'device' ? moving : null,
    trouble: role === 'device' && trouble ? translateError(session.language, trouble.code, trouble.data) : null,
  };
}
