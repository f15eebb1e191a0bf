import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJobs } from '../../src-main/jobs/index.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';

let house: RunningHouse;
let token: string;
beforeEach(async () => {
  house = await startHouse();
  ({ token } = await registerOwner(house.url));
});
afterEach(() => house.close());

async function call(method: string, path: string, body?: unknown): Promise<string> {
  const answer = await fetch(`${house.url}/api${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text;
}

it('says what the program is and how it does', async () => {
  await call('POST', '/clients', { name: 'ООО «Ромашка»' });
  await call('POST', '/jobs/forget_keys/run');
  const facts = JSON.parse(await call('GET', '/system/diagnostics')) as unknown;
  expect(facts).toMatchObject({
    program: { schema: expect.any(Number) as number, platform: process.platform, demo: false },
    store: { healthy: true, failed_checks: [], rows: { clients: 1, users: 1 } },
    jobs: expect.arrayContaining([expect.objectContaining({ name: 'forget_keys', last_outcome: 'done', fault: null })]) as unknown,
  });
});

it('holds nothing that anybody typed: no name, address, number, secret, draft or path', async () => {
  const client = JSON.parse(await call('POST', '/clients', { name: 'Тайный-Заказчик', notes: 'Пароль-от-сейфа' })) as { id: string };
  await call('POST', '/tickets', { client_id: client.id, subject: 'Секретная-заявка', description: 'планта-описание' });
  await call('PUT', '/drafts/planted-draft-key', { value: { text: 'планта-черновик' } });
  const store = house.core.house.organizations.open(house.core.house.organizations.list()[0]?.id ?? '');
  const failing = createJobs(house.core.house, [{ name: 'backup', rule: '0 3 1 1 *', run: () => Promise.reject(new Error("ENOSPC: no space left on device, write 'C:\\Users\\planted-user\\anna@planted.example'")) }]);
  await failing.run(store, 'backup', null);
  const text = await call('GET', '/system/diagnostics');
  expect(JSON.parse(text)).toMatchObject({ jobs: expect.arrayContaining([expect.objectContaining({ name: 'backup', last_outcome: 'failed', fault: 'ENOSPC' })]) as unknown });
  for (const planted of ['Тайный', 'Пароль', 'Секретная', 'планта', 'planted', client.id, store.id, OWNER.full_name, OWNER.email, OWNER.password, 'Волкова', 'Сервис-Юг', token, house.dataDir, '@']) expect(text, planted).not.toContain(planted);
  expect(text).not.toMatch(/[а-яё]/i);
});

it('is for those who manage the program', async () => {
  const answer = await fetch(`${house.url}/api/system/diagnostics`);
  expect(answer.status).toBe(401);
});
