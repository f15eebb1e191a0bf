import { posix, win32 } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { REMOTE_ALIAS, type ONLINE_STATES } from '../../../src-shared/remote-access/model.ts';
import { decodeOutput, readConf, readId } from './decode.ts';
import type { System } from './system.ts';
import { TOOLS, type Installed } from './tools.ts';

const ASK_MS = 8_000;
const PAUSE_MS = 1_000;
/** Just after an installation the service may need a minute. */
const PATIENCE_MS = 60_000;

export interface ReadOptions {
  patienceMs?: number;
  pauseMs?: number;
  /** Longest time for one answer of the tool. */
  askMs?: number;
  signal?: AbortSignal;
  /** Tells of each attempt in vain. */
  onWait?: (waitedMs: number) => void;
}

export interface ReadAddress {
  address: string;
  alias: string | null;
  online: (typeof ONLINE_STATES)[number];
  version: string | null;
}

/** The newest configuration file of a tool that holds an address. */
function fromConf(system: System, { tool }: Installed): { address: string; alias: string | null; version: string | null } | null {
  const kind = TOOLS[tool];
  const path = system.platform === 'win32' ? win32 : posix;
  for (const { folder, prefix, name } of kind.confs(system)) {
    const files = [folder, ...system.list(folder).filter((one) => one.startsWith(prefix)).map((one) => path.join(folder, one))].map((one) => path.join(one, name)).filter((one) => system.isFile(one));
    for (const file of files.sort((a, b) => system.modified(b) - system.modified(a))) {
      const values = readConf(decodeOutput(system.read(file) ?? new Uint8Array()));
      const address = readId(values.get(kind.idKey) ?? '');
      const alias = kind.aliasKey ? (values.get(kind.aliasKey) ?? '') : '';
      if (address) return { address, alias: REMOTE_ALIAS.test(alias) ? alias : null, version: values.get('ad.anynet.cur_version') ?? null };
    }
  }
  return null;
}

/** TeamViewer keeps its number in the registry; on Linux it tells it. */
async function fromTeamViewer(system: System): Promise<string | null> {
  if (system.platform !== 'win32') {
    const told = (await system.run('teamviewer', ['--info'], ASK_MS)).output;
    return readId(/TeamViewer ID:\s*(\d+)/.exec(stripVTControlCharacters(told))?.[1] ?? '');
  }
  for (const view of [64, 32] as const) {
    for (const values of (await system.registry('HKLM\\SOFTWARE\\TeamViewer', view)).values()) {
      const told = values.get('clientid');
      const id = told && readId(String(Number(told)));
      if (id) return id;
    }
  }
  return null;
}

/**
 * Reads a tool's address: its configuration first, then by asking it, patiently, since it may not be ready. Nothing but digits counts.
 * @returns null where it did not tell one in time
 */
export async function readAddress(system: System, installed: Installed, options: ReadOptions = {}): Promise<ReadAddress | null> {
  const kind = TOOLS[installed.tool];
  const until = Date.now() + (options.patienceMs ?? PATIENCE_MS);
  const began = Date.now();
  const askMs = options.askMs ?? ASK_MS;
  for (;;) {
    options.signal?.throwIfAborted();
    const conf = fromConf(system, installed);
    const asked = conf || !kind.askId ? null : readId((await system.run(installed.file, kind.askId, askMs)).output);
    const address = conf?.address ?? asked ?? (installed.tool === 'teamviewer' ? await fromTeamViewer(system) : null);
    if (address) {
      const alias = conf?.alias ?? (kind.askAlias ? firstLine((await system.run(installed.file, kind.askAlias, askMs)).output) : '');
      const state = kind.askOnline ? firstLine((await system.run(installed.file, kind.askOnline, askMs)).output).toLowerCase() : '';
      return { address, alias: REMOTE_ALIAS.test(alias) ? alias : null, online: state === 'online' || state === 'offline' ? state : 'unknown', version: conf?.version ?? null };
    }
    if (Date.now() >= until) return null;
    options.onWait?.(Date.now() - began);
    await sleep(options.pauseMs ?? PAUSE_MS, undefined, options.signal ? { signal: options.signal } : {});
  }
}

const firstLine = (text: string): string => text.split(/\r?\n/)[0]?.trim() ?? '';
