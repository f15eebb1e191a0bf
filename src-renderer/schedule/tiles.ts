import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles, TileType, type RangeResponse, type Source } from 'pmtiles';
import { client } from '../app/client.ts';
import { isLabelled, paintOf, paletteOf, strokeOf, type Palette } from './tile-style.ts';
import { worldOf, type Viewport } from './viewport.ts';

/** Tiles kept: some screens full. */
const KEPT = 300;
/** How far a coarser tile may stand in for one that is still on its way. */
const STAND_IN = 5;
const MOST_LABELS = 60;

interface Shape {
  order: number;
  fill?: keyof Palette;
  stroke?: keyof Palette;
  width: number;
  path: Path2D;
}
interface Label {
  x: number;
  y: number;
  text: string;
  /** The smaller, the more important. */
  rank: number;
}
type Tile = { kind: 'vector'; extent: number; shapes: Shape[]; labels: Label[] } | { kind: 'image'; image: ImageBitmap } | { kind: 'empty' };

/** The map file of the core, read by stretches over whichever door the page has. */
class CoreSource implements Source {
  readonly #version: string;
  constructor(version: string) {
    this.#version = version;
  }
  getKey(): string {
    return this.#version;
  }
  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    const file = await client.schedule.mapBytes({ version: this.#version, offset, length });
    return { data: await file.arrayBuffer() };
  }
}

/** Draws a PMTiles file beneath something else. */
export class TileMap {
  readonly #file: PMTiles;
  readonly #tiles = new Map<string, Tile | null>();
  readonly #language: string;
  readonly #changed: () => void;
  #zooms: [number, number] = [0, 0];
  #type = TileType.Unknown;
  /** Whom the map is owed to, as its file says. */
  attribution = '';

  private constructor(version: string, language: string, changed: () => void) {
    this.#file = new PMTiles(new CoreSource(version));
    this.#language = language;
    this.#changed = changed;
  }

  /** @throws whatever is wrong with the file */
  static async open(version: string, language: string, changed: () => void): Promise<TileMap> {
    const map = new TileMap(version, language, changed);
    const header = await map.#file.getHeader();
    map.#zooms = [header.minZoom, header.maxZoom];
    map.#type = header.tileType;
    const about = (await map.#file.getMetadata()) as { attribution?: unknown } | null;
    map.attribution = typeof about?.attribution === 'string' ? about.attribution.replace(/<[^>]*>/g, '').replaceAll('&copy;', '©') : '';
    return map;
  }

  draw(canvas: HTMLCanvasElement, view: Viewport, dark: boolean): void {
    const context = canvas.getContext('2d');
    if (!context) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.width / ratio, canvas.height / ratio];
    const palette = paletteOf(dark);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.land;
    context.fillRect(0, 0, width, height);
    const z = Math.min(this.#zooms[1], Math.max(this.#zooms[0], Math.floor(view.zoom + 0.25)));
    const count = 2 ** z;
    const side = worldOf(view.zoom) / count;
    const [left, top] = [view.x * count - width / 2 / side, view.y * count - height / 2 / side];
    const labels: (Label & { px: number; py: number })[] = [];
    for (let x = Math.max(0, Math.floor(left)); x <= Math.min(count - 1, Math.floor(left + width / side)); x++) {
      for (let y = Math.max(0, Math.floor(top)); y <= Math.min(count - 1, Math.floor(top + height / side)); y++) {
        const [px, py] = [(x - left) * side, (y - top) * side];
        context.save();
        context.beginPath();
        context.rect(px, py, side + 0.5, side + 0.5);
        context.clip();
        this.#paint(context, z, x, y, px, py, side, view.zoom, dark, labels);
        context.restore();
      }
    }
    if (dark && this.#type !== TileType.Mvt) {
      // A picture has one theme only.
      context.fillStyle = 'rgb(0 0 0 / 45%)';
      context.fillRect(0, 0, width, height);
    }
    write(context, labels, palette);
  }

  #paint(context: CanvasRenderingContext2D, z: number, x: number, y: number, px: number, py: number, side: number, zoom: number, dark: boolean, labels: (Label & { px: number; py: number })[]): void {
    for (let up = 0; up <= STAND_IN && z - up >= this.#zooms[0]; up++) {
      const parts = 2 ** up;
      const tile = this.#tile(z - up, Math.floor(x / parts), Math.floor(y / parts), up === 0);
      if (!tile) continue;
      const wide = side * parts;
      const [ox, oy] = [px - (x % parts) * side, py - (y % parts) * side];
      if (tile.kind === 'image') context.drawImage(tile.image, ox, oy, wide, wide);
      if (tile.kind === 'vector') {
        const scale = wide / tile.extent;
        paintShapes(context, tile.shapes, ox, oy, scale, zoom, dark);
        for (const label of tile.labels) labels.push({ ...label, px: ox + label.x * scale, py: oy + label.y * scale });
      }
      return;
    }
  }

