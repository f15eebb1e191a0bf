import { expect, it } from 'vitest';
import { startJobs } from '../../src-main/jobs/index.ts';
import { listBackups } from '../../src-main/store/backup.ts';
import { join } from 'node:path';
import { registerOwner, startHouse } from '../support/house.ts';

it('backs up every organisation and forgets old keys', async () => {
  const house = await startHouse();
  await registerOwner(house.url);
  const [organization] = house.core.house.organizations.list();
  const store = house.core.house.organizations.open(organization?.id ?? '');
  const keep = (key: string, at: string): unknown => store.local.run("INSERT INTO local_idempotency_keys (actor_id, key, operation, request_hash, response, created_at) VALUES ('a', ?, 'o', 'h', 'null', ?)", key, at);
  keep('old', '2020-01-01T00:00:00.000Z');
  keep('new', new Date().toISOString());
  const jobs = startJobs(house.core.house);
  await jobs.runNow('backup');
  await jobs.runNow('forget_keys');
  expect(listBackups(join(house.dataDir, 'backups', organization?.id ?? ''))).toHaveLength(1);
  expect(store.read.all('SELECT key FROM local_idempotency_keys')).toEqual([{ key: 'new' }]);
  await jobs.stop();
  await house.close();
});
