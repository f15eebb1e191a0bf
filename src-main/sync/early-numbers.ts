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
  const find = (meta: EntityMeta, id: string): Numbered | undefined => {
    const known = given.get(id);
    return known?.meta === meta ? known : undefined;
  };
  return {
    from: (next) => {
      source = next;
    },
    give: (meta, id) => {
      // Of two rows of one id, in two tables, the second one gets its number later.
      const known = given.get(id);
      if (known) return known.meta === meta ? known.no : null;
      const no = source?.(meta, id) ?? null;
      if (no !== null) given.set(id, { meta, id, no });
      return no;
    },
    said: (meta, id, no) => find(meta, id)?.no === no && given.delete(id),
    isUnsaid: (meta, id) => find(meta, id) !== undefined,
    unsaid: () => [...given.values()],
  };
}
