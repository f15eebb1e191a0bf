import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { House } from '../core/house.ts';

const FOLDER = 'maps';
const ENDING = '.pmtiles';

interface MapFile {
  name: string;
  bytes: number;
  /** Changes with the file. */
  version: string;
}

/** The first PMTiles file, by name, of the data folder's `maps/`; null where there is none. */
export async function mapFile(house: House): Promise<MapFile | null> {
  const folder = join(house.config.dataDir, FOLDER);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.toLowerCase().endsWith(ENDING)).sort()) {
    const about = await stat(join(folder, name)).catch(() => null);
    if (about?.isFile()) return { name, bytes: about.size, version: `${about.size.toString(36)}-${Math.round(about.mtimeMs).toString(36)}` };
  }
  return null;
}

/** A stretch of the map file, shorter at its end. @throws AppError NOT_FOUND `map_gone`; or `map_changed` where it is another file by now */
export async function mapBytes(house: House, input: { version: string; offset: number; length: number }): Promise<File> {
  const map = await mapFile(house);
  if (!map) throw new AppError('NOT_FOUND', { detail: 'map_gone' });
  if (map.version !== input.version) throw new AppError('NOT_FOUND', { field: 'version', detail: 'map_changed' });
  const file = await open(join(house.config.dataDir, FOLDER, map.name));
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.min(input.length, Math.max(0, map.bytes - input.offset))), position: input.offset });
    return new File([buffer.subarray(0, bytesRead)], map.name, { type: 'application/octet-stream' });
  } finally {
    await file.close();
  }
}
