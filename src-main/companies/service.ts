import type { z } from 'zod';
import { MERGE_FIELDS, type Company, type companyFilters } from '../../src-shared/companies/model.ts';
import { duplicateKeys, duplicateScore, findDuplicateReasons, type CompanyLike, type DuplicateReason } from '../../src-shared/companies/duplicates.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { checkInn, checkKpp, checkOgrn, type IdCheck } from '../../src-shared/kernel/tax-ids.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import type { Session } from '../core/session.ts';
import type { Db } from '../store/sqlite.ts';

type Filters = z.infer<typeof companyFilters>;

const CHECKS: [field: string, check: (raw: string) => IdCheck<string>][] = [
  ['inn', checkInn],
  ['kpp', checkKpp],
  ['ogrn', checkOgrn],
];

/** A number of the wrong form is refused; a checksum that does not fit is the form's warning only, since real registers hold such. */
function checkTaxIds(values: Record<string, unknown>): void {
  for (const [field, check] of CHECKS) {
    const given = values[field];
    if (typeof given !== 'string') continue;
    const result = check(given);
    if (!result.ok && !result.why.endsWith('_checksum')) throw invalid(field, result.why);
    values[field] = result.value;
  }
}

export const companies = createCrud<Company, Filters>('companies', {
  conditions: (filters, resolve) => [
    ...equals('responsible_id', filters.responsible_id === undefined ? undefined : resolve('users', filters.responsible_id, 'responsible_id')),
    ...equals('branch_id', filters.branch_id === undefined ? undefined : resolve('branches', filters.branch_id, 'branch_id')),
    ...equals('inn', filters.inn),
    ...(filters.activity_field ? [{ sql: 'EXISTS (SELECT 1 FROM json_each(t.activity_fields) WHERE value = ?)', params: [filters.activity_field] }] : []),
  ],
  prepare: (_tx, values) => checkTaxIds(values),
});

export interface DuplicateMatch {
  company: Company;
  reasons: DuplicateReason[];
}

/** Companies compared in full for one candidate; a key that more share says little. */
const MAX_COMPARED = 200;
const MAX_SHOWN = 10;

/** Companies that look like the given one, the likest first, each with the reasons. */
export function findDuplicates(db: Db, candidate: CompanyLike, excludeId?: string): DuplicateMatch[] {
  const keys = [...new Set(duplicateKeys(candidate))];
  if (keys.length === 0) return [];
  const rows = db.all<{ rid: number; id: string }>(
    `SELECT DISTINCT c.rid, c.id FROM local_company_keys k JOIN companies c ON c.rid = k.row WHERE k.key IN (${keys.map(() => '?').join(', ')}) AND c.deleted_at IS NULL LIMIT ?`,
    ...keys,
    MAX_COMPARED,
  );
  return rows
    .filter((row) => row.id !== excludeId)
    .map((row) => {
      const company = companies.present(db, row.rid);
      return { company, reasons: findDuplicateReasons(candidate, company) };
    })
    .filter((match) => match.reasons.length > 0)
    .sort((a, b) => duplicateScore(b.reasons) - duplicateScore(a.reasons))
    .slice(0, MAX_SHOWN);
}

/** Tables whose rows point at a company. */
const RELATIONS = ['clients', 'contacts', 'notes'] as const;

/**
 * Merges another company into this one in a single change: the named fields are taken over, everything that pointed at the other
 * points here, the other goes to the trash. `audit.undo` takes all of it back.
 */
export function mergeCompanies(session: Session, winner: Ref, loser: Ref, take: readonly (typeof MERGE_FIELDS)[number][]): { company: Company; change_id: string; moved: Record<string, number> } {
  return session.mutate(
    (tx) => {
      const id = companies.idOf(tx.db, winner);
      const otherId = companies.idOf(tx.db, loser);
      if (id === otherId) throw new AppError('INVALID', { field: 'other_id', detail: 'merge_with_itself' });
      const kept = tx.require('companies', id);
      const other = tx.require('companies', otherId);
      const patch: Record<string, unknown> = Object.fromEntries(take.map((field) => [field, other[field]]));
      if (take.includes('activity_fields')) patch['activity_fields'] = [...new Set([...(kept['activity_fields'] as string[]), ...(other['activity_fields'] as string[])])];
      if (!take.includes('comment') && other['comment'] && other['comment'] !== kept['comment']) patch['comment'] = [kept['comment'], other['comment']].filter(Boolean).join('\n\n');
      // The kept company first: an `If-Match` of the call is about it.
      const row = tx.update('companies', id, patch);
      const moved: Record<string, number> = {};
      for (const relation of RELATIONS) {
        const rows = tx.db.all<{ id: string }>(`SELECT id FROM ${relation} WHERE company_id = ? AND deleted_at IS NULL`, otherId);
        for (const row of rows) tx.update(relation, row.id, { company_id: id });
        moved[relation] = rows.length;
      }
      tx.remove('companies', otherId);
      return { company: companies.present(tx.db, row.rid), change_id: String(tx.changeId), moved };
    },
    { origin: 'merge' },
  );
}

/** Fields of activity in use, the commonest first. */
export function activityFields(db: Db): { name: string; count: number }[] {
  return db.all("SELECT f.value AS name, count(*) AS count FROM companies c, json_each(c.activity_fields) f WHERE c.deleted_at IS NULL GROUP BY f.value ORDER BY count DESC, name LIMIT 1000");
}
