import type { z } from 'zod';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import type { RemoteAccess, RemoteAddress, remoteAddressFilters, remoteFailure, remoteReport, RemoteRequest, RemoteSession, remoteSessionFilters } from '../../src-shared/remote-access/model.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { getFact, setFact } from '../store/change-log.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Db } from '../store/sqlite.ts';
import type { Tx } from '../store/tx.ts';

/** Which client this installation stands at; written when its own machine reads its address. */
const THIS_CLIENT = 'remote_client';
const KEPT_MACHINE = 100;

export const remoteAddresses = createCrud<RemoteAddress, z.infer<typeof remoteAddressFilters>>('remote_addresses', {
  conditions: (filters, resolve) => [
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...equals('asset_id', filters.asset_id === undefined ? undefined : resolve('assets', filters.asset_id, 'asset_id')),
  ],
  prepare: (tx, values, before) => {
    belongs(tx, 'assets', 'asset_id', values, before);
    const [client, tool, address] = (['client_id', 'tool', 'address'] as const).map((column) => (values[column] ?? before?.[column]) as string);
    const twice = tx.db.get('SELECT 1 FROM remote_addresses WHERE client_id = ? AND tool = ? AND address = ? AND id <> ? AND deleted_at IS NULL', client ?? '', tool ?? '', address ?? '', before?.id ?? '');
    if (twice) throw invalid('address', 'address_twice');
  },
});

/** A row that is named must be of the same client. */
function belongs(tx: Tx, entity: 'assets' | 'tickets' | 'contracts', field: string, values: Record<string, unknown>, before: Record<string, unknown> | undefined): void {
  const id = values[field] as string | null | undefined;
  if (!id) return;
  if (tx.get(entity, id)?.['client_id'] !== (values['client_id'] ?? before?.['client_id'])) throw invalid(field, 'other_client');
}

export const remoteSessions = createCrud<RemoteSession, z.infer<typeof remoteSessionFilters>>('remote_sessions', {
  conditions: (filters, resolve) => [
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...equals('ticket_id', filters.ticket_id === undefined ? undefined : resolve('tickets', filters.ticket_id, 'ticket_id')),
    ...equals('asset_id', filters.asset_id === undefined ? undefined : resolve('assets', filters.asset_id, 'asset_id')),
    ...equals('contract_id', filters.contract_id === undefined ? undefined : resolve('contracts', filters.contract_id, 'contract_id')),
    ...equals('user_id', filters.user_id === undefined ? undefined : resolve('users', filters.user_id, 'user_id')),
    ...(filters.open === undefined ? [] : [{ sql: filters.open ? 't.summary IS NULL' : 't.summary IS NOT NULL', params: [] }]),
  ],
  prepare: (tx, values, before) => {
    for (const [entity, field] of [['assets', 'asset_id'], ['tickets', 'ticket_id'], ['contracts', 'contract_id']] as const) belongs(tx, entity, field, values, before);
    if (!before) values['started_at'] ??= tx.now;
    const [started, ended] = [values['started_at'] ?? before?.['started_at'], values['ended_at'] ?? before?.['ended_at']] as (string | null)[];
    if (started && ended && ended < started) throw invalid('ended_at', 'end_before_start');
    // What the ticket hangs on is what the work was for, unless somebody says otherwise.
    const ticket = typeof values['ticket_id'] === 'string' ? tx.get('tickets', values['ticket_id']) : undefined;
    if (ticket) for (const field of ['asset_id', 'contract_id']) if (values[field] === undefined && !before?.[field]) values[field] = ticket[field];
  },
});

const clientId = (db: Db, ref: Ref): string => resolveRef(db, REGISTRY, 'clients', ref, { field: 'id' });

function lastRequest(db: Db, client: string): RemoteRequest | null {
  return (
    db.get<RemoteRequest>(
      `SELECT r.id, r.state, r.reason, r.created_at AS requested_at, u.full_name AS requested_by_name, r.finished_at FROM remote_requests r LEFT JOIN users u ON u.id = r.created_by
       WHERE r.client_id = ? AND r.deleted_at IS NULL ORDER BY r.created_at DESC, r.id DESC LIMIT 1`,
      client,
    ) ?? null
  );
}

/** Addresses of a client, the one that was seen last first, and how the last request went. */
export function remoteAccessOf(session: Session, ref: Ref): RemoteAccess {
  const db = session.store.read;
  const id = clientId(db, ref);
  const rows = db.all<{ rid: number }>('SELECT rid FROM remote_addresses WHERE client_id = ? AND deleted_at IS NULL ORDER BY coalesce(last_seen_at, created_at) DESC, id DESC', id);
  const addresses = rows.map(({ rid }) => remoteAddresses.present(db, rid));
  const [first] = addresses;
  return {
    client_id: id,
    tool: first?.tool ?? null,
    remote_id: first?.address ?? null,
    alias: first?.alias ?? null,
    online: first?.online ?? null,
    last_seen_at: first?.last_seen_at ?? null,
    addresses,
    request: lastRequest(db, id),
    this_machine: getFact(db, THIS_CLIENT) === id,
    passwords_here: [],
  };
}

