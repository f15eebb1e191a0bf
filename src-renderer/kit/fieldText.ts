import i18next from 'i18next';
import type { Field, Values } from './definition.ts';
import { formatDate, formatMoment, formatMoney, formatPhone } from './formats.ts';
import { isEmpty } from './saving.ts';

/** Field beside a reference that holds the name of what it points at. */
export const nameField = (field: string): string => `${field.replace(/_id$/, '')}_name`;

/** The value of a field as a person reads it. */
export function fieldText(field: Field, values: Values): string {
  const value = values[field.name];
  if (isEmpty(value)) return '—';
  switch (field.kind) {
    case 'select':
      return i18next.t(`${field.labels ?? 'app:enums'}.${String(value)}`, { defaultValue: String(value) });
    case 'ref':
      return String(values[nameField(field.name)] ?? value);
    case 'date':
      return formatDate(String(value));
    case 'datetime':
      return formatMoment(String(value));
    case 'money':
      return formatMoney(Number(value));
    case 'checkbox':
      return i18next.t(value ? 'app:yes' : 'app:no');
    case 'phones':
      return (value as string[]).map(formatPhone).join(', ');
    default:
      return Array.isArray(value) ? value.join(', ') : String(value);
  }
}
