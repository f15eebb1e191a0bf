import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOORS, openDoor, refusal, type DoorClient, type OpenDoor } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';

let house: RunningHouse;
let token: string;

beforeAll(async () => {
  house = await startHouse();
  ({ token } = await registerOwner(house.url));
});
afterAll(() => house.close());

const CONTENT = '# Замена фискального накопителя\n\n1. Закрыть смену\n2. Снять отчёт о закрытии\n\n- [ ] фото заводского номера';

describe.each(DOORS)('through the door %s', (name) => {
  let door: OpenDoor;
  let client: DoorClient;
  beforeAll(() => {
    door = openDoor(name, house, token);
    client = door.client;
  });
  afterAll(() => door.close());

  it('writes, finds, changes, deletes and brings back an article', async () => {
    const owner = await client.clients.create({ name: `Пекарня ${name}` });
    const made = await client.articles.create({ title: `Касса ${name}`, content: CONTENT, tags: ['касса', 'Касса', ' 54-ФЗ '], client_id: owner.no ?? '' });
    expect(made).toMatchObject({ content: CONTENT, tags: ['касса', '54-ФЗ'], client_id: owner.id, client_name: owner.name, status: 'draft', no: expect.any(Number), created_by: expect.any(String) });
    expect(await client.articles.get({ id: made.no ?? '' })).toEqual(made);

    const mine = { client_id: owner.id };
    const ids = async (filters: Parameters<typeof client.articles.list>[0]): Promise<string[]> => (await client.articles.list({ ...mine, ...filters })).items.map((row) => row.id);
    expect(await ids({ tag: '54-ФЗ' })).toEqual([made.id]);
    expect(await ids({ tag: 'принтер' })).toEqual([]);
    expect(await ids({ status: ['draft', 'archived'] })).toEqual([made.id]);
    expect(await ids({ status: ['published'] })).toEqual([]);
    expect(await ids({ q: 'фискальных накопителей' })).toEqual([made.id]);
    expect((await client.search.query({ q: 'заводской номер', entities: ['articles'] })).items).toContainEqual(expect.objectContaining({ entity: 'articles', id: made.id, title: made.title, subtitle: owner.name }));

    expect((await client.articles.tags()).items).toContainEqual({ name: '54-ФЗ', count: 1 });
    const changed = await client.articles.update({ id: made.id, published: true, tags: null });
    expect(changed).toMatchObject({ status: 'published', tags: [], content: CONTENT });
    expect((await client.clients.overview({ id: owner.id })).articles).toEqual([changed]);
    await client.articles.update({ id: made.id, status: 'archived' });
    const overview = await client.clients.overview({ id: owner.id });
    expect(overview.articles).toEqual([]);
    expect(overview.metrics.articles).toBe(0);

    const { change_id } = await client.articles.delete({ id: made.id });
    expect((await refusal(client.articles.get({ id: made.id }))).code).toBe('NOT_FOUND');
    await client.audit.undo({ change_id });
    expect(await client.articles.get({ id: made.id })).toMatchObject({ title: made.title });
  });

  it('takes the same articles at the address of the reference', async () => {
    const made = await client.knowledgeBase.create({ title: `Регламент ${name}`, content: 'Звонить до 18:00.', published: true });
    expect(made.status).toBe('published');
    expect(await client.articles.get({ id: made.id })).toEqual(made);
    expect((await client.knowledgeBase.list({ status: ['published'], q: `Регламент ${name}` })).items).toEqual([made]);
    expect(await client.knowledgeBase.update({ id: made.id, published: false })).toMatchObject({ status: 'draft' });
    expect(await client.knowledgeBase.get({ id: made.id })).toMatchObject({ status: 'draft' });
    await client.knowledgeBase.delete({ id: made.id });
  });

  it('answers bad input with the field at fault', async () => {
    const good = { title: 'Черновик', content: 'текст' };
    expect(await refusal(client.articles.create({ ...good, title: ' ' }))).toMatchObject({ code: 'INVALID', data: { field: 'title' } });
    expect(await refusal(client.articles.create({ ...good, content: '' }))).toMatchObject({ code: 'INVALID', data: { field: 'content' } });
    expect(await refusal(client.articles.create({ ...good, client_id: 999_999 }))).toMatchObject({ code: 'REFERENCE_NOT_FOUND', data: { field: 'client_id' } });
    const torn = await refusal(client.articles.create({ ...good, published: true, status: 'archived' }));
    expect(torn).toMatchObject({ code: 'INVALID', data: { field: 'published', detail: 'published_contradicts_status' } });
    expect(torn.message).toMatch(/статус/);
    const row = await client.articles.create(good);
    expect(await refusal(client.articles.update({ id: row.id, published: false, status: 'published' }))).toMatchObject({ code: 'INVALID', data: { field: 'published' } });
  });
});

it('orders by name and by what was written last, page by page', async () => {
  const { client } = openDoor('rpc', house, token);
  const owner = await client.clients.create({ name: 'Порядок' });
  for (const title of ['Ёлка', 'енот', 'Жук']) await client.articles.create({ title, content: title, client_id: owner.id });
  const first = await client.articles.list({ client_id: owner.id, limit: 2 });
  const next = await client.articles.list({ client_id: owner.id, limit: 2, cursor: first.next_cursor ?? '' });
  expect([...first.items, ...next.items].map((row) => row.title)).toEqual(['Ёлка', 'енот', 'Жук']);
  await client.articles.update({ id: first.items[0]?.id ?? '', content: 'новее всех' });
  expect((await client.articles.list({ client_id: owner.id, sort: '-updated_at', limit: 1 })).items[0]?.title).toBe('Ёлка');
});

it('goes to the trash with its client and comes back with it, files too', async () => {
  const { client } = openDoor('api', house, token);
  const owner = await client.clients.create({ name: 'ИП Мороз' });
  const article = await client.articles.create({ title: 'Как войти', content: 'Код у охраны', client_id: owner.id });
  const file = await client.attachments.create({ entity: 'articles', row_id: article.no ?? '', file: new File(['план этажа'], 'план.txt', { type: 'text/plain' }) });
  expect(file).toMatchObject({ entity: 'articles', row_id: article.id });
  const { change_id } = await client.clients.delete({ id: owner.id });
  expect((await refusal(client.articles.get({ id: article.id }))).code).toBe('NOT_FOUND');
  expect((await refusal(client.attachments.get({ id: file.id }))).code).toBe('NOT_FOUND');
  await client.audit.undo({ change_id });
  expect((await client.attachments.list({ entity: 'articles', row_id: article.id })).items.map((row) => row.id)).toEqual([file.id]);
  expect((await client.clients.history({ id: owner.id, limit: 50 })).items.map((entry) => entry.entity)).toContain('articles');
});
