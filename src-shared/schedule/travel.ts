/** A place on earth, degrees. */
export interface Point {
  latitude: number;
  longitude: number;
}

/** Mean radius of the earth, metres (IUGG). */
const EARTH = 6_371_009;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance in metres (haversine). */
export function straightLine(a: Point, b: Point): number {
  const half = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Travel between two places that is known better than by the straight line. */
export interface Road {
  seconds: number;
  metres: number;
}
export type Roads = (from: Point, to: Point) => Road | undefined;

/** Square tables of metres and seconds, row = from. */
export interface TravelTables {
  distance: Int32Array;
  travelTime: Int32Array;
}

/** Tables between all points, by known roads where there are any; a null point is everywhere at once (nobody knows where a day begins). */
export function travelTables(points: readonly (Point | null)[], settings: { road_percent: number; speed_kmh: number }, roads: Roads): TravelTables {
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

/** From a moment on, travel takes so many thousandths of the table's time. */
export interface Pace {
  from: number;
  factor: number;
}

/** Moment of arrival for a way that takes `lasting` at the table's pace, the pace changing on the way when the hour does; `steps` ascend by `from`. */
export function arrivalBy(steps: readonly Pace[], departure: number, lasting: number): number {
  if (lasting <= 0) return departure;
  let at = 0;
  while (at < steps.length && (steps[at] as Pace).from <= departure) at++;
  let factor = at === 0 ? 1000 : (steps[at - 1] as Pace).factor;
  let moment = departure;
  let left = lasting;
  for (; at < steps.length; at++) {
    const change = (steps[at] as Pace).from;
    if (moment + (left * factor) / 1000 <= change) break;
    left -= ((change - moment) * 1000) / factor;
    moment = change;
    factor = (steps[at] as Pace).factor;
  }
  return Math.ceil(moment + (left * factor) / 1000 - 1e-6);
}
