import { AppError } from '../../src-shared/kernel/errors.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { createDryLookup, createLookup } from './lookup.ts';
import { keepVerdicts, type PlacedVerdict } from './store.ts';
import type { ReadRow } from './walk.ts';
import { writeRow, type Place, type Terms, type Verdict } from './write-row.ts';

type Take = (rows: ReadRow[]) => PlacedVerdict[];

function verdictsOf(place: Place, terms: Terms, row: ReadRow): PlacedVerdict[] {
  const verdicts: Verdict[] = row.thing ? writeRow(place, terms, row.thing) : [{ entity: null, title: row.title, matched_id: null, ...(row.fault ?? { verdict: 'error', reason: 'import_row_failed' }) }];
  return verdicts.map((verdict, part) => ({ line: row.line, part, row: verdict }));
}

/** Trouble of the store itself ends an import; everything else is one row's. */
const isFatal = (error: unknown): boolean => error instanceof AppError && error.code === 'STORE_UNAVAILABLE';

/** Runs the work on all rows together and, should that fail, on each of them alone, so that a row costs only itself. */
function eachByItself(house: House, rows: ReadRow[], work: (rows: ReadRow[]) => PlacedVerdict[]): PlacedVerdict[] {
  try {
    return work(rows);
  } catch (error) {
    if (isFatal(error)) throw error;
    const [only] = rows;
    if (rows.length > 1 || !only) return rows.flatMap((row) => eachByItself(house, [row], work));
    house.log.warn({ err: error, line: only.line }, 'a row of an import was refused');
    const refusal = error instanceof AppError ? { reason: error.data.detail ?? error.code, ...(error.data.params ? { params: error.data.params } : {}) } : { reason: 'import_row_failed' };
    return work([{ ...only, thing: null, fault: { verdict: 'error', ...refusal } }]);
  }
}

/** Judges rows as a run would write them; only the verdicts are kept. */
export function judgeRows(session: Session, house: House, terms: Terms): Take {
  const { read, local } = session.store;
  const dry = createDryLookup(createLookup(read, terms.memory));
  const place: Place = { tx: null, lookup: dry, dry };
  return (rows) => {
    const verdicts = rows.flatMap((row) => eachByItself(house, [row], ([one]) => (one ? verdictsOf(place, terms, one) : [])));
    local.transaction(() => keepVerdicts(local.run, terms.importId, verdicts));
    return verdicts;
  };
}

/** Writes each chunk as one change of the import. Wait for `written` when the file is done, and close it. */
export function writeRows(session: Session, house: House, terms: Terms): { take: Take; written(): Promise<void>; close(): void } {
  const { store, actor } = session;
  const own = new Set<number>();
  let onDisk: Promise<void> = Promise.resolve();
  let refused: unknown = null;
  const forget = (): void => {
    terms.memory.clear();
    terms.namesakes.clear();
  };
  // What somebody else writes meanwhile may be a row that was looked for before.
  const close = store.onCommit((change) => {
    if (!own.delete(change.position) && change.entities.some((entity) => entity === 'companies' || entity === 'contacts')) forget();
  });
  const write = (rows: ReadRow[]): PlacedVerdict[] => {
    if (refused) throw refused;
    try {
      const { result, committed } = store.mutateInBulk({ actor, origin: 'import', importId: terms.importId }, (tx) => {
        own.add(tx.changeId);
        const place: Place = { tx, lookup: createLookup(tx.db, terms.memory), dry: null };
        const verdicts = rows.flatMap((row) => verdictsOf(place, terms, row));
        keepVerdicts((sql, ...params) => tx.db.run(sql, ...params), terms.importId, verdicts);
        return verdicts;
      });
      if (committed !== onDisk) committed.catch((error: unknown) => (refused = error));
      onDisk = committed;
      return result;
    } catch (error) {
      // Companies of the transaction that failed are not there.
      forget();
      throw error;
    }
  };
  return { take: (rows) => (rows.length === 0 ? [] : eachByItself(house, rows, write)), written: () => onDisk, close };
}
