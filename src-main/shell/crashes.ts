import { app, crashReporter } from 'electron';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const KEPT_DUMPS = 10;
const MAX_LIST_BYTES = 256 * 1024;

/** Why a process of the program is gone, as Electron names it. */
interface Death {
  type: string;
  reason: string;
  exitCode: number;
}

/** Removes all but the newest dumps below the folder: each is a piece of memory and large. A folder that is not there has none. */
export function pruneDumps(folder: string, kept = KEPT_DUMPS): void {
  if (!existsSync(folder)) return;
  const dumps = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dmp'))
    .map((name) => ({ file: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { file } of dumps.slice(kept)) rmSync(file, { force: true });
}

/** Adds one line to the list of deaths; nothing that a person typed is in it. A list that cannot be written must never stop the program. */
export function recordDeath(folder: string, { type, reason, exitCode }: Death, now: Date, version: string): void {
  const file = join(folder, 'deaths.jsonl');
  try {
    mkdirSync(folder, { recursive: true });
    if (existsSync(file) && statSync(file).size > MAX_LIST_BYTES) renameSync(file, `${file}.1`);
    appendFileSync(file, `${JSON.stringify({ at: now.toISOString(), version, type, reason, exit_code: exitCode })}\n`);
  } catch {
    return;
  }
}

/**
 * Keeps what crashes leave behind on this machine and sends it nowhere. Call it before Electron is ready.
 * @param folder where dumps and the list of deaths are kept.
 */
export function keepCrashReports(folder: string): void {
  try {
    pruneDumps(folder);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
  app.setPath('crashDumps', folder);
  crashReporter.start({ uploadToServer: false });
  const died = (death: Death): void => {
    if (death.reason !== 'clean-exit' && death.reason !== 'killed') recordDeath(folder, death, new Date(), app.getVersion());
  };
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => died({ type, reason, exitCode }));
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => died({ type: 'page', reason, exitCode }));
}