/** From now on this installation stands at that client. */
export const standAt = (session: Session, client: string): void => setFact(session.store.local, THIS_CLIENT, client);

/** The client that this installation stands at; null where it stands at none. */
export const clientHere = (db: Db): string | null => getFact(db, THIS_CLIENT) ?? null;

const WAITING = "state IN ('requested', 'picked_up') AND deleted_at IS NULL";

/** Whether a request for a client's address waits to be picked up. */
export const isAsked = (db: Db, client: string): boolean => db.get("SELECT 1 FROM remote_requests WHERE client_id = ? AND state = 'requested' AND deleted_at IS NULL", client) !== undefined;

/** A machine of the client has seen what is asked of it and is at it. */
export function pickUp(session: Session, ref: Ref, machine: string | null = null): RemoteAccess {
  const id = clientId(session.store.read, ref);
  if (isAsked(session.store.read, id)) {
    session.mutate((tx) => {
      for (const one of tx.db.all<{ id: string }>("SELECT id FROM remote_requests WHERE client_id = ? AND state = 'requested' AND deleted_at IS NULL", id)) tx.update('remote_requests', one.id, { state: 'picked_up', machine });
    });
  }
  return remoteAccessOf(session, id);
}

type Report = z.infer<typeof remoteReport> | z.infer<typeof remoteFailure>;

/** Writes what a machine says of itself, and ends the requests that wait for it. */
export function takeReport(session: Session, ref: Ref, report: Report): RemoteAccess {
  const id = clientId(session.store.read, ref);
  const now = session.now();
  session.mutate((tx) => {
    const waiting = tx.db.all<{ id: string }>(`SELECT id FROM remote_requests WHERE client_id = ? AND ${WAITING}`, id);
    const answer = 'failed' in report ? { state: 'failed', reason: report.failed } : { state: 'done', reason: null };
    for (const request of waiting) tx.update('remote_requests', request.id, { ...answer, machine: report.machine ?? null, finished_at: now });
    if ('failed' in report) return;
    const { machine, ...told } = report;
    const known = tx.db.get<{ id: string }>(
      'SELECT id FROM remote_addresses WHERE client_id = ? AND tool = ? AND deleted_at IS NULL AND (machine = ? OR address = ?) ORDER BY machine = ? DESC, id LIMIT 1',
      id,
      told.tool,
      machine ?? '',
      told.address,
      machine ?? '',
    );
    const values = { ...told, alias: told.alias ?? null, online: told.online ?? 'unknown', version_of_tool: told.version_of_tool ?? null, last_seen_at: now, ...(machine ? { machine: machine.slice(0, KEPT_MACHINE) } : {}) };
    if (known) tx.update('remote_addresses', known.id, values);
    else tx.insert('remote_addresses', { client_id: id, ...values });
  });
  return remoteAccessOf(session, id);
}

/** Leaves a request for the client's own installation; one that still waits is enough. */
export function leaveRequest(session: Session, ref: Ref): RemoteAccess {
  const id = clientId(session.store.read, ref);
  const last = lastRequest(session.store.read, id);
  if (!last || last.state === 'done' || last.state === 'failed') session.mutate((tx) => tx.insert('remote_requests', { client_id: id, state: 'requested' }));
  return remoteAccessOf(session, id);
}

/** A session's ticket is one of the same client. @throws AppError INVALID `other_client` */
export function checkTicket(session: Session, address: RemoteAddress, ticket: Ref | undefined): void {
  if (ticket === undefined) return;
  const db = session.store.read;
  const id = resolveRef(db, REGISTRY, 'tickets', ticket, { field: 'ticket_id' });
  if (db.get<{ client_id: string | null }>('SELECT client_id FROM tickets WHERE id = ?', id)?.client_id !== address.client_id) throw invalid('ticket_id', 'other_client');
}

/** Opens the record of a session. */
export function openSession(session: Session, address: RemoteAddress, ticket: Ref | undefined): RemoteSession {
  const row = remoteSessions.create(session, { client_id: address.client_id, address_id: address.id, ...(address.asset_id ? { asset_id: address.asset_id } : {}), ...(ticket === undefined ? {} : { ticket_id: ticket }), user_id: session.actor.user_id });
  session.mutate((tx) => tx.update('remote_sessions', row.id, { tool: address.tool, address: address.address }));
  return remoteSessions.get(session, row.id);
}

/** The line of what was done; the end is now, or where the process ended, or as long after the start as is said. */
export function finishSession(session: Session, ref: Ref, input: { summary: string; minutes?: number | undefined }): RemoteSession {
  const row = remoteSessions.get(session, ref);
  if (row.user_id !== null && row.user_id !== session.actor.user_id && !['owner', 'admin', 'coordinator'].includes(session.actor.role)) throw new AppError('FORBIDDEN', { detail: 'session_of_another' });
  const ended = input.minutes === undefined ? (row.ended_at ?? session.now()) : iso(Date.parse(row.started_at) + input.minutes * 60_000);
  return remoteSessions.update(session, row.id, { summary: input.summary, ended_at: ended });
}
