import { iso } from '../../src-shared/kernel/clock.ts';
import { DRAFT_IS_WORK_MS, type Busy } from '../../src-shared/updates/rules.ts';
import type { House } from '../core/house.ts';
import { countOpenSessions } from '../remote-access/index.ts';

/** What an update would interrupt on this installation at this moment, over all its organisations. */
export function busyWith(house: House): Busy[] {
  const since = iso(house.clock.now() - DRAFT_IS_WORK_MS);
  let draft = 0;
  let sessions = 0;
  for (const { id } of house.organizations.list()) {
    const store = house.organizations.open(id);
    const members = house.sync.db.all<{ account_id: string }>('SELECT account_id FROM memberships WHERE organization_id = ?', id).map((row) => row.account_id);
    draft += store.read.get<{ n: number }>('SELECT count(*) AS n FROM local_drafts WHERE updated_at > ?', since)?.n ?? 0;
    sessions += countOpenSessions(store, members, since);
  }
  const stage = house.sync.joining?.stage ?? 'none';
  return [
    { kind: 'draft', count: draft },
    { kind: 'remote_session', count: sessions },
    { kind: 'task', count: house.longTasks.running() },
    { kind: 'joining', count: stage === 'none' || stage === 'done' || stage === 'failed' ? 0 : 1 },
    { kind: 'job', count: house.jobs.running() },
  ];
}
