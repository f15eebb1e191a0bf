import { PbfWriter } from 'pbf';

type Ring = readonly (readonly [x: number, y: number])[];
export interface TestFeature {
  layer: string;
  kind: string;
  /** 2 = line, 3 = polygon (clockwise, y down), 1 = point. */
  type: 1 | 2 | 3;
  ring: Ring;
  name?: string;
}

const EXTENT = 4096;
const zigzag = (value: number): number => (value << 1) ^ (value >> 31);

function geometryOf({ type, ring }: TestFeature): number[] {
  const words: number[] = [];
  let [px, py] = [0, 0];
  for (const [at, [x, y]] of ring.entries()) {
    if (at === 0) words.push(9);
    if (at === 1) words.push(((ring.length - 1) << 3) | 2);
    words.push(zigzag(x - px), zigzag(y - py));
    [px, py] = [x, y];
  }
  if (type === 3) words.push(15);
  return words;
}

/** A Mapbox vector tile with the features, a layer each. */
function tileOf(features: readonly TestFeature[]): Uint8Array {
  const tile = new PbfWriter();
  for (const feature of features) {
    const values = [feature.kind, ...(feature.name ? [feature.name] : [])];
    tile.writeMessage(3, (_: null, layer: PbfWriter) => {
      layer.writeVarintField(15, 2);
      layer.writeStringField(1, feature.layer);
      layer.writeMessage(2, (__: null, one: PbfWriter) => {
        one.writePackedVarint(2, values.flatMap((___, index) => [index, index]));
        one.writeVarintField(3, feature.type);
        one.writePackedVarint(4, geometryOf(feature));
      }, null);
      for (const key of ['kind', 'name'].slice(0, values.length)) layer.writeStringField(3, key);
      for (const value of values) layer.writeMessage(4, (__: null, one: PbfWriter) => one.writeStringField(1, value), null);
      layer.writeVarintField(5, EXTENT);
    }, null);
  }
  return tile.finish();
}

function varint(value: number, into: number[]): void {
  for (; value > 127; value = Math.floor(value / 128)) into.push((value % 128) | 128);
  into.push(value);
}

const HEADER = 127;

/** A PMTiles file (version 3, nothing packed) of one tile for the whole world. */
export function pmtilesOf(features: readonly TestFeature[], about: Record<string, unknown> = {}): Uint8Array {
  const tile = tileOf(features);
  const metadata = new TextEncoder().encode(JSON.stringify(about));
  const root: number[] = [];
  // One entry: its id, for how many tiles, its length, and its offset plus one.
  for (const value of [1, 0, 1, tile.length, 1]) varint(value, root);
  const file = new Uint8Array(HEADER + root.length + metadata.length + tile.length);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode('PMTiles'));
  view.setUint8(7, 3);
  const tilesAt = HEADER + root.length + metadata.length;
  const numbers = [HEADER, root.length, HEADER + root.length, metadata.length, 0, 0, tilesAt, tile.length, 1, 1, 1];
  for (const [index, value] of numbers.entries()) view.setBigUint64(8 + 8 * index, BigInt(value), true);
  // Clustered; packing of folders and of tiles: none; vector tiles; zoom 0 only.
  for (const [index, value] of [1, 1, 1, 1, 0, 0].entries()) view.setUint8(96 + index, value);
  for (const [index, value] of [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].entries()) view.setInt32(102 + 4 * index, value, true);
  file.set(root, HEADER);
  file.set(metadata, HEADER + root.length);
  file.set(tile, tilesAt);
  return file;
}
