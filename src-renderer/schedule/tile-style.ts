/** A map drawn in few colours, so that routes stand out: what is known of the two common schemas of vector tiles (Protomaps, OpenMapTiles). */
interface Paint {
  /** Order of drawing. */
  order: number;
  fill?: keyof Palette;
  stroke?: keyof Palette;
  /** Pixels at zoom 14; halves with each two steps out. */
  width?: number;
}

const LIGHT = { land: '#f4f2ee', green: '#dfe9d3', water: '#b9d6e8', building: '#e3dfd8', minor: '#ffffff', major: '#fbe7b8', rail: '#c9c4bc', border: '#b3a9c4', text: '#4a4a4a', halo: '#ffffff' };
export type Palette = Record<keyof typeof LIGHT, string>;
const DARK: Palette = { land: '#23262a', green: '#283029', water: '#1b2f3d', building: '#2d3136', minor: '#3a3f45', major: '#5a5138', rail: '#41464c', border: '#5b5670', text: '#c8c8c8', halo: '#1a1c1f' };

export const paletteOf = (dark: boolean): Palette => (dark ? DARK : LIGHT);

const GREEN = /park|wood|forest|grass|scrub|meadow|cemetery|garden|farm|recreation|golf|nature|pitch/;
const MAJOR = /motorway|trunk|primary|secondary|highway|major/;

/** How features of a layer are drawn; null: not at all. `kind` is what the tile says the feature is. */
export function paintOf(layer: string, kind: string): Paint | null {
  if (/^(earth|land)$/.test(layer)) return { order: 0, fill: 'land' };
  if (/^(landcover|landuse|natural|park)$/.test(layer)) return GREEN.test(kind) || layer === 'park' ? { order: 1, fill: 'green' } : null;
  if (/^water(way)?$/.test(layer)) return { order: 2, fill: 'water', stroke: 'water', width: 1 };
  if (/^buildings?$/.test(layer)) return { order: 3, fill: 'building' };
  if (/^(roads|transportation|streets)$/.test(layer)) {
    if (/rail|transit/.test(kind)) return { order: 4, stroke: 'rail', width: 1 };
    return MAJOR.test(kind) ? { order: 6, stroke: 'major', width: 4 } : { order: 5, stroke: 'minor', width: 2 };
  }
  if (/^boundar(y|ies)$/.test(layer)) return { order: 7, stroke: 'border', width: 1 };
  return null;
}

/** Layers whose points carry names. */
export const isLabelled = (layer: string): boolean => /^places?$/.test(layer);

/** Stroke in pixels at a zoom. */
export const strokeOf = (width: number, zoom: number): number => Math.max(0.5, width * 2 ** ((zoom - 14) / 2));
