import { openDb } from '../../../src-main/store/sqlite.ts';
import type { Random } from '../../../src-main/seed/random.ts';
import { pull, type Copy } from './copies.ts';

/** What a failing disk does to rows without telling anybody. */
const DAMAGES = [
  // A bit of a letter, and a page that was never written.
  `UPDATE users SET full_name = full_name || 'x' WHERE rid = (SELECT min(rid) FROM users)`,
  'DELETE FROM users WHERE rid = (SELECT max(rid) FROM users)',
  'UPDATE group_heads SET stamp_counter = stamp_counter + 1 WHERE row = (SELECT min(row) FROM group_heads)',
] as const;

/** Spoils a copy's file behind its back. @returns faults where the next contact does not show it */
export function damageFaults(copy: Copy, hub: Copy, random: Random): string[] {
  const damage = random.pick(DAMAGES);
  copy.close();
  const db = openDb(copy.file);
  const { changes } = db.run(damage);
  db.close();
  copy.open();
  if (changes === 0) return [];
  pull(copy, hub);
  const status = copy.engine.status(false);
  return status.diverged && !status.synchronised ? [] : [`${copy.name}: nobody noticed ${damage}: ${JSON.stringify(status)}`];
}
