import type { EntityMeta } from '../store/entity.ts';

/** A row that was made with its number. */
export interface Numbered {
  meta: EntityMeta;
  id: string;
  no: number;
}

/**
 * Numbers that rows get as they are made, ahead of the change in the same transaction that says so: each row is written once. Every one of
 * them has to be said before the transaction ends.
 */
export interface EarlyNumbers {
  /** Where numbers come from, from here on. */
  from(next: (meta: EntityMeta, id: string) => number | null): void;
  /** The number of a row that is being made; null for none. */
  give(meta: EntityMeta, id: string): number | null;
  /** The change that gives the number has come. @returns whether the row was made with it */
  said(meta: EntityMeta, id: string, no: number): boolean;
  /** Whether a row was made with a number of which nothing was said yet. */
  isUnsaid(meta: EntityMeta, id: string): boolean;
  /** Those of which nothing was said yet, in the order in which they were made. */
  unsaid(): Numbered[];
}

export function createEarlyNumbers(): EarlyNumbers {
  const given = new Map<string, Numbered>();
  let source: ((meta: EntityMeta, id: string) => number | null) | null = null;
  const keyOf = (meta: EntityMeta, id: string): string => `${meta.code} ${id}`;
  return {
    from: (next) => {
      source = next;
    },
    give: (meta, id) => {
      const no = source?.(meta, id) ?? null;
      if (no !== null) given.set(keyOf(meta, id), { meta, id, no });
      return no;
    },
    said: (meta, id, no) => {
      if (given.size === 0) return false;
      const key = keyOf(meta, id);
      return given.get(key)?.no === no && given.delete(key);
    },
    isUnsaid: (meta, id) => given.size > 0 && given.has(keyOf(meta, id)),
    unsaid: () => [...given.values()],
  };
}