  #tile(z: number, x: number, y: number, fetching: boolean): Tile | null {
    const key = `${z}/${x}/${y}`;
    const known = this.#tiles.get(key);
    if (known !== undefined || !fetching) return known ?? null;
    if (this.#tiles.size > KEPT) for (const old of [...this.#tiles.keys()].slice(0, KEPT / 3)) this.#tiles.delete(old);
    this.#tiles.set(key, null);
    this.#read(z, x, y).then(
      (tile) => {
        this.#tiles.set(key, tile);
        this.#changed();
      },
      // A tile that cannot be read leaves its place plain.
      () => this.#tiles.set(key, { kind: 'empty' }),
    );
    return null;
  }

  async #read(z: number, x: number, y: number): Promise<Tile> {
    const answer = await this.#file.getZxy(z, x, y);
    if (!answer) return { kind: 'empty' };
    if (this.#type !== TileType.Mvt) return { kind: 'image', image: await createImageBitmap(new Blob([answer.data])) };
    return parse(new Uint8Array(answer.data), this.#language);
  }
}

function parse(bytes: Uint8Array, language: string): Tile {
  const { layers } = new VectorTile(new PbfReader(bytes));
  const shapes = new Map<string, Shape>();
  const labels: Label[] = [];
  let extent = 4096;
  for (const [name, layer] of Object.entries(layers)) {
    extent = layer.extent;
    for (let index = 0; index < layer.length; index++) {
      const feature = layer.feature(index);
      const { properties } = feature;
      if (isLabelled(name) && feature.type === 1) {
        const text = properties[`name:${language}`] ?? properties['name'];
        const point = feature.loadGeometry()[0]?.[0];
        if (typeof text === 'string' && text && point) labels.push({ x: point.x, y: point.y, text, rank: Number(properties['min_zoom'] ?? properties['rank'] ?? 10) });
        continue;
      }
      const paint = paintOf(name, String(properties['kind'] ?? properties['class'] ?? properties['subclass'] ?? ''));
      if (!paint || feature.type === 1) continue;
      const filled = feature.type === 3 && paint.fill !== undefined;
      if (!filled && paint.stroke === undefined) continue;
      const key = `${paint.order} ${filled ? 'fill' : 'line'}`;
      const shape: Shape = shapes.get(key) ?? { order: paint.order, width: paint.width ?? 1, path: new Path2D(), ...(filled ? { fill: paint.fill as keyof Palette } : { stroke: paint.stroke as keyof Palette }) };
      shapes.set(key, shape);
      for (const ring of feature.loadGeometry()) {
        for (const [at, point] of ring.entries()) {
          if (at === 0) shape.path.moveTo(point.x, point.y);
          else shape.path.lineTo(point.x, point.y);
        }
        if (filled) shape.path.closePath();
      }
    }
  }
  return { kind: 'vector', extent, shapes: [...shapes.values()].sort((a, b) => a.order - b.order), labels };
}

function paintShapes(context: CanvasRenderingContext2D, shapes: readonly Shape[], x: number, y: number, scale: number, zoom: number, dark: boolean): void {
  const palette = paletteOf(dark);
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  context.lineJoin = 'round';
  for (const { fill, stroke, width, path } of shapes) {
    if (fill) {
      context.fillStyle = palette[fill];
      context.fill(path);
    }
    if (stroke) {
      context.strokeStyle = palette[stroke];
      context.lineWidth = strokeOf(width, zoom) / scale;
      context.stroke(path);
    }
  }
  context.restore();
}

/** Names of places, the important first, none over another. */
function write(context: CanvasRenderingContext2D, labels: (Label & { px: number; py: number })[], palette: ReturnType<typeof paletteOf>): void {
  context.font = '600 12px Inter Variable, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 3;
  context.strokeStyle = palette.halo;
  context.fillStyle = palette.text;
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  for (const { text, px, py } of labels.sort((a, b) => a.rank - b.rank)) {
    if (taken.length >= MOST_LABELS) return;
    const half = context.measureText(text).width / 2 + 4;
    const box = { left: px - half, right: px + half, top: py - 9, bottom: py + 9 };
    if (taken.some((one) => box.left < one.right && box.right > one.left && box.top < one.bottom && box.bottom > one.top)) continue;
    taken.push(box);
    context.strokeText(text, px, py);
    context.fillText(text, px, py);
  }
}
