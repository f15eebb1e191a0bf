import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createCore, createLog } from '../../../src-main/core/core.ts';
import { readConfig } from '../../../src-main/core/config.ts';
import { GENERATOR, seedBench, sizesAt, totalOf, type Sizes } from '../../../src-main/seed/index.ts';
import { MIGRATIONS } from '../../../src-main/store/migrate.ts';
import { ROOT, say } from './report.ts';

/** Who signs in on the generated data. */
export const ADMIN = { email: 'bench@example.com', password: 'Сорок-заявок-в-час', name: 'Вера Замерова', organization: 'Сервис-Замер' };

const CACHE = join(ROOT, '.cache/bench');
/** The moment up to which the data is dated: the same on every day, so that a kept file stays the one that would be made. */
const ANCHOR = Date.UTC(2026, 5, 15, 6);

export interface DataFolder {
  dir: string;
  /** The organisation's file. */
  file: string;
  sizes: Sizes;
  remove(): void;
}

const schema = (): string => createHash('sha256').update(MIGRATIONS.map((migration) => migration.checksum).join()).digest('hex').slice(0, 8);

/** A core on a folder, with the administrator of the benchmarks; nothing but trouble is logged. */
export const openCore = (dataDir: string): ReturnType<typeof createCore> =>
  createCore({
    config: readConfig({ dataDir }, { CREATE_ADMIN_ON_STARTUP: 'true', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, ADMIN_NAME: ADMIN.name, ADMIN_ORGANIZATION: ADMIN.organization }),
    log: createLog('warn'),
  });

/** Makes the firm of the wanted size once and keeps it; later runs find it. @returns the folder that must not be worked in. */
async function keptData(size: number): Promise<string> {
  const kept = join(CACHE, `${size}-${schema()}-${GENERATOR}`);
  if (existsSync(kept)) return kept;
  const building = `${kept}.building`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  const sizes = sizesAt(size);
  say(`making ${totalOf(sizes).toLocaleString('en')} rows, kept in .cache/bench`);
  const core = await openCore(building);
  const started = performance.now();
  let said = 0;
  await seedBench(
    core.house,
    sizes,
    ({ done, total }) => {
      const tenth = Math.floor((done / total) * 10);
      if (tenth > said) say(`  ${tenth * 10} %`);
      said = tenth;
    },
    { seed: 1, nowMs: ANCHOR, hurry: true },
  );
  await core.close();
  const seconds = (performance.now() - started) / 1000;
  say(`  ${Math.round(totalOf(sizes) / seconds).toLocaleString('en')} rows a second`);
  writeFileSync(join(building, 'made.json'), JSON.stringify({ sizes, seconds, made_at: new Date().toISOString() }));
  renameSync(building, kept);
  return kept;
}

const fileIn = (dir: string): string => join(dir, 'organizations', readdirSync(join(dir, 'organizations')).find((name) => name.endsWith('.sqlite')) ?? '');

/** A copy of the generated data to work in. Remove it at the end. */
export async function workingData(size: number): Promise<DataFolder> {
  const kept = await keptData(size);
  const dir = join(CACHE, `work-${process.pid}-${Math.random().toString(36).slice(2, 8)}`);
  cpSync(kept, dir, { recursive: true });
  return { dir, file: fileIn(dir), sizes: (JSON.parse(readFileSync(join(kept, 'made.json'), 'utf8')) as { sizes: Sizes }).sizes, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Reads a file through, so that the system has it in memory, as it has on a machine where the program is in daily use. */
export function warm(file: string): void {
  const chunk = Buffer.alloc(4 * 1024 * 1024);
  for (const part of [file, `${file}-wal`]) {
    if (!existsSync(part)) continue;
    const handle = openSync(part, 'r');
    while (readSync(handle, chunk) > 0);
    closeSync(handle);
  }
}
