import type { Point } from '../../src-shared/schedule/travel.ts';

/** A place on the Web Mercator square: 0 to 1 from west to east and from north to south. */
export interface Spot {
  x: number;
  y: number;
}

/** What a map shows: its centre, and how many times the world's side of 256 pixels is doubled. */
export interface Viewport extends Spot {
  zoom: number;
}

export const TILE = 256;
export const MIN_ZOOM = 1;
export const MAX_ZOOM = 19;
const EQUATOR = 40_075_017;
/** Where one place alone is shown. */
const NEAR = 14;
const MAX_LATITUDE = 85.0511;

export function spotOf({ latitude, longitude }: Point): Spot {
  const angle = (Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, latitude)) * Math.PI) / 180;
  return { x: (longitude + 180) / 360, y: (1 - Math.asinh(Math.tan(angle)) / Math.PI) / 2 };
}

/** Side of the world in pixels. */
export const worldOf = (zoom: number): number => TILE * 2 ** zoom;

const clampZoom = (zoom: number): number => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));

/** The closest view that holds all spots, with a margin of `padding` pixels. */
export function fit(spots: readonly Spot[], width: number, height: number, padding = 40): Viewport {
  const [xs, ys] = [spots.map((spot) => spot.x), spots.map((spot) => spot.y)];
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = Math.min(Math.max(1, width - 2 * padding) / Math.max(east - west, 1e-9), Math.max(1, height - 2 * padding) / Math.max(south - north, 1e-9));
  const zoom = east === west && south === north ? NEAR : Math.log2(room / TILE);
  return { x: (west + east) / 2, y: (north + south) / 2, zoom: clampZoom(Math.min(zoom, 17)) };
}

/** Pixels from the upper left corner of a view. */
export function pixelOf(view: Viewport, spot: Spot, width: number, height: number): Spot {
  const world = worldOf(view.zoom);
  return { x: (spot.x - view.x) * world + width / 2, y: (spot.y - view.y) * world + height / 2 };
}

export function pan(view: Viewport, dx: number, dy: number): Viewport {
  const world = worldOf(view.zoom);
  return { ...view, x: Math.min(1, Math.max(0, view.x - dx / world)), y: Math.min(1, Math.max(0, view.y - dy / world)) };
}

/** Zooms by doublings so that what lies at a distance from the centre, in pixels, stays where it is. */
export function zoomAt(view: Viewport, by: number, dx = 0, dy = 0): Viewport {
  const zoom = clampZoom(view.zoom + by);
  const [before, after] = [worldOf(view.zoom), worldOf(zoom)];
  return { zoom, x: view.x + dx / before - dx / after, y: view.y + dy / before - dy / after };
}

/** Length of a pixel at the centre, metres. */
export function metresOf(view: Viewport): number {
  const latitude = Math.atan(Math.sinh(Math.PI * (1 - 2 * view.y)));
  return (EQUATOR * Math.cos(latitude)) / worldOf(view.zoom);
}

/** A round length for a scale bar, 1, 2 or 5 of a power of ten, not longer than `most` metres. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power;
}
