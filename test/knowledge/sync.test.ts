import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { articles } from '../../src-main/knowledge/index.ts';
import { search } from '../../src-main/search/index.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { content, fileOf } from '../attachments/support.ts';
import { createWorld, exchangeAll, type Copy, type World } from '../sync/support/copies.ts';
import { joinHub, startHub, stateHash, until } from '../sync/support/network.ts';

const TEXT = ['# Щит', '', '1. Отключить вводной автомат.', '2. Проверить указателем.', '', '## Инструмент', '', '- [ ] указатель', '- [ ] перчатки'].join('\n');
const edited = (from: string, to: string): string => TEXT.replace(from, to);

describe('an article on two devices that have not heard of each other', () => {
  let world: World;
  let [laptop, van] = [{} as Copy, {} as Copy];
  let [ivan, pyotr] = [{} as Actor, {} as Actor];
  let id = '';
  const textAt = (copy: Copy): string => articles.get(copy.session(ivan), id).content;

  beforeEach(async () => {
    world = createWorld();
    [ivan, pyotr] = [world.people['Иван'] as Actor, world.people['Пётр'] as Actor];
    [laptop, van] = [await world.join('laptop'), await world.join('van')];
    id = articles.create(laptop.session(ivan), { title: 'Щит', content: TEXT, tags: ['электрика'] }).id;
    exchangeAll(world.hub, [laptop, van]);
  });
  afterEach(() => world.close());

  it('keeps what both wrote at different places of its text, and other fields besides', async () => {
    articles.update(laptop.session(ivan), id, { content: edited('указателем.', 'указателем на всех фазах.'), tags: ['электрика', 'допуск'] });
    articles.update(van.session(pyotr), id, { content: edited('- [ ] перчатки', '- [ ] перчатки\n- [ ] замок'), published: true });
    exchangeAll(world.hub, [laptop, van]);
    const both = edited('указателем.', 'указателем на всех фазах.').replace('- [ ] перчатки', '- [ ] перчатки\n- [ ] замок');
    for (const copy of [world.hub, laptop, van]) {
      expect(articles.get(copy.session(ivan), id)).toMatchObject({ content: both, tags: ['электрика', 'допуск'], status: 'published', no: 1 });
      expect(copy.engine.conflicts()).toEqual([]);
      expect((await search(copy.session(ivan), { q: 'фаза замок', limit: 5 })).items.map((hit) => hit.id)).toEqual([id]);
    }
    expect(laptop.engine.stateHash()).toBe(van.engine.stateHash());
  });

  it('asks a person where both changed the same words, shows the same everywhere meanwhile, and loses neither', () => {
    articles.update(laptop.session(ivan), id, { content: edited('вводной автомат', 'рубильник') });
    articles.update(van.session(pyotr), id, { content: edited('вводной автомат', 'ввод целиком') });
    exchangeAll(world.hub, [laptop, van]);
    expect(textAt(laptop)).toBe(textAt(van));
    const [conflict] = laptop.engine.conflicts();
    expect(conflict).toMatchObject({ kind: 'values', entity: 'articles', row_id: id, group: 'content' });
    const sides = conflict?.kind === 'values' ? conflict.sides.map(({ values }) => String(values['content'])) : [];
    expect(sides.toSorted()).toEqual([edited('вводной автомат', 'ввод целиком'), edited('вводной автомат', 'рубильник')].toSorted());
    laptop.engine.resolve(ivan, { entity: 'articles', row_id: id, group: 'content', values: { content: edited('вводной автомат', 'рубильник и ввод') } });
    exchangeAll(world.hub, [laptop, van]);
    for (const copy of [world.hub, laptop, van]) {
      expect(textAt(copy)).toContain('рубильник и ввод');
      expect(copy.engine.conflicts()).toEqual([]);
    }
  });
});

describe('an article with a file', () => {
  vi.setConfig({ testTimeout: 120_000 });

  it('comes to the hub with its content, and to another device', async () => {
    const hub = await startHub();
    const members = [
      { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const },
      { full_name: 'Мария Соколова', email: 'maria@example.com', role: 'engineer' as const },
    ];
    for (const member of members) await hub.client.users.create(member);
    const laptop = await joinHub(hub, 'ivan@example.com');
    const van = await joinHub(hub, 'maria@example.com');
    try {
      const article = await laptop.client.articles.create({ title: 'Схема щита', content: 'Снимок приложен.', published: true });
      const { bytes, sha256 } = content(200_000);
      const file = await laptop.client.attachments.create({ entity: 'articles', row_id: article.id, file: fileOf(bytes, 'щит.png', 'image/png') });
      expect(await laptop.client.sync.now()).toMatchObject({ waiting: 0, files_waiting: 0 });
      await van.client.sync.now();
      expect(await van.client.articles.get({ id: article.id })).toMatchObject({ title: 'Схема щита', status: 'published', no: 1 });
      await until('the content is there', async () => (await van.client.attachments.get({ id: file.id })).place === 'both');
      const there = Buffer.from(await (await van.client.attachments.content({ id: file.id })).arrayBuffer());
      expect(createHash('sha256').update(there).digest('hex')).toBe(sha256);
      expect([stateHash(laptop), stateHash(van)]).toEqual([stateHash(hub), stateHash(hub)]);
    } finally {
      for (const station of [laptop, van, hub]) await station.close();
    }
  });
});
