import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Point, Road, Roads } from '../../src-shared/schedule/travel.ts';
import type { Session } from '../core/session.ts';
import type { Db } from '../store/sqlite.ts';
import type { Facts } from './facts.ts';
import { createGeocoder } from './places.ts';

const ANSWER_MS = 5_000;
/** Places in one request: OSRM's usual limit is 100 in all. */
const BLOCK = 50;
const MAX_ANSWER = 8 * 1024 * 1024;
/** Digits behind the point that name a place: about a metre. */
const keyOf = ({ latitude, longitude }: Point): string => `${latitude.toFixed(5)},${longitude.toFixed(5)}`;

/** What this installation remembers of roads: an imported table, or what a server has once told. */
export function knownRoads(db: Db): Roads {
  const rows = db.all<Road & { from_place: string; to_place: string }>('SELECT from_place, to_place, seconds, metres FROM local_travel');
  if (rows.length === 0) return () => undefined;
  const known = new Map(rows.map(({ from_place, to_place, seconds, metres }) => [`${from_place} ${to_place}`, { seconds, metres }]));
  return (from, to) => known.get(`${keyOf(from)} ${keyOf(to)}`);
}

const remember = (session: Session, from: Point, to: Point, road: Road, source: 'table' | 'osrm'): void =>
  void session.store.local.run(
    `INSERT INTO local_travel (from_place, to_place, seconds, metres, source, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (from_place, to_place) DO UPDATE SET seconds = excluded.seconds, metres = excluded.metres, source = excluded.source, at = excluded.at WHERE source = 'osrm' OR excluded.source = 'table'`,
    keyOf(from),
    keyOf(to),
    Math.round(road.seconds),
    Math.round(road.metres),
    source,
    session.now(),
  );

/** Places of some days, each once. */
function placesOf(facts: Facts): Point[] {
  const points = [...facts.visits.map((visit) => visit.place), ...facts.workers.map((worker) => worker.base)].filter((point) => point !== null);
  return [...new Map(points.map((point) => [keyOf(point), point])).values()];
}

/**
 * Asks the organisation's OSRM server for the roads of some days that are not known yet, and remembers them for when it cannot be reached. A server that
 * does not answer, or answers anything else, changes nothing: the straight line stands in.
 */
export async function learnRoads(session: Session, facts: Facts, log: (error: unknown) => void): Promise<void> {
  const { osrm_url: url } = facts.settings;
  if (!url) return;
  const places = placesOf(facts);
  const known = knownRoads(session.store.read);
  const wanting = places.filter((from) => places.some((to) => from !== to && !known(from, to)));
  if (wanting.length === 0) return;
  try {
    for (let a = 0; a < wanting.length; a += BLOCK) {
      for (let b = 0; b < places.length; b += BLOCK) await askBlock(session, url, wanting.slice(a, a + BLOCK), places.slice(b, b + BLOCK));
    }
  } catch (error) {
    log(error);
  }
  facts.roads = knownRoads(session.store.read);
}

/** OSRM's table service: durations in seconds, distances in metres, rows by source. */
async function askBlock(session: Session, url: string, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const all = [...from, ...to];
  const query = new URLSearchParams({ annotations: 'duration,distance', sources: from.map((_, index) => index).join(';'), destinations: to.map((_, index) => from.length + index).join(';') });
  const answer = await fetch(`${url.replace(/\/+$/, '')}/table/v1/driving/${all.map((point) => `${point.longitude},${point.latitude}`).join(';')}?${query}`, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'error' });
  const text = await answer.text();
  if (!answer.ok || text.length > MAX_ANSWER) throw new Error(`OSRM answered ${answer.status}`);
  const { code, durations, distances } = JSON.parse(text) as { code?: string; durations?: (number | null)[][]; distances?: (number | null)[][] };
  if (code !== 'Ok' || durations?.length !== from.length || distances?.length !== from.length) throw new Error('OSRM answered without tables');
  session.store.local.transaction(() => {
    for (const [row, a] of from.entries()) {
      for (const [column, b] of to.entries()) {
        const [seconds, metres] = [durations[row]?.[column], distances[row]?.[column]];
        if (typeof seconds === 'number' && typeof metres === 'number' && seconds >= 0 && metres >= 0) remember(session, a, b, { seconds, metres }, 'osrm');
      }
    }
  });
}

const MAX_LINES = 200_000;

/**
 * Takes a table of travel: lines `from;to;minutes;km` (or with commas), places as known addresses or `latitude longitude`; a first line without numbers
 * is a heading. It counts before any server. @throws AppError INVALID with the line at fault; nothing is kept then
 */
export function importRoads(session: Session, text: string): { pairs: number } {
  const geocode = createGeocoder(session.store.read);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.length > MAX_LINES) throw new AppError('TOO_LARGE', { field: 'file', detail: 'travel_too_long', params: { max: MAX_LINES } });
  const delimiter = (lines[0] ?? '').includes(';') ? ';' : ',';
  const fault = (line: number, detail: string): AppError => new AppError('INVALID', { field: 'file', detail, params: { line } });
  const place = (cell: string, line: number): Point => {
    const numbers = /^(-?\d+(?:\.\d+)?)[\s,]+(-?\d+(?:\.\d+)?)$/.exec(cell.trim());
    const point = numbers ? { latitude: Number(numbers[1]), longitude: Number(numbers[2]) } : geocode(cell);
    if (!point || Math.abs(point.latitude) > 90 || Math.abs(point.longitude) > 180) throw fault(line, 'travel_place');
    return point;
  };
  const pairs = lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const cells = line.split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, ''));
    const [minutes, km] = cells.slice(2, 4).map((cell) => Number(cell.replace(',', '.')));
    if (index === 0 && Number.isNaN(minutes)) return [];
    if (cells.length < 4 || minutes === undefined || km === undefined || !(minutes >= 0 && minutes <= 10_000) || !(km >= 0 && km <= 100_000)) throw fault(index + 1, 'travel_line');
    return [{ from: place(cells[0] as string, index + 1), to: place(cells[1] as string, index + 1), seconds: minutes * 60, metres: km * 1000 }];
  });
  session.store.local.transaction(() => {
    for (const { from, to, ...road } of pairs) remember(session, from, to, road, 'table');
  });
  return { pairs: pairs.length };
}

/** The text of a table as programs write it: UTF-8, or the Russian page of Windows. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}
