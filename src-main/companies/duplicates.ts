import { duplicateKeys, duplicateScore, findDuplicateReasons, type CompanyLike, type DuplicateReason } from '../../src-shared/companies/duplicates.ts';
import type { Company } from '../../src-shared/companies/model.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Db } from '../store/sqlite.ts';
import { companies } from './service.ts';

export interface DuplicateMatch {
  company: Company;
  reasons: DuplicateReason[];
}

/** Companies compared in full for one candidate: those of the same numbers first, then those that share most keys. */
const MAX_COMPARED = 200;
const MAX_SHOWN = 20;
/** A single weak likeness (the same house, the same local number) is not worth a person's look. */
const WORTH_SHOWING = 15;

/** Companies that look like the given one, the likest first, each with the reasons. Those in the trash do not count. */
export function findDuplicates(db: Db, candidate: CompanyLike, excludeId?: string): DuplicateMatch[] {
  const keys = duplicateKeys(candidate);
  if (keys.length === 0) return [];
  const rows = db.all<{ rid: number }>(
    `SELECT row AS rid FROM local_company_keys WHERE key IN (${keys.map(() => '?').join(', ')}) GROUP BY row
     ORDER BY max(key LIKE 'inn:%' OR key LIKE 'ogrn:%') DESC, count(*) DESC, row LIMIT ?`,
    ...keys,
    MAX_COMPARED + 1,
  );
  return rows
    .map(({ rid }) => companies.present(db, rid))
    .filter((company) => company.id !== excludeId)
    .map((company) => ({ company, reasons: findDuplicateReasons(candidate, company) }))
    .map((match) => ({ match, score: duplicateScore(match.reasons) }))
    .filter(({ score }) => score >= WORTH_SHOWING)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_SHOWN)
    .map(({ match }) => match);
}

/**
 * Duplicates of what is being written. For a company of the base (`exclude`) the fields that are not given are its own, so that the
 * reference alone asks for its duplicates. @throws AppError REFERENCE_NOT_FOUND for `exclude_id`.
 */
export function duplicatesOf(session: Session, candidate: CompanyLike, exclude: Ref | undefined): DuplicateMatch[] {
  const db = session.store.read;
  if (exclude === undefined) return findDuplicates(db, candidate);
  const id = resolveRef(db, REGISTRY, 'companies', exclude, { field: 'exclude_id' });
  const given = Object.fromEntries(Object.entries(candidate).filter(([, value]) => value !== undefined));
  return findDuplicates(db, { ...companies.get(session, id), ...given }, id);
}
