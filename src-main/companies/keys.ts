import { duplicateKeys, type CompanyLike } from '../../src-shared/companies/duplicates.ts';
import type { Row } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';

/** Keeps the keys under which a company is recognised again; a company in the trash has none. */
export function writeCompanyKeys(db: Db, row: Row): void {
  db.run('DELETE FROM local_company_keys WHERE row = ?', row.rid);
  if (row.deleted_at) return;
  // One statement for all of them: an import writes millions.
  db.run('INSERT OR IGNORE INTO local_company_keys (key, row) SELECT value, ? FROM json_each(?)', row.rid, JSON.stringify(duplicateKeys(row as CompanyLike)));
}
