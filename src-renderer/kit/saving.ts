import type { EntityPageDefinition, EntityRow, Values } from './definition.ts';
import { refusalOf } from './errors.ts';

/** Somebody else has changed the same fields of the row meanwhile; nothing was written. */
export class FieldsConflict<T extends EntityRow> extends Error {
  readonly theirs: T;
  readonly fields: readonly string[];

  constructor(theirs: T, fields: readonly string[], message: string) {
    super(message);
    this.name = 'FieldsConflict';
    this.theirs = theirs;
    this.fields = fields;
  }
}

/** Two values of a field are one: nothing, an empty text and an empty list are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (isEmpty(a) && isEmpty(b)) return true;
  return Array.isArray(a) && Array.isArray(b) ? JSON.stringify(a) === JSON.stringify(b) : a === b;
}
export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * Writes the values over the row as it was seen. Where somebody else has changed other fields meanwhile, both changes stay.
 * @throws FieldsConflict where the same field was changed to something else; the refusal of the core.
 */
export async function saveOver<T extends EntityRow>({ update, get }: Pick<EntityPageDefinition<T>, 'update' | 'get'>, seen: T, values: Values): Promise<T> {
  if (!update) return seen;
  try {
    return await update(seen.id, values, seen.version);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal.code !== 'VERSION_MISMATCH') throw error;
    const theirs = await get(seen.id);
    const [before, now] = [seen as unknown as Values, theirs as unknown as Values];
    const both = Object.keys(values).filter((name) => !sameValue(before[name], now[name]) && !sameValue(values[name], now[name]));
    if (both.length > 0) throw new FieldsConflict(theirs, both, refusal.message);
    return saveOver({ update, get }, theirs, values);
  }
}
