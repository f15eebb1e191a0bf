import { uniqueWords } from '../kernel/unique-words.ts';
import type { MERGE_FIELDS } from './model.ts';

export type MergeField = (typeof MERGE_FIELDS)[number];
type Fields = Record<string, unknown>;

/**
 * What a merge writes into the company that is kept. Named fields come from the other, empty ones too; taken fields of activity
 * are united; a comment that is not taken is put below one's own, so that no text is lost.
 */
export function mergedFields(kept: Fields, other: Fields, take: readonly MergeField[]): Fields {
  const patch: Fields = Object.fromEntries(take.map((field) => [field, other[field]]));
  if (take.includes('activity_fields')) patch['activity_fields'] = uniqueWords([...words(kept['activity_fields']), ...words(other['activity_fields'])]);
  if (!take.includes('comment') && other['comment'] && other['comment'] !== kept['comment']) {
    patch['comment'] = [kept['comment'], other['comment']].filter(Boolean).join('\n\n');
  }
  return patch;
}

const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
