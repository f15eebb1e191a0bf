import { normalizePhone, splitPhones } from '../kernel/phone.ts';
import { checkKpp, padInn } from '../kernel/tax-ids.ts';
import { addressKey, compareAddresses, parseAddress } from './addresses.ts';
import { compareNames, nameKeys, parseCompanyName } from './names.ts';

/** What of a company is compared; any part may be missing. */
export interface CompanyLike {
  name?: string | null | undefined;
  legal_name?: string | null | undefined;
  inn?: string | null | undefined;
  kpp?: string | null | undefined;
  ogrn?: string | null | undefined;
  address?: string | null | undefined;
  phone?: string | null | undefined;
  email?: string | null | undefined;
  website?: string | null | undefined;
}

export type DuplicateField = 'inn' | 'kpp' | 'ogrn' | 'name' | 'address' | 'phone' | 'email' | 'website';
/** `branch`: the same INN with another KPP, a separate unit of the same organisation. */
export type DuplicateStrength = 'exact' | 'similar' | 'branch';
export interface DuplicateReason {
  field: DuplicateField;
  strength: DuplicateStrength;
}

/** Mail services that everybody uses: a shared domain says nothing. */
const PUBLIC_MAIL = new Set('mail.ru bk.ru inbox.ru list.ru internet.ru vk.com yandex.ru ya.ru yandex.com yandex.kz yandex.by rambler.ru lenta.ru autorambler.ru gmail.com googlemail.com outlook.com hotmail.com live.com icloud.com me.com yahoo.com proton.me protonmail.com'.split(' '));
/** Sites that hold pages of many companies: only the whole address counts. */
const SHARED_SITES = new Set('vk.com t.me ok.ru facebook.com instagram.com youtube.com 2gis.ru yandex.ru avito.ru wildberries.ru ozon.ru taplink.cc dzen.ru rutube.ru hh.ru google.com sites.google.com'.split(' '));

const innOf = (row: CompanyLike): string => {
  const inn = padInn(row.inn ?? '');
  return /^(?:\d{10}|\d{12})$/.test(inn) && !/^0+$/.test(inn) ? inn : '';
};
const kppOf = (row: CompanyLike): string => {
  const check = checkKpp(row.kpp ?? '');
  return check.ok ? check.value : '';
};
const ogrnOf = (row: CompanyLike): string => {
  const digits = (row.ogrn ?? '').replace(/\D/g, '');
  return /^(?:\d{13}|\d{15})$/.test(digits) && !/^0+$/.test(digits) ? digits : '';
};
const phonesOf = (row: CompanyLike): string[] => splitPhones(row.phone ?? '').map((part) => normalizePhone(part).match_key).filter((key) => key !== '');
const emailsOf = (row: CompanyLike): string[] => (row.email ?? '').toLowerCase().match(/[^\s,;<>"']+@[^\s,;<>"']+\.[^\s,;<>"']+/g) ?? [];

/** Own domains of a company's letters. */
function mailDomains(row: CompanyLike): string[] {
  return emailsOf(row)
    .map((email) => email.slice(email.indexOf('@') + 1))
    .filter((domain) => !PUBLIC_MAIL.has(domain));
}

