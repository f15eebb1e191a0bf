import { foldLetters } from '../../src-shared/kernel/fold.ts';
import type { ScheduleSettings } from '../../src-shared/schedule/model.ts';
import { straightLine, type Point } from '../../src-shared/schedule/travel.ts';
import type { Db } from '../store/sqlite.ts';
import type { Roads } from './roads.ts';

/** Square tables of metres and seconds between all points, by known roads where there are any; a null point is everywhere at once (nobody knows where a day begins). */
export function travelTables(points: readonly (Point | null)[], settings: Pick<ScheduleSettings, 'road_percent' | 'speed_kmh'>, roads: Roads): { distance: Int32Array; travelTime: Int32Array } {
  const size = points.length;
  const distance = new Int32Array(size * size);
  const travelTime = new Int32Array(size * size);
  const metresASecond = settings.speed_kmh / 3.6;
  for (const [from, a] of points.entries()) {
    for (const [to, b] of points.entries()) {
      if (!a || !b || from === to) continue;
      const road = roads(a, b);
      if (road) {
        distance[from * size + to] = road.metres;
        travelTime[from * size + to] = road.seconds;
        continue;
      }
      const metres = (straightLine(a, b) * settings.road_percent) / 100;
      distance[from * size + to] = Math.round(metres);
      travelTime[from * size + to] = Math.ceil(metres / metresASecond);
    }
  }
  return { distance, travelTime };
}

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
