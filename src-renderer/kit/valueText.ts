import i18next from 'i18next';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { formatMoment } from './formats.ts';

const MAX_SHOWN = 120;
/** Where the words of an entity stand, where that is not a feature of the same name. */
const NAMESPACES: Record<string, string> = { organization: 'organizations', engineers: 'schedule', remote_addresses: 'remote-access', remote_sessions: 'remote-access', remote_requests: 'remote-access' };
const namespaceOf = (entity: string): string => NAMESPACES[entity] ?? entity;

/** The name of a field as the forms say it. */
export const fieldLabel = (entity: string, field: string): string => i18next.t(`${namespaceOf(entity)}:fields.${field}`, { defaultValue: field });

/** In quotes; quotes within become the inner ones: «ООО „Ромашка“». */
export const quoted = (text: string): string => i18next.t('app:quoted', { title: text.replaceAll('«', '„').replaceAll('»', '“') });

/** A stored value of any entity's field, as a person reads it; cut after `longest` letters. */
export function valueText(entity: string, field: string, stored: unknown, longest = MAX_SHOWN): string {
  // Stored as its place in the order, so that lists sort by it.
  const value = field === 'priority' && typeof stored === 'number' ? PRIORITIES[stored] : stored;
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return i18next.t('app:history.nothing');
  if (Array.isArray(value)) return value.join(', ').slice(0, longest);
  if (typeof value === 'boolean') return i18next.t(value ? 'app:yes' : 'app:no');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
  if (/_(at|on|date|until)$/.test(field) && /^\d{4}-\d{2}-\d{2}/.test(text)) return formatMoment(text);
  return i18next.t(`${namespaceOf(entity)}:enums.${text}`, { defaultValue: i18next.t(`app:enums.${text}`, { defaultValue: text }) }).slice(0, longest);
}
