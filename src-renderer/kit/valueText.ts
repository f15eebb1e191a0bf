import i18next from 'i18next';
import { innerQuotes as nestedQuotes } from '../../src-shared/kernel/quotes.ts';
import { describeRule } from '../../src-shared/tasks/recurrence-words.ts';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { formatMoment, formatMoney, formatNumber, formatPhone, formatSpan } from './formats.ts';
import { formatSize } from './sizes.ts';

const MAX_SHOWN = 120;
/** Where the words of an entity stand, where that is not a feature of the same name. */
const NAMESPACES: Record<string, string> = { organization: 'organizations', engineers: 'schedule', remote_addresses: 'remote-access', remote_sessions: 'remote-access', remote_requests: 'remote-access', articles: 'knowledge' };
/** The namespace of an entity's words. */
export const namespaceOf = (entity: string): string => NAMESPACES[entity] ?? entity;

/** The name of a field as the forms say it. */
export const fieldLabel = (entity: string, field: string): string => i18next.t([`${namespaceOf(entity)}:fields.${field}`, `app:fields.${field}`], { defaultValue: field });

/** In quotes; quotes within become the inner ones: «ООО „Ромашка“», “OOO ‘Romashka’”. */
export const quoted = (text: string): string => i18next.t('app:quoted', { title: innerQuotes(text) });

/** A text that is going to stand in quotes of the language that is spoken. */
export const innerQuotes = (text: string): string => nestedQuotes(text, i18next.language === 'en' ? 'en' : 'ru');

/** Fields that hold one of a few words, with where these stand besides the enums of their feature. */
const WORDS: Record<string, string | null> = { status: null, priority: null, kind: null, theme: null, language: null, role: null, support_level: null, pinned: null, state: null, day_ends: 'days.day_ends', tool: 'tools', online: 'online', reason: 'failures' };
/** What was written by a program for itself: that it has changed is all there is to say. */
const OPAQUE = new Set(['scheduling', 'series_id', 'authority_device']);
const MOMENT = /_(at|on|date|until)$/;
const FIRST_MONDAY = Date.UTC(2024, 0, 1);

/** A stored value of any entity's field, as a person reads it; cut after `longest` letters. */
export function valueText(entity: string, field: string, stored: unknown, longest = MAX_SHOWN): string {
  if (stored === null || stored === undefined || stored === '' || (Array.isArray(stored) && stored.length === 0)) return i18next.t('app:history.nothing');
  if (OPAQUE.has(field)) return i18next.t('app:history.opaque');
  if (Array.isArray(stored)) return stored.map((item) => itemText(field, item)).join(', ').slice(0, longest);
  if (typeof stored === 'boolean') return i18next.t(stored ? 'app:yes' : 'app:no');
  if (typeof stored === 'number') return numberText(entity, field, stored);
  if (typeof stored !== 'string') return JSON.stringify(stored).slice(0, longest);
  if (isMoment(field, stored)) return formatMoment(stored);
  if (field === 'phone') return formatPhone(stored);
  if (field === 'rrule') return describeRule(stored, i18next.language === 'en' ? 'en' : 'ru', (key, params) => i18next.t(`tasks:${key}`, params ?? {}));
  return wordOf(entity, field, stored).slice(0, longest);
}

const isMoment = (field: string, text: string): boolean => MOMENT.test(field) && /^\d{4}-\d{2}-\d{2}/.test(text);

/** Whether a text is shown as it was typed, rather than as a date, a rule or a word out of a list. */
export const isTyped = (field: string, text: string): boolean => !(field in WORDS) && !OPAQUE.has(field) && field !== 'rrule' && field !== 'phone' && !isMoment(field, text);

/** A name that was chosen from a list, in words; any other text as it was typed. */
function wordOf(entity: string, field: string, text: string): string {
  const beside = WORDS[field];
  if (beside === undefined || !/^\w+$/.test(text)) return text;
  const space = namespaceOf(entity);
  return i18next.t([`${space}:enums.${text}`, ...(beside ? [`${space}:${beside}.${text}`] : []), `app:enums.${text}`], { defaultValue: text });
}

function numberText(entity: string, field: string, value: number): string {
  // Stored as its place in the order, so that lists sort by it.
  if (field === 'priority') return wordOf(entity, field, PRIORITIES[value] ?? String(value));
  if (field === 'amount') return formatMoney(value);
  if (field === 'size') return formatSize(value);
  return field === 'no' ? String(value) : formatNumber(value);
}

/** One of a list: a word, a thing with how many of it, or hours and days from and to. */
function itemText(field: string, item: unknown): string {
  if (typeof item !== 'object' || item === null) return field === 'phones' ? formatPhone(String(item)) : String(item);
  const { name, quantity, weekday, from, to, reason } = item as Record<string, string | number | null | undefined>;
  if (name !== undefined && quantity !== undefined) return `${name} × ${formatNumber(Number(quantity))}`;
  if (from === undefined || to === undefined) return JSON.stringify(item);
  if (weekday !== undefined) return `${new Intl.DateTimeFormat(i18next.language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(FIRST_MONDAY + (Number(weekday) - 1) * 86_400_000))} ${from}–${to}`;
  return `${formatSpan(String(from), String(to))}${reason ? ` (${reason})` : ''}`;
}
