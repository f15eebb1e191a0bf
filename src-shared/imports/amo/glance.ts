import type { ColumnField, HeaderPlan } from './headers.ts';

/** Fields that only a company has; a contact's row that fills one of them describes its company too. */
export const LEGAL_FIELDS: readonly ColumnField[] = ['inn', 'kpp', 'ogrn', 'legal_name', 'activity_fields'];

/**
 * Tells by the type cell alone whether a row is a company's or a contact's, as `mapRow` would find; null where the whole row has to be
 * read. It lets a reader that wants one of the two pass over the other quickly.
 */
export function glancer(plan: HeaderPlan): (cells: readonly string[]) => 'company' | 'contact' | null {
  const type = plan.columns.find((column) => column.status === 'taken' && column.field === 'type');
  const legal = plan.columns.filter((column) => column.field !== null && LEGAL_FIELDS.includes(column.field)).map((column) => column.index);
  if (!type) return () => null;
  return (cells) => {
    const text = (cells[type.index] ?? '').toLowerCase();
    if (/сделк|lead|deal/.test(text)) return null;
    if (/компан|company/.test(text)) return 'company';
    return /контакт|contact/.test(text) && legal.every((index) => !cells[index]) ? 'contact' : null;
  };
}
