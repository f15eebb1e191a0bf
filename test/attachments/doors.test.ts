import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_ATTACHMENT } from '../../src-shared/attachments/model.ts';
import { DOORS, openDoor, type DoorClient, type OpenDoor } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { content, fileOf, refused } from './support.ts';

let house: RunningHouse;
let token: string;
let ticket: { id: string; no: number | null };
let client: DoorClient;

beforeAll(async () => {
  house = await startHouse();
  ({ token } = await registerOwner(house.url));
  client = openDoor('rpc', house, token).client;
  const made = await client.clients.create({ name: 'ООО «Ромашка»' });
  ticket = await client.tickets.create({ client_id: made.id, subject: 'Не печатает принтер' });
});
afterAll(() => house.close());

describe.each(DOORS)('files through the door %s', (name) => {
  let door: OpenDoor;
  beforeAll(() => {
    door = openDoor(name, house, token);
  });
  afterAll(() => door.close());

  it('are added, listed, read in pieces, renamed, deleted and brought back', async () => {
    const { bytes, sha256 } = content(3_000_001);
    const files = door.client.attachments;
    const made = await files.create({ entity: 'tickets', row_id: ticket.no ?? '', file: fileOf(bytes, 'Щиток.jpg', 'image/jpeg') });
    expect(made).toMatchObject({ entity: 'tickets', row_id: ticket.id, file_name: 'Щиток.jpg', media_type: 'image/jpeg', size: bytes.length, sha256, place: 'here', created_by_name: 'Анна Волкова' });
    expect((await files.list({ entity: 'tickets', row_id: ticket.id })).items.map((one) => one.id)).toContain(made.id);
    expect(Buffer.from(await (await files.content({ id: made.id })).arrayBuffer()).equals(bytes)).toBe(true);
    const piece = await files.content({ id: made.id, offset: 2_999_999, length: 10 });
    expect(Buffer.from(await piece.arrayBuffer()).equals(bytes.subarray(2_999_999))).toBe(true);
    expect((await files.update({ id: made.id, file_name: 'Щиток до.jpg' })).file_name).toBe('Щиток до.jpg');
    const { change_id } = await files.delete({ id: made.id });
    expect((await files.list({ entity: 'tickets', row_id: ticket.id })).items.map((one) => one.id)).not.toContain(made.id);
    await door.client.audit.undo({ change_id });
    expect((await files.get({ id: made.id })).sha256).toBe(sha256);
  });

  it('arrive piece by piece, go on where they were cut, and are made once', async () => {
    const { bytes, sha256 } = content(2_500_000);
    const files = door.client.attachments;
    const begun = { entity: 'tickets' as const, row_id: ticket.id, file_name: `Акт ${name}.pdf`, size: bytes.length, fingerprint: '1795852800000' };
    const { id } = await files.begin(begun);
    const part = (from: number, to: number): Promise<{ received: number }> => files.part({ id, offset: from, part: fileOf(bytes.subarray(from, to), 'part') });
    expect((await part(0, 1_000_000)).received).toBe(1_000_000);
    expect(await refused(part(1_500_000, 2_000_000))).toMatchObject({ code: 'CONFLICT', detail: 'upload_gap', params: { received: 1_000_000 } });
    expect(await refused(files.finish({ id }))).toMatchObject({ code: 'CONFLICT', detail: 'upload_unfinished' });
    expect(await files.begin(begun)).toMatchObject({ id, received: 1_000_000 });
    expect((await files.uploads({ entity: 'tickets', row_id: ticket.id })).items).toMatchObject([{ id, received: 1_000_000, size: bytes.length }]);
    expect((await part(0, 1_000_000)).received).toBe(1_000_000);
    expect((await part(900_000, 2_500_000)).received).toBe(2_500_000);
    const made = await files.finish({ id, sha256 });
    expect(made).toMatchObject({ id, sha256, media_type: 'application/pdf', size: bytes.length });
    expect(await files.finish({ id, sha256 })).toMatchObject({ id });
    expect((await files.uploads({})).items).toEqual([]);
  });

  it.each([
    ['nothing in it', { file: new Uint8Array(0) }, 'INVALID', 'attachment_empty'],
    ['a row that is not there', { file: new Uint8Array(1), row_id: '999999' }, 'REFERENCE_NOT_FOUND', 'reference_not_found'],
  ])('are refused with %s', async (_name, { file, row_id }: { file: Uint8Array<ArrayBuffer>; row_id?: string }, code, detail) => {
    expect(await refused(door.client.attachments.create({ entity: 'tickets', row_id: row_id ?? ticket.id, file: fileOf(file, 'a.txt') }))).toMatchObject({ code, detail });
  });

  it('are refused when they are announced too large, and when another file came than was said', async () => {
    const files = door.client.attachments;
    expect(await refused(files.begin({ entity: 'tickets', row_id: ticket.id, file_name: 'a', size: MAX_ATTACHMENT + 1 }))).toMatchObject({ code: 'INVALID', field: 'size' });
    const { id } = await files.begin({ entity: 'tickets', row_id: ticket.id, file_name: 'a', size: 3 });
    await files.part({ id, offset: 0, part: fileOf(Buffer.from('abc'), 'part') });
    expect(await refused(files.finish({ id, sha256: '0'.repeat(64) }))).toMatchObject({ code: 'INVALID', detail: 'content_differs' });
    expect(await refused(files.part({ id, offset: 0, part: fileOf(Buffer.from('abc'), 'part') }))).toMatchObject({ code: 'NOT_FOUND', detail: 'upload_unknown' });
  });

  it('are given up', async () => {
    const files = door.client.attachments;
    const { id } = await files.begin({ entity: 'tickets', row_id: ticket.id, file_name: 'a', size: 3 });
    expect(await files.cancel({ id })).toEqual({ done: true });
    expect((await files.uploads({})).items).toEqual([]);
  });
});

it('stores the same content once, and counts files', async () => {
  const { bytes, sha256 } = content(10_000);
  const asset = await client.assets.create({ client_id: 1, name: 'Принтер' });
  for (const file_name of ['один.bin', 'другой.bin']) await client.attachments.create({ entity: 'assets', row_id: asset.id, file_name, file: fileOf(bytes, 'x') });
  expect(await client.attachments.summary({ entity: 'assets', row_id: asset.id })).toMatchObject({ total: 2, here: 2, on_hub: 2, to_send: 0, role: 'alone', bytes: 20_000 });
  const [organization] = house.core.house.organizations.list();
  expect(existsSync(join(house.dataDir, 'attachments', organization?.id ?? '', sha256.slice(0, 2), sha256.slice(2, 4), sha256))).toBe(true);
});

it('goes to the trash and comes back with its row, and is found by its name', async () => {
  const appointment = await client.appointments.create({ client_id: 1, title: 'Монтаж', starts_at: '2027-03-01T08:00:00.000Z', duration_minutes: 60 });
  const made = await client.attachments.create({ entity: 'appointments', row_id: appointment.id, file: fileOf(Buffer.from('снимок'), 'Шкаф телекоммуникационный.png') });
  expect((await client.search.query({ q: 'телекоммуникационный' })).items).toMatchObject([{ entity: 'attachments', id: made.id, subtitle: 'Монтаж', owner: { entity: 'appointments', id: appointment.id } }]);
  const { change_id } = await client.appointments.delete({ id: appointment.id });
  expect(await refused(client.attachments.get({ id: made.id }))).toMatchObject({ code: 'NOT_FOUND' });
  await client.audit.undo({ change_id });
  expect((await client.attachments.get({ id: made.id })).file_name).toBe('Шкаф телекоммуникационный.png');
});
