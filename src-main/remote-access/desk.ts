import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { RemoteAccess, RemoteAddress, RemoteSession, REMOTE_FAILURES } from '../../src-shared/remote-access/model.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { search } from '../search/index.ts';
import { passwordOf } from './passwords.ts';
import { checkTicket, leaveRequest, openSession, pickUp, remoteAccessOf, remoteAddresses, standAt, takeReport } from './service.ts';
import { startTool } from './tools/connect.ts';
import { detect } from './tools/detect.ts';
import { findInstaller, installAnyDesk, type InstallOutcome } from './tools/install.ts';
import { readAddress, type ReadOptions } from './tools/read.ts';
import { realSystem, type System } from './tools/system.ts';
import { beginWatch } from './watch.ts';

const LOCAL = new Set(['local', '127.0.0.1', '::1', '::ffff:127.0.0.1']);

type Failure = (typeof REMOTE_FAILURES)[number];
export type OwnReading = { failed: Failure; install?: InstallOutcome } | { failed?: undefined; install?: InstallOutcome; report: { tool: 'anydesk'; address: string; alias: string | null; online: 'online' | 'offline' | 'unknown'; machine: string; version_of_tool: string | null } };

/** Where administrators put installers: where the environment says, the program's resources, the data folder. Never the current folder, which anybody may choose. */
const installerFolders = (dataDir: string): string[] => {
  const { resourcesPath } = process as { resourcesPath?: string };
  return [...(process.env['POLEVIK_INSTALLERS'] ? [process.env['POLEVIK_INSTALLERS']] : []), ...(resourcesPath ? [join(resourcesPath, 'installers')] : []), join(dirname(process.execPath), 'installers'), join(dataDir, 'installers')];
};

/** Reads this machine's own AnyDesk address, installing it first where that is wanted and missing. */
export async function readOwn(dataDir: string, options: ReadOptions & { install?: boolean; configured?: string | null } = {}, system: System = realSystem): Promise<OwnReading> {
  let install: InstallOutcome | undefined;
  let installed = await detect(system, 'anydesk', options.configured ?? process.env['POLEVIK_ANYDESK']);
  if (!installed) {
    if (!options.install) return { failed: 'not_installed' };
    const outcome = await installAnyDesk(system, findInstaller(system, installerFolders(dataDir)));
    install = outcome;
    if (!outcome.done) return { failed: outcome.why === 'failed' || outcome.why === 'not_found_after' ? 'install_failed' : 'install_refused', install };
    installed = outcome.installed;
  }
  const read = await readAddress(system, installed, options);
  if (!read) return { failed: 'not_ready', ...(install ? { install } : {}) };
  return { report: { tool: 'anydesk', address: read.address, alias: read.alias, online: read.online, machine: hostname().slice(0, 100), version_of_tool: read.version }, ...(install ? { install } : {}) };
}

/** Writes what this machine has read of itself into the client's card; the machine is that client's from now on. */
export function tellOwn(session: Session, ref: Ref, own: OwnReading): RemoteAccess {
  const machine = hostname().slice(0, 100);
  const access = takeReport(session, ref, own.failed === undefined ? own.report : { failed: own.failed, machine });
  standAt(session, access.client_id);
  return remoteAccessOf(session, access.client_id);
}

/** Takes a machine's report, or that it is at it; a report of this very machine says whose it is. */
export function reportHere(session: Session, ref: Ref, report: Parameters<typeof takeReport>[2] | { picked_up: true; machine?: string | null | undefined }): RemoteAccess {
  if ('picked_up' in report) return pickUp(session, ref, report.machine ?? null);
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

const hereOnly = (session: Session): void => {
  if (!LOCAL.has(session.address)) throw new AppError('FORBIDDEN', { detail: 'remote_here_only' });
};

/**
 * Starts the tool towards an address and opens a session record. Only a person at this machine starts programs on it.
 * @throws AppError FORBIDDEN `remote_here_only`; NOT_FOUND `password_missing`, `password_wants_tool`; INVALID `password_not_for_tool`; STORE_UNAVAILABLE `vault_unavailable`
 */
export async function connect(session: Session, house: House, input: { address_id: Ref; ticket_id?: Ref | undefined; with_password?: boolean | undefined }, system: System = realSystem): Promise<{ session: RemoteSession; started: 'tool' | 'link'; link: string }> {
  hereOnly(session);
  const address = remoteAddresses.get(session, input.address_id);
  const password = input.with_password ? await passwordOf(session, house, address) : null;
  checkTicket(session, address, input.ticket_id);
  const configured = address.tool === 'anydesk' ? process.env['POLEVIK_ANYDESK'] : null;
  const { started, link, installed } = await startTool(system, address.tool, address.address, configured, password);
  const row = openSession(session, address, input.ticket_id);
  if (started && installed) {
    const begun = { tool: address.tool, address: address.address, file: installed.file, build: installed.build, pid: started.pid, began: Date.parse(row.started_at), actor: session.actor, client: row.client_name ?? '' };
    await beginWatch(house, session.store, row.id, begun, started.ended, system);
  }
  return { session: row, started: started ? 'tool' : 'link', link };
}

/** Addresses of this client with the words that were typed, for the command palette. */
export async function findAddresses(session: Session, words: string): Promise<RemoteAddress[]> {
  const { items } = await search(session, { q: words, entities: ['clients', 'assets'], limit: FOUND_HITS });
  const ids = items.map(({ id }) => id);
  const digits = words.replace(/\s/g, '');
  const marks = ids.map(() => '?').join(', ') || 'NULL';
  const rows = session.store.read.all<{ rid: number }>(
    `SELECT rid FROM remote_addresses WHERE deleted_at IS NULL AND (client_id IN (${marks}) OR asset_id IN (${marks}) OR address >= ? AND address < ?) ORDER BY coalesce(last_seen_at, created_at) DESC LIMIT ${FOUND}`,
    ...ids,
    ...ids,
    /^\d{3,12}$/.test(digits) ? digits : '~',
    /^\d{3,12}$/.test(digits) ? `${digits}:` : '~',
  );
  return rows.map(({ rid }) => remoteAddresses.present(session.store.read, rid));
}

const FOUND_HITS = 8;
const FOUND = 8;
