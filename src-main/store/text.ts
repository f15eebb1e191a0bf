/**
 * The value with the halves of broken characters replaced, as SQLite would keep it: the log must say of a text what the row says, or
 * copies that read the one and copies that read the other would differ.
 */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  return typeof value === 'object' && value !== null && !isWellFormed(value) ? (JSON.parse(JSON.stringify(value), (_key, part: unknown) => wellFormed(part)) as unknown) : value;
}

/** Whether no text in the value has half a character. */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed);
}