/** Host of the website without `www.`, with the path where the host is shared by many; empty where there is no site of its own. */
function siteOf(row: CompanyLike): string {
  const text = (row.website ?? '').trim().toLowerCase().replace(/^[a-z]+:\/\//, '').replace(/^www\./, '');
  const found = /^([\p{L}\p{N}.-]+\.[\p{L}\p{N}-]{2,})(?::\d+)?(\/[^?#\s]*)?/u.exec(text);
  const host = found?.[1];
  if (!host) return '';
  if (!SHARED_SITES.has(host)) return host;
  const page = (found[2] ?? '').replace(/\/+$/, '');
  return page === '' ? '' : host + page;
}

const meet = (a: readonly string[], b: readonly string[]): string[] => a.filter((value) => b.includes(value));

function nameStrength(a: CompanyLike, b: CompanyLike): 'exact' | 'similar' | null {
  let best: 'similar' | null = null;
  for (const left of [a.name, a.legal_name]) {
    for (const right of [b.name, b.legal_name]) {
      const strength = left && right ? compareNames(parseCompanyName(left), parseCompanyName(right)) : null;
      if (strength === 'exact') return strength;
      best = strength ?? best;
    }
  }
  return best;
}

function siteReasons(a: CompanyLike, b: CompanyLike): DuplicateReason[] {
  const reasons: DuplicateReason[] = [];
  const [siteA, siteB] = [siteOf(a), siteOf(b)];
  const [mailA, mailB] = [mailDomains(a), mailDomains(b)];
  if (meet(emailsOf(a), emailsOf(b)).length > 0) reasons.push({ field: 'email', strength: 'exact' });
  else if (meet(mailA, mailB).length > 0) reasons.push({ field: 'email', strength: 'similar' });
  if (siteA !== '' && siteA === siteB) reasons.push({ field: 'website', strength: 'exact' });
  else if ((siteA !== '' && mailB.includes(siteA)) || (siteB !== '' && mailA.includes(siteB))) reasons.push({ field: 'website', strength: 'similar' });
  return reasons;
}

/**
 * Why an existing company looks like the one being written, in the order of weight; empty if nothing does. The answer is the
 * same whichever of the two is asked about. A name is at most `similar` where two different INN say that these are two firms.
 */
export function findDuplicateReasons(candidate: CompanyLike, existing: CompanyLike): DuplicateReason[] {
  const reasons: DuplicateReason[] = [];
  const [innA, innB] = [innOf(candidate), innOf(existing)];
  const [kppA, kppB] = [kppOf(candidate), kppOf(existing)];
  const otherInn = innA !== '' && innB !== '' && innA !== innB;
  if (innA !== '' && innA === innB) {
    const branch = kppA !== '' && kppB !== '' && kppA !== kppB;
    reasons.push({ field: 'inn', strength: branch ? 'branch' : 'exact' });
    if (kppA !== '' && kppA === kppB) reasons.push({ field: 'kpp', strength: 'exact' });
  }
  const ogrn = ogrnOf(candidate);
  if (ogrn !== '' && ogrn === ogrnOf(existing)) reasons.push({ field: 'ogrn', strength: 'exact' });
  const name = nameStrength(candidate, existing);
  if (name) reasons.push({ field: 'name', strength: otherInn ? 'similar' : name });
  const address = candidate.address && existing.address ? compareAddresses(parseAddress(candidate.address), parseAddress(existing.address)) : null;
  if (address) reasons.push({ field: 'address', strength: address });
  const phones = meet(phonesOf(candidate), phonesOf(existing));
  // A local number is the same in every town.
  if (phones.length > 0) reasons.push({ field: 'phone', strength: phones.some((key) => key.length === 10) ? 'exact' : 'similar' });
  reasons.push(...siteReasons(candidate, existing));
  return reasons;
}

const WEIGHTS: Record<DuplicateField, number> = { inn: 100, ogrn: 90, name: 30, phone: 25, email: 25, address: 20, website: 15, kpp: 10 };
const SHARES: Record<DuplicateStrength, number> = { exact: 1, branch: 0.8, similar: 0.5 };

/** Weight of the reasons together, for ordering candidates; a single `similar` address or site is below 15. */
export function duplicateScore(reasons: readonly DuplicateReason[]): number {
  return reasons.reduce((sum, { field, strength }) => sum + WEIGHTS[field] * SHARES[strength], 0);
}

/**
 * Whether an import may join a row to a company without asking: the same INN with no other KPP, or else the same name at the
 * same address with no other INN. Everything weaker is shown to a person.
 */
export function isSameCompany(reasons: readonly DuplicateReason[]): boolean {
  const has = (field: DuplicateField, strength: DuplicateStrength): boolean => reasons.some((reason) => reason.field === field && reason.strength === strength);
  if (has('inn', 'branch')) return false;
  return has('inn', 'exact') || (has('name', 'exact') && has('address', 'exact'));
}

/**
 * Keys to be stored beside a company. Two companies with a reason to be duplicates share one; only names that are alike but
 * neither equal nor of one sound (a word more, a slip in a consonant) need another reason to meet. Companies that share a key are
 * candidates; `findDuplicateReasons` decides.
 */
export function duplicateKeys(row: CompanyLike): string[] {
  const keys = new Set<string>();
  const add = (prefix: string, values: readonly string[]): void => {
    for (const value of values) if (value !== '') keys.add(`${prefix}:${value}`);
  };
  add('inn', [innOf(row)]);
  add('ogrn', [ogrnOf(row)]);
  for (const name of [row.name, row.legal_name]) if (name) for (const key of nameKeys(name)) keys.add(key);
  const address = row.address ? addressKey(row.address) : null;
  if (address) keys.add(address);
  add('phone', phonesOf(row));
  add('email', emailsOf(row));
  add('site', [siteOf(row), ...mailDomains(row)]);
  return [...keys];
}
