import { duplicateKeys, findDuplicateReasons, isSameCompany, type CompanyLike } from '../../src-shared/companies/duplicates.ts';
import type { ImportedCompany, ImportedContact } from '../../src-shared/imports/amo/index.ts';
import { normalizePhone } from '../../src-shared/kernel/phone.ts';
import { foldText } from '../../src-shared/kernel/search-text.ts';
import type { Db } from '../store/sqlite.ts';

/** A row of the base, or one that a dry run would have made, that an imported row is the same as. */
export interface Match {
  id: string;
  /** Message key below `imports.reasons.`. */
  reason: string;
}

interface KnownCompany extends CompanyLike {
  id: string;
}
interface KnownContact {
  id: string;
  full_name: string;
  phone: string | null;
  phones: string[];
  email: string | null;
}

/** What a dry run has "made" so far: found like rows of the base, written nowhere. */
export interface Overlay {
  companies: Map<string, KnownCompany[]>;
  contacts: Map<string, KnownContact[]>;
  sources: Map<string, string>;
}

export const emptyOverlay = (): Overlay => ({ companies: new Map(), contacts: new Map(), sources: new Map() });

/** Rows compared for one imported row; a key that more share says little. */
const MAX_COMPARED = 50;
const COMPARED = 'id, name, legal_name, inn, kpp, ogrn, address, phone, email, website';

function candidates(db: Db, overlay: Overlay | null, company: CompanyLike): KnownCompany[] {
  const found = new Map<string, KnownCompany>();
  for (const key of new Set(duplicateKeys(company))) {
    for (const one of overlay?.companies.get(key) ?? []) found.set(one.id, one);
    if (found.size >= MAX_COMPARED) break;
    const rows = db.all<KnownCompany>(`SELECT ${COMPARED} FROM companies WHERE rid IN (SELECT row FROM local_company_keys WHERE key = ? LIMIT ${MAX_COMPARED}) AND deleted_at IS NULL`, key);
    for (const row of rows) found.set(row.id, row);
  }
  return [...found.values()];
}

/** The company that an imported one is: by INN (and KPP), then by name and address. */
export function matchCompany(db: Db, overlay: Overlay | null, company: ImportedCompany): Match | null {
  for (const known of candidates(db, overlay, company)) {
    const reasons = findDuplicateReasons(company, known);
    if (!isSameCompany(reasons)) continue;
    return { id: known.id, reason: reasons.some((reason) => reason.field === 'inn' && reason.strength === 'exact') ? 'same_inn' : 'same_name_address' };
  }
  return null;
}

/** The company that a contact's row knows by name only: the one of exactly this name, if there is one. */
export function companyByName(db: Db, overlay: Overlay | null, name: string): string | null {
  const exact = candidates(db, overlay, { name }).filter((known) => findDuplicateReasons({ name }, known).some((reason) => reason.field === 'name' && reason.strength === 'exact'));
  return exact[0]?.id ?? null;
}

const phoneKeys = (contact: { phone: string | null; phones: readonly string[] }): string[] =>
  [contact.phone, ...contact.phones].flatMap((phone) => (phone ? [normalizePhone(phone).match_key] : [])).filter((key) => key.length >= 5);

/** The contact that an imported one is: in the same company by a phone, an e-mail or the name; without a company by name and a way to reach him. */
export function matchContact(db: Db, overlay: Overlay | null, contact: ImportedContact, companyId: string | null, sortKey: string): Match | null {
  const rows = companyId
    ? db.all<Omit<KnownContact, 'phones'> & { phones: string }>('SELECT id, full_name, phone, phones, email FROM contacts WHERE company_id = ? AND deleted_at IS NULL LIMIT 500', companyId)
    : db.all<Omit<KnownContact, 'phones'> & { phones: string }>('SELECT id, full_name, phone, phones, email FROM contacts WHERE sort_key = ? AND company_id IS NULL AND deleted_at IS NULL LIMIT 50', sortKey);
  const known = [...rows.map((row) => ({ ...row, phones: JSON.parse(row.phones) as string[] })), ...(overlay?.contacts.get(companyId ?? `name:${sortKey}`) ?? [])];
  const phones = new Set(phoneKeys(contact));
  const email = contact.email?.toLowerCase();
  const name = foldText(contact.full_name);
  for (const one of known) {
    const reachable = phoneKeys(one).some((key) => phones.has(key)) || (email !== undefined && one.email?.toLowerCase() === email);
    if (companyId ? reachable || foldText(one.full_name) === name : reachable || (phones.size === 0 && !email)) return { id: one.id, reason: reachable ? 'same_phone_or_email' : 'same_name' };
  }
  return null;
}

/** Remembers in a dry run what would have been made. */
export function pretendCompany(overlay: Overlay, id: string, company: CompanyLike): void {
  for (const key of new Set(duplicateKeys(company))) overlay.companies.set(key, [...(overlay.companies.get(key) ?? []), { ...company, id }]);
}

export function pretendContact(overlay: Overlay, id: string, contact: ImportedContact, companyId: string | null, sortKey: string): void {
  const place = companyId ?? `name:${sortKey}`;
  overlay.contacts.set(place, [...(overlay.contacts.get(place) ?? []), { ...contact, id }]);
}
