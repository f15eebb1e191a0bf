import { findDuplicateReasons, isSameCompany } from '../../src-shared/companies/duplicates.ts';
import { compareNames, parseCompanyName } from '../../src-shared/companies/names.ts';
import type { ImportedCompany, ImportedContact } from '../../src-shared/imports/amo/index.ts';
import { normalizePhone } from '../../src-shared/kernel/phone.ts';
import { foldText } from '../../src-shared/kernel/search-text.ts';
import { innOf, nameKeysOf, type Known, type Lookup } from './lookup.ts';

/** A row that an imported one is the same as, and the message key of the reason below `imports.reasons.`. */
export interface Match {
  id: string;
  reason: string;
}

const BESIDES_NAME = ['inn', 'kpp', 'ogrn', 'legal_name', 'address', 'phone', 'email', 'website', 'activity_fields', 'comment'] as const;
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** A company of which nothing but the name is known: it can be told from no other of that name. */
const isBare = (company: object): boolean => BESIDES_NAME.every((field) => isEmpty((company as Record<string, unknown>)[field]));

/** Reasons by which a company is joined without asking, the surest first. */
const REASONS = ['same_inn_kpp', 'same_inn', 'same_name_address', 'same_name_phone', 'same_name'] as const;
const SAME_INN = REASONS.indexOf('same_inn');

/** How a company of the base is the imported one: its place in `REASONS`, or -1. */
function likeness(company: ImportedCompany, known: Known, bare: boolean): number {
  const reasons = findDuplicateReasons(company, known);
  const has = (field: string, strength = 'exact'): boolean => reasons.some((reason) => reason.field === field && reason.strength === strength);
  if (has('inn', 'branch')) return -1;
  if (isSameCompany(reasons)) return has('inn') ? (has('kpp') ? 0 : 1) : 2;
  if (!has('name')) return -1;
  // Two addresses that differ are two places, whatever they share.
  if ((has('phone') || has('email')) && !(company.address && known.address)) return 3;
  return bare || isBare(known) ? 4 : -1;
}

/** The company that an imported one is: by INN (and KPP), by name and address, by name and phone or e-mail, or by a name of which nothing else is known. */
export function matchCompany(lookup: Lookup, company: ImportedCompany, keys: readonly string[]): Match | null {
  const bare = isBare(company);
  const inn = innOf(company);
  let best: number = REASONS.length;
  let found: Match | null = null;
  for (const key of keys) {
    for (const known of lookup.companies(key)) {
      const other = inn === null ? null : innOf(known);
      if (other !== null && other !== inn) continue;
      const rank = likeness(company, known, bare);
      if (rank < 0 || rank >= best) continue;
      best = rank;
      found = { id: known.id, reason: REASONS[rank] as string };
    }
    // Nothing goes above an INN.
    if (best <= SAME_INN) break;
  }
  return found;
}

const phoneKey = (phone: string): string => normalizePhone(phone).match_key;
const numbersOf = (row: { phone?: unknown; phones?: unknown }): string[] => [row.phone, ...((row.phones as string[] | undefined) ?? [])].filter((phone): phone is string => typeof phone === 'string' && phone !== '');
const phonesOf = (row: { phone?: unknown; phones?: unknown }): string[] => numbersOf(row).map(phoneKey).filter((key) => key.length >= 5);
const emailOf = (row: { email?: unknown }): string | null => (typeof row.email === 'string' && row.email !== '' ? row.email.toLowerCase() : null);

/** Companies of one name, for contacts that know theirs by name only. */
export interface Namesakes {
  id: string;
  phones: string[];
  email: string | null;
}

export function companiesNamed(lookup: Lookup, name: string): Namesakes[] {
  const wanted = parseCompanyName(name);
  const seen = new Map<string, Namesakes>();
  for (const known of nameKeysOf(name).flatMap((key) => lookup.companies(key))) {
    const same = [known.name, known.legal_name].some((one) => one && (one === name || compareNames(wanted, parseCompanyName(one)) === 'exact'));
    if (same) seen.set(known.id, { id: known.id, phones: phonesOf(known), email: emailOf(known) });
  }
  return [...seen.values()];
}

/** The one of several companies of a name with which the contact shares a phone or an e-mail; else the first. */
export function companyOfContact(namesakes: readonly Namesakes[], contact: ImportedContact): string | null {
  if (namesakes.length > 1) {
    const phones = phonesOf(contact);
    const email = emailOf(contact);
    const own = namesakes.find((one) => one.phones.some((key) => phones.includes(key)) || (email !== null && one.email === email));
    if (own) return own.id;
  }
  return namesakes[0]?.id ?? null;
}

/** Whether two full names may be one person's: one holds all words of the other, or one is no name at all (a number that called). */
function namesFit(a: string, b: string): boolean {
  if (a === b) return true;
  const [shorter = [], longer = []] = [a.split(' '), b.split(' ')].sort((left, right) => left.length - right.length);
  if (shorter.every((word) => longer.includes(word))) return true;
  return [a, b].some((name) => !/\p{L}/u.test(name) || name.includes('@'));
}

/**
 * The contact that an imported one is. In the same company: a name that fits together with a shared phone or e-mail, or the same name
 * where one of the two has neither. Elsewhere, or without a company: the same name with a shared phone or e-mail.
 */
export function matchContact(lookup: Lookup, contact: ImportedContact, companyId: string | null, sortKey: string): Match | null {
  const name = foldText(contact.full_name);
  const phones = phonesOf(contact);
  const email = emailOf(contact);
  const reachable = phones.length > 0 || email !== null;
  const shares = (known: Known): boolean => phones.some((key) => phonesOf(known).includes(key)) || (email !== null && emailOf(known) === email);
  const unreachable = (known: Known): boolean => phonesOf(known).length === 0 && emailOf(known) === null;
  const nameOf = (known: Known): string => foldText(String(known.full_name));
  const colleagues = companyId ? lookup.contactsOf(companyId) : [];
  const namesakes = lookup.contactsNamed(sortKey);
  for (const known of colleagues) if (namesFit(nameOf(known), name) && shares(known)) return { id: known.id, reason: 'same_phone_or_email' };
  for (const known of colleagues) if (nameOf(known) === name && (!reachable || unreachable(known))) return { id: known.id, reason: 'same_name' };
  if (!reachable && companyId) return null;
  for (const known of namesakes) {
    if (nameOf(known) !== name) continue;
    if (shares(known)) return { id: known.id, reason: 'same_phone_or_email' };
    if (!reachable && !known.company_id && unreachable(known)) return { id: known.id, reason: 'same_name' };
  }
  return null;
}

/**
 * What changes of a contact's numbers: they are replaced where nobody has touched them since the last import, otherwise those that are
 * new in the file are added and none is lost.
 */
export function phoneChanges(present: Known, last: Record<string, unknown>, incoming: ImportedContact): Record<string, unknown> {
  const untouched = numbersOf(last).length > 0 && JSON.stringify(numbersOf(present)) === JSON.stringify(numbersOf(last));
  if (untouched) return { phone: incoming.phone, phones: incoming.phones };
  const had = new Set([...numbersOf(present), ...numbersOf(last)].map(phoneKey));
  const fresh = numbersOf(incoming).filter((phone) => !had.has(phoneKey(phone)));
  if (fresh.length === 0) return {};
  const first = isEmpty(present.phone) ? fresh.shift() : undefined;
  return { ...(first === undefined ? {} : { phone: first }), ...(fresh.length > 0 ? { phones: [...(present.phones ?? []), ...fresh] } : {}) };
}
