import type { Db } from '../store/sqlite.ts';
import type { Contents } from './contents.ts';
import { sha256Of, sizeOfFile } from './files.ts';

/** What was found where contents should be. */
export interface ContentCheck {
  /** Contents that the journal names. */
  checked: number;
  /** Gone from the disk, or of another size; where there is no hub to get them from, also what the journal has given up since. */
  missing: number;
  /** Of those, of another hash. */
  damaged: number;
  /** Contents that rows name and that have never been here, or not yet. */
  absent: number;
}

/** Contents of rows that were here once and are not any more. A device may only not have asked its hub yet, and its hub counts them. */
const GIVEN_UP = `SELECT count(*) AS n FROM local_contents c WHERE c.stored_at IS NULL AND c.hub_epoch IS NULL AND EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = c.sha256)
  AND (EXISTS (SELECT 1 FROM local_facts WHERE key = 'sync_hub') OR NOT EXISTS (SELECT 1 FROM local_facts WHERE key = 'sync_epoch'))`;

/**
 * Holds the journal of contents against the disk: every file is there and, where `read` is set, still has its hash. Reading only, with a
 * file at a time in hand and never one as a whole.
 */
export async function checkContents(db: Db, contents: Contents, read: boolean): Promise<ContentCheck> {
  const found: ContentCheck = { checked: 0, missing: 0, damaged: 0, absent: 0 };
  for (const { sha256, size } of db.all<{ sha256: string; size: number }>('SELECT sha256, size FROM local_contents WHERE stored_at IS NOT NULL')) {
    found.checked += 1;
    const path = contents.pathOf(sha256);
    if ((await sizeOfFile(path)) !== size) found.missing += 1;
    else if (read && (await sha256Of(path)).sha256 !== sha256) found.damaged += 1;
  }
  const givenUp = db.get<{ n: number }>(GIVEN_UP)?.n ?? 0;
  found.missing += givenUp;
  found.absent = (db.get<{ n: number }>('SELECT count(DISTINCT a.sha256) AS n FROM attachments a LEFT JOIN local_contents c ON c.sha256 = a.sha256 WHERE c.stored_at IS NULL')?.n ?? 0) - givenUp;
  return found;
}
