import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readOwn, tellOwn } from '../../src-main/remote-access/index.ts';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';
import { refusal, standIn as writeStandIn } from './support.ts';

let house: RunningHouse;
let client: DoorClient;
let folder: string;
let id: string;
const standIn = (script: string): string => writeStandIn(folder, script);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-anydesk-'));
  house = await startHouse();
  client = clientOf(house.url, (await registerOwner(house.url)).token);
  id = (await client.clients.create({ name: 'Аптека на углу' })).id;
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a client’s remote desktop', () => {
  it('is empty at first, asked for, and answered by the machine', async () => {
    expect(await client.remoteAccess.ofClient({ id })).toMatchObject({ tool: null, remote_id: null, addresses: [], request: null, this_machine: false });
    expect((await client.remoteAccess.sync({ id })).request).toMatchObject({ state: 'requested' });
    await client.remoteAccess.sync({ id });
    const answered = await client.remoteAccess.report({ id, report: { tool: 'anydesk', address: '123 456 789', alias: 'apteka@ad', online: 'online', machine: 'KASSA-1' } });
    expect(answered).toMatchObject({ tool: 'anydesk', remote_id: '123456789', alias: 'apteka@ad', online: 'online', request: { state: 'done' } });
    await client.remoteAccess.report({ id, report: { tool: 'anydesk', address: '987654321', machine: 'KASSA-1' } });
    const again = await client.remoteAccess.ofClient({ id });
    expect(again.addresses.map((one) => one.address)).toEqual(['987654321']);
    const history = await client.audit.row({ entity: 'remote_addresses', id: again.addresses[0]?.id ?? '' });
    expect(history.items.flatMap((one) => one.fields).find((field) => field.field === 'address' && field.before === '123456789')).toBeDefined();
  });

  it('says why a machine could not be read', async () => {
    await client.remoteAccess.sync({ id });
    expect((await client.remoteAccess.report({ id, report: { failed: 'not_installed', machine: 'KASSA-1' } })).request).toMatchObject({ state: 'failed', reason: 'not_installed' });
  });

  it.each([['--install'], ['123456789&calc.exe'], ['12345'], ['"123456789"'], ['123456789\n--with-password']])('takes no %j for an address', async (address) => {
    expect(await refusal(client.remoteAddresses.create({ client_id: id, tool: 'anydesk', address }))).toMatchObject({ code: 'INVALID', field: 'address' });
  });

  it('is read here where this is the client’s own machine', async () => {
    vi.stubEnv('POLEVIK_ANYDESK', standIn('case "$1" in --get-id) echo 555666777;; --get-alias) echo;; --get-status) echo online;; esac'));
    const own = await readOwn(house.dataDir, { patienceMs: 1_000, pauseMs: 5 });
    expect(own).toMatchObject({ report: { address: '555666777', online: 'online' } });
    if (own.failed !== undefined) throw new Error(own.failed);
    await client.remoteAccess.report({ id, report: own.report });
    expect(await client.remoteAccess.sync({ id })).toMatchObject({ this_machine: true, remote_id: '555666777' });
    expect(tellOwn).toBeTypeOf('function');
  });

  it.each([
    ['prints megabytes', 'yes 123456789 | head -c 3000000', 'not_ready'],
    ['hangs', 'sleep 30', 'not_ready'],
    ['prints 0', 'echo 0', 'not_ready'],
  ])('a tool that %s is no answer', async (_what, script, failed) => {
    vi.stubEnv('POLEVIK_ANYDESK', standIn(script));
    expect(await readOwn(house.dataDir, { patienceMs: 1, pauseMs: 1, askMs: 300 })).toMatchObject({ failed });
  });
});

describe('a session', () => {
  it('starts the tool with one argument, waits for its line, and becomes a time entry of ticket and contract', async () => {
    const contract = await client.contracts.create({ client_id: id, title: 'Обслуживание', start_date: '2026-01-01' });
    const ticket = await client.tickets.create({ client_id: id, subject: 'Не печатает', contract_id: contract.id });
    const address = await client.remoteAddresses.create({ client_id: id, tool: 'anydesk', address: '222333444', machine: 'КАССА 2' });
    vi.stubEnv('POLEVIK_ANYDESK', standIn(`echo "$#:$1" > "${folder}/argv"`));
    const { session, started } = await client.remoteAccess.connect({ address_id: address.id, ticket_id: ticket.id });
    expect(started).toBe('tool');
    expect(session).toMatchObject({ client_id: id, ticket_id: ticket.id, contract_id: contract.id, address: '222333444', ended_at: null, minutes: null });
    await vi.waitFor(async () => expect((await import('node:fs')).readFileSync(`${folder}/argv`, 'utf8').trim()).toBe('1:222333444'), 5_000);
    expect((await client.remoteSessions.list({ open: true })).items.map((one) => one.id)).toContain(session.id);
    const done = await client.remoteAccess.finish({ id: session.id, summary: 'Переустановил драйвер', minutes: 25 });
    expect(done).toMatchObject({ summary: 'Переустановил драйвер', minutes: 25 });
    expect((await client.remoteSessions.list({ ticket_id: ticket.id })).items).toHaveLength(1);
    expect((await client.remoteSessions.list({ open: true })).items).toEqual([]);
    const month = await client.remoteAccess.month({ month: session.started_at.slice(0, 7) });
    expect(month).toMatchObject({ minutes: 25, clients: [{ client_name: 'Аптека на углу', minutes: 25 }] });
    const table = await (await client.remoteAccess.monthFile({ month: session.started_at.slice(0, 7) })).text();
    expect(table).toContain('Переустановил драйвер');
  });

  it('is a link where the tool is not there, and is refused what belongs to another client', async () => {
    const other = await client.clients.create({ name: 'Другой' });
    const ticket = await client.tickets.create({ client_id: other.id, subject: 'Чужая' });
    const address = await client.remoteAddresses.create({ client_id: id, tool: 'rustdesk', address: '333444555' });
    expect(await refusal(client.remoteAccess.connect({ address_id: address.id, ticket_id: ticket.id }))).toMatchObject({ code: 'INVALID', field: 'ticket_id', detail: 'other_client' });
    expect(await client.remoteAccess.connect({ address_id: address.id })).toMatchObject({ started: 'link', link: 'rustdesk://connect/333444555' });
  });
});
