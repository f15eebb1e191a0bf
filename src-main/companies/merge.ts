import type { Entity } from '../../src-shared/audit/model.ts';
import { mergedFields, type MergeField } from '../../src-shared/companies/merge.ts';
import type { Company } from '../../src-shared/companies/model.ts';
import { companyPolicy } from '../../src-shared/companies/rules.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import type { Row } from '../store/entity.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Tx } from '../store/tx.ts';
import { companies } from './service.ts';

/** Columns of other tables that point at a company. */
const RELATIONS: { entity: Entity; table: string; column: string }[] = [...REGISTRY.values()].flatMap((meta) =>
  Object.entries(meta.refs ?? {})
    .filter(([, target]) => target === 'companies')
    .map(([column]) => ({ entity: meta.name, table: meta.tableName, column })),
);

interface Merged {
  company: Company;
  change_id: string;
  /** Living rows that changed their company, per table. */
  moved: Record<string, number>;
}

/**
 * Merges another company into this one in a single change: the named fields are taken over, everything that pointed at the other
 * points here, the other goes to the trash. `audit.undo` takes all of it back.
 * @throws AppError NOT_FOUND; REFERENCE_NOT_FOUND and INVALID `merge_with_itself` for `other_id`; FORBIDDEN for a company that the
 * caller may not edit.
 */
export function mergeCompanies(session: Session, ref: Ref, otherRef: Ref, take: readonly MergeField[]): Merged {
  return session.mutate(
    (tx) => {
      const id = companies.idOf(tx.db, ref);
      const otherId = resolveRef(tx.db, REGISTRY, 'companies', otherRef, { field: 'other_id' });
      if (id === otherId) throw invalid('other_id', 'merge_with_itself');
      const kept = tx.require('companies', id);
      // Nothing may be taken over, and then no write of the kept company asks its policy.
      refuseForeign(tx, session, kept);
      // The kept company goes first: an `If-Match` of the call is about it, and what moves is indexed under its new name.
      const row = tx.update('companies', id, mergedFields(kept, tx.require('companies', otherId), take));
      const moved = Object.fromEntries(RELATIONS.map((relation) => [relation.entity, moveRows(tx, relation, otherId, id)]));
      tx.remove('companies', otherId);
      return { company: companies.present(tx.db, row.rid), change_id: String(tx.changeId), moved };
    },
    { origin: 'merge' },
  );
}

function refuseForeign(tx: Tx, session: Session, row: Row): void {
  const directed = tx.db.all<{ id: string }>('SELECT id FROM branches WHERE director_id = ? AND deleted_at IS NULL', session.actor.user_id);
  const verdict = companyPolicy(session.actor, 'update', row, row, { directed_branches: directed.map((branch) => branch.id) });
  if (!verdict.allowed) throw new AppError('FORBIDDEN', { detail: verdict.why });
}

/** Rows in the trash move too: restored, they must not bring the other company back with them. */
function moveRows(tx: Tx, relation: { entity: Entity; table: string; column: string }, from: string, to: string): number {
  const rows = tx.db.all<{ id: string; deleted_at: string | null }>(`SELECT id, deleted_at FROM ${relation.table} WHERE ${relation.column} = ?`, from);
  for (const row of rows) tx.update(relation.entity, row.id, { [relation.column]: to });
  return rows.filter((row) => row.deleted_at === null).length;
}
