import { describe, expect, it } from 'vitest';
import type { ArticleStatus } from '../../src-shared/knowledge/model.ts';
import { statusOf } from '../../src-shared/knowledge/rules.ts';

describe('the status that an input asks for', () => {
  it.each<[string, Parameters<typeof statusOf>[0], ArticleStatus | undefined, ArticleStatus | undefined]>([
    ['nothing said', {}, undefined, undefined],
    ['nothing said of one that is there', {}, 'archived', undefined],
    ['the status alone', { status: 'archived' }, 'published', 'archived'],
    ['published', { published: true }, undefined, 'published'],
    ['published out of the archive', { published: true }, 'archived', 'published'],
    ['published, twice said', { published: true, status: 'published' }, 'draft', 'published'],
    ['not published', { published: false }, undefined, 'draft'],
    ['not published any more', { published: false }, 'published', 'draft'],
    ['not published, which the archive is not either', { published: false }, 'archived', 'archived'],
    ['not published, but archived', { published: false, status: 'archived' }, 'published', 'archived'],
    ['null says nothing', { published: null, status: 'draft' }, 'published', 'draft'],
  ])('%s', (_name, said, before, wanted) => {
    expect(statusOf(said, before)).toBe(wanted);
  });

  it.each<Parameters<typeof statusOf>[0]>([
    { published: true, status: 'draft' },
    { published: true, status: 'archived' },
    { published: false, status: 'published' },
  ])('refuses %o, naming the field', (said) => {
    expect(() => statusOf(said, undefined)).toThrow(expect.objectContaining({ code: 'INVALID', data: expect.objectContaining({ field: 'published', detail: 'published_contradicts_status' }) }));
  });
});
