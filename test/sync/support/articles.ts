import { articles } from '../../../src-main/knowledge/index.ts';
import { createRandom, type Random } from '../../../src-main/seed/random.ts';
import { restoreRow } from '../../../src-main/trash/restore.ts';
import { ARTICLE_STATUSES } from '../../../src-shared/knowledge/model.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { Actor } from '../../../src-shared/kernel/permissions.ts';
import type { Copy, World } from './copies.ts';
import { memberAt } from './edits.ts';
import type { Device } from './traffic.ts';

/** How many runs have articles at all, and how often something happens to them there after a step. */
const RUNS = 0.12;
const STEPS = 0.35;
const ACTIONS = { create: 5, text: 10, sameText: 3, title: 2, status: 3, tags: 3, client: 1, remove: 1.5, restore: 1.5 } as const;
type Action = keyof typeof ACTIONS;
const WORDS = ['касса', 'щит', 'ЁЛКА', '😀', '**важно**', '- [ ] проверить', '| а | б |', '<b>x</b>', '`ping`', 'пере\u0301нос'];
const TAGS = ['сеть', 'касса', 'Сеть', 'первая помощь'];

interface Parts {
  seed: number;
  world: World;
  devices: readonly Device[];
}

/** Articles that several write at once: a random stream of their own, so that runs without them stay as they were. */
export class Articles {
  readonly #random: Random;
  readonly #world: World;
  readonly #devices: readonly Device[];

  private constructor(random: Random, { world, devices }: Parts) {
    this.#random = random;
    this.#world = world;
    this.#devices = devices;
  }
  /** @returns null for a run without articles */
  static forRun(parts: Parts): Articles | null {
    const random = createRandom(parts.seed ^ 0x51ed270b);
    return random.chance(RUNS) ? new Articles(random, parts) : null;
  }

  /** After a step of the run: perhaps something with articles. @returns what, for the trace */
  step(): string | null {
    if (!this.#random.chance(STEPS)) return null;
    const action = this.#random.weighted(ACTIONS);
    const device = this.#random.pick(this.#devices);
    const copy = this.#random.chance(0.15) ? this.#world.hub : device.copy;
    return `articles ${action} ${copy.name} ${answered(() => this.#run(action, copy))}`;
  }
  #run(action: Action, copy: Copy): string {
    if (action === 'sameText') return this.#sameText();
    const actor = this.#actor(copy);
    if (!actor) return 'nobody';
    const session = copy.session(actor);
    if (action === 'create') return articles.create(session, { title: this.#words(), content: this.#text(), status: 'draft', ...this.#client(copy) }).id;
    const id = this.#some(copy, action === 'restore' ? 'deleted_at IS NOT NULL' : 'deleted_at IS NULL');
    if (!id) return 'nothing';
    switch (action) {
      case 'text':
        articles.update(session, id, { content: this.#oneLineChanged(copy, id) });
        break;
      case 'title':
        articles.update(session, id, { title: this.#words() });
        break;
      case 'status':
        articles.update(session, id, this.#random.chance(0.5) ? { published: this.#random.chance(0.5) } : { status: this.#random.pick(ARTICLE_STATUSES) });
        break;
      case 'tags':
        articles.update(session, id, { tags: Array.from({ length: this.#random.int(0, 3) }, () => this.#random.pick(TAGS)) });
        break;
      case 'client':
        articles.update(session, id, { client_id: null, ...this.#client(copy) });
        break;
      case 'remove':
        articles.remove(session, id);
        break;
      case 'restore':
        restoreRow(session, 'articles', id);
    }
    return id;
  }
  /** The text of one article on every copy that has it, before any of them has heard of the others. */
  #sameText(): string {
    const copies = [this.#world.hub, ...this.#devices.map(({ copy }) => copy)];
    const id = this.#some(this.#world.hub, 'deleted_at IS NULL');
    if (!id) return 'nothing';
    for (const copy of copies) {
      const actor = this.#actor(copy);
      if (actor && copy.store.read.get('SELECT 1 FROM articles WHERE id = ? AND deleted_at IS NULL', id)) answered(() => articles.update(copy.session(actor), id, { content: this.#oneLineChanged(copy, id) }).id);
    }
    return id;
  }

  #actor(copy: Copy): Actor | null {
    const member = copy === this.#world.hub ? this.#random.pick(Object.keys(this.#world.people)) : (this.#devices.find((one) => one.copy === copy)?.member ?? '');
    return memberAt(copy, this.#world.people[member]?.user_id ?? '');
  }
  #some(copy: Copy, where: string): string | null {
    const rows = copy.store.read.all<{ id: string }>(`SELECT id FROM articles WHERE ${where} ORDER BY rid`);
    return rows.length === 0 ? null : this.#random.pick(rows).id;
  }
  #client(copy: Copy): { client_id?: string } {
    const rows = this.#random.chance(0.4) ? copy.store.read.all<{ id: string }>('SELECT id FROM clients WHERE deleted_at IS NULL ORDER BY rid') : [];
    return rows.length === 0 ? {} : { client_id: this.#random.pick(rows).id };
  }
  #words(): string {
    return Array.from({ length: this.#random.int(1, 4) }, () => this.#random.pick(WORDS)).join(' ');
  }
  #text(): string {
    return Array.from({ length: this.#random.int(3, 8) }, () => this.#words()).join('\n');
  }
  #oneLineChanged(copy: Copy, id: string): string {
    const lines = (copy.store.read.get<{ content: string }>('SELECT content FROM articles WHERE id = ?', id)?.content ?? '').split('\n');
    lines[this.#random.int(0, lines.length - 1)] = `${this.#words()} ${this.#random.int(0, 99)}`;
    return lines.join('\n');
  }
}

/** A refusal is an answer too. */
function answered(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.data.detail ?? ''}`;
    throw error;
  }
}
