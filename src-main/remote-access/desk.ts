import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { RemoteAccess, RemoteSession, REMOTE_FAILURES } from '../../src-shared/remote-access/model.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { leaveRequest, openSession, remoteAccessOf, standAt, takeReport } from './service.ts';
import { startTool } from './tools/connect.ts';
import { detect } from './tools/detect.ts';
import { findInstaller, installAnyDesk, type InstallOutcome } from './tools/install.ts';
import { readAddress, type ReadOptions } from './tools/read.ts';
import { realSystem, type System } from './tools/system.ts';

const LOCAL = new Set(['local', '127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** A program that ends sooner has handed the session over to one that ran already: its end says nothing. */
const HANDED_OVER_MS = 10_000;

type Failure = (typeof REMOTE_FAILURES)[number];
export type OwnReading = { failed: Failure; install?: InstallOutcome } | { failed?: undefined; report: { tool: 'anydesk'; address: string; alias: string | null; online: 'online' | 'offline' | 'unknown'; machine: string; version_of_tool: string | null } };

/** Where administrators put installers: where the environment says, the program's resources, the data folder. Never the current folder, which anybody may choose. */
const installerFolders = (dataDir: string): string[] => {
  const { resourcesPath } = process as { resourcesPath?: string };
  return [...(process.env['POLEVIK_INSTALLERS'] ? [process.env['POLEVIK_INSTALLERS']] : []), ...(resourcesPath ? [join(resourcesPath, 'installers')] : []), join(dirname(process.execPath), 'installers'), join(dataDir, 'installers')];
};

/** Reads this machine's own AnyDesk address, installing it first where that is wanted and missing. */
export async function readOwn(dataDir: string, options: ReadOptions & { install?: boolean; configured?: string | null } = {}, system: System = realSystem): Promise<OwnReading> {
  let installed = await detect(system, 'anydesk', options.configured ?? process.env['POLEVIK_ANYDESK']);
  if (!installed) {
    if (!options.install) return { failed: 'not_installed' };
    const outcome = await installAnyDesk(system, findInstaller(system, installerFolders(dataDir)));
    if (!outcome.done) return { failed: outcome.why === 'failed' || outcome.why === 'not_found_after' ? 'install_failed' : 'install_refused', install: outcome };
    installed = outcome.installed;
  }
  const read = await readAddress(system, installed, options);
  if (!read) return { failed: 'not_ready' };
  return { report: { tool: 'anydesk', address: read.address, alias: read.alias, online: read.online, machine: hostname().slice(0, 100), version_of_tool: read.version } };
}

/** Writes what this machine has read of itself into the client's card; the machine is that client's from now on. */
export function tellOwn(session: Session, ref: Ref, own: OwnReading): RemoteAccess {
  const machine = hostname().slice(0, 100);
  const access = takeReport(session, ref, own.failed === undefined ? own.report : { failed: own.failed, machine });
  standAt(session, access.client_id);
  return remoteAccessOf(session, access.client_id);
}

/** Takes a machine's report; one of this very machine says whose it is. */
export function reportHere(session: Session, ref: Ref, report: Parameters<typeof takeReport>[2]): RemoteAccess {
  const access = takeReport(session, ref, report);
  if (LOCAL.has(session.address) && report.machine === hostname().slice(0, 100)) standAt(session, access.client_id);
  return remoteAccessOf(session, access.client_id);
}

/** Reads the address anew here where this is the client's machine, otherwise leaves a request for its installation. */
export async function syncRemoteAccess(session: Session, house: House, ref: Ref): Promise<RemoteAccess> {
  const access = remoteAccessOf(session, ref);
  if (!access.this_machine) return leaveRequest(session, ref);
  return tellOwn(session, ref, await readOwn(house.config.dataDir, { patienceMs: 20_000 }));
}

/** Only a person at this machine starts programs on it. @throws AppError FORBIDDEN `remote_here_only` */
export async function connect(session: Session, house: House, input: { address_id: Ref; ticket_id?: Ref | undefined }, system: System = realSystem): Promise<{ session: RemoteSession; started: 'tool' | 'link'; link: string }> {
  if (!LOCAL.has(session.address)) throw new AppError('FORBIDDEN', { detail: 'remote_here_only' });
  const { row, address } = openSession(session, input.address_id, input.ticket_id);
  const began = Date.now();
  const { started, link } = await startTool(system, address.tool, address.address, address.tool === 'anydesk' ? process.env['POLEVIK_ANYDESK'] : null);
  if (started) {
    void started.ended.then(() => {
      if (Date.now() - began < HANDED_OVER_MS) return;
      try {
        noteEnd(session, row.id);
      } catch (error) {
        house.log.warn({ err: error }, 'the end of a remote session could not be written');
      }
    });
  }
  return { session: row, started: started ? 'tool' : 'link', link };
}

/** The tool has ended: the time stands, the line of what was done is still asked for. */
function noteEnd(session: Session, id: string): void {
  const row = session.store.read.get<{ ended_at: string | null }>('SELECT ended_at FROM remote_sessions WHERE id = ? AND deleted_at IS NULL', id);
  if (!row || row.ended_at) return;
  const ended = session.now();
  session.store.mutate({ actor: session.actor, origin: 'system' }, (tx) => tx.update('remote_sessions', id, { ended_at: ended }));
}
