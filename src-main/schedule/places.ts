import { foldLetters } from '../../src-shared/kernel/fold.ts';
import type { Point } from '../../src-shared/schedule/travel.ts';
import type { Db } from '../store/sqlite.ts';

/** Finds places by what the organisation itself knows of its addresses, without a network. */
export function createGeocoder(db: Db): (address: string | null | undefined) => Point | null {
  let known: Map<string, Point> | null = null;
  const read = (): Map<string, Point> => {
    const found = new Map<string, Point>();
    for (const table of ['clients', 'appointments', 'engineers']) {
      for (const row of db.all<Point & { address: string }>(`SELECT address, latitude, longitude FROM ${table} WHERE address IS NOT NULL AND latitude IS NOT NULL AND longitude IS NOT NULL AND deleted_at IS NULL`)) {
        const key = keyOf(row.address);
        if (key && !found.has(key)) found.set(key, { latitude: row.latitude, longitude: row.longitude });
      }
    }
    return found;
  };
  return (address) => (address ? ((known ??= read()).get(keyOf(address)) ?? null) : null);
}

/** Words that say what an address part is rather than which one. */
const FILLING = new Set(['г', 'город', 'ул', 'улица', 'д', 'дом', 'пр', 'просп', 'проспект', 'пер', 'переулок', 'street', 'st', 'house']);
/** An address as its telling words, in their order. */
export const keyOf = (address: string): string =>
  foldLetters(address)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word && !FILLING.has(word))
    .join(' ');
