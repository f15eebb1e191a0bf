import type { Db } from '../store/sqlite.ts';
import type { Known } from './lookup.ts';

/** Rows remembered at the most, where the base can be asked again. */
const MAX_REMEMBERED = 100_000;
/** Places known beforehand at the most: a larger base is asked each time. */
const MAX_PLACES = 500_000;

/**
 * Places where rows are looked for (a company's keys, a contact's company and name), with the rows found there. The many rows of a file
 * so ask the base once, or never where it has nothing. Whoever writes rows meanwhile tells it.
 */
export interface Memory {
  /** The rows of a place; `read` fetches them from the base. */
  of(place: string, read: () => Known[]): Known[];
  /** A row was written: from now on it is found there, in its new form. */
  put(row: Known, places: readonly string[]): void;
  /** Whether the base may know a row by this source. */
  mayKnow(source: string): boolean;
  putSource(source: string): void;
  /** Somebody else has written, or what was written did not last: nothing is known any more. */
  clear(): void;
}

export const placeOfStaff = (companyId: string): string => `staff ${companyId}`;
export const placeOfName = (sortKey: string): string => `called ${sortKey}`;

/** Everything that is looked for by a text, as places; null where that is too much to be kept. */
function placesIn(db: Db, queries: readonly [sql: string, place: (text: string) => string][]): Set<string> | null {
  const places = new Set<string>();
  for (const [sql, place] of queries) {
    for (const { text } of db.all<{ text: string }>(`${sql} LIMIT ?`, MAX_PLACES + 1)) places.add(place(text));
    if (places.size > MAX_PLACES) return null;
  }
  return places;
}

const asIs = (text: string): string => text;
const PLACES: readonly [string, (text: string) => string][] = [
  ["SELECT key AS text FROM local_company_keys WHERE key >= 'inn:' AND key < 'inn;'", asIs],
  ["SELECT key AS text FROM local_company_keys WHERE key >= 'name:' AND key < 'name;'", asIs],
  ['SELECT DISTINCT company_id AS text FROM contacts WHERE company_id IS NOT NULL', placeOfStaff],
  ['SELECT sort_key AS text FROM contacts WHERE deleted_at IS NULL', placeOfName],
];
const SOURCES: readonly [string, (text: string) => string][] = [['SELECT source AS text FROM local_imported_sources', asIs]];

/** @param dry nothing reaches the base, so that it could not be asked for what was written. */
export function createMemory(db: Db, dry: boolean): Memory {
  const rows = new Map<string, Known[]>();
  let places = placesIn(db, PLACES);
  let sources = placesIn(db, SOURCES);
  let size = 0;
  return {
    of: (place, read) => {
      const known = rows.get(place);
      if (known) return known;
      if (size > MAX_REMEMBERED && !places && !dry) {
        rows.clear();
        size = 0;
      }
      const found = places && !places.has(place) ? [] : read();
      rows.set(place, found);
      size += found.length + 1;
      return found;
    },
    put: (row, where) => {
      for (const place of where) {
        const known = rows.get(place);
        if (!known) {
          // Nothing of the base is there, so that the row is the first one.
          if (places && !places.has(place)) rows.set(place, [row]);
          continue;
        }
        const at = known.findIndex((one) => one.id === row.id);
        if (at >= 0) known[at] = row;
        else known.push(row);
      }
    },
    mayKnow: (source) => sources === null || sources.has(source),
    putSource: (source) => void sources?.add(source),
    clear: () => {
      rows.clear();
      size = 0;
      places = null;
      sources = null;
    },
  };
}
