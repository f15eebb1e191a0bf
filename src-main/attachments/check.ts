import { readOwnDevice, roleOf } from '../store/change-log.ts';
import type { Db } from '../store/sqlite.ts';
import type { Contents } from './contents.ts';
import { sha256Of, sizeOfFile } from './files.ts';

/** What was found where contents should be. */
export interface ContentCheck {
  /** Contents that the journal names. */
  checked: number;
  /** Gone from the disk, or of another size; also what the journal has given up since and no hub is known to have. */
  missing: number;
  /** Of those, of another hash. */
  damaged: number;
  /** Contents that rows name and that have never been here, or not yet. */
  absent: number;
}

/**
 * Contents of rows that were here once, are not any more, and that no hub is known to have. On a device, which may only not have asked its hub yet,
 * only those that it has added itself: they were nowhere else.
 */
const GIVEN_UP = `SELECT count(*) AS n FROM local_contents c WHERE c.stored_at IS NULL AND c.hub_epoch IS NULL
  AND EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = c.sha256 AND (? <> 'device' OR a.stamp_device = ?))`;

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
  const givenUp = db.get<{ n: number }>(GIVEN_UP, roleOf(db), readOwnDevice(db)?.alias ?? null)?.n ?? 0;
  found.missing += givenUp;
  found.absent = (db.get<{ n: number }>('SELECT count(DISTINCT a.sha256) AS n FROM attachments a LEFT JOIN local_contents c ON c.sha256 = a.sha256 WHERE c.stored_at IS NULL')?.n ?? 0) - givenUp;
  return found;
}
