import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ONLINE_STATES, RemoteTool, REQUEST_STATES } from '../../src-shared/remote-access/model.ts';
import { replicated, trashIndex } from '../store/columns.ts';

/** Under which address a machine of a client is reached. */
export const remoteAddresses = sqliteTable(
  'remote_addresses',
  {
    ...replicated(),
    client_id: text().notNull(),
    asset_id: text(),
    tool: text().$type<RemoteTool>().notNull(),
    address: text().notNull(),
    alias: text(),
    machine: text(),
    comment: text(),
    online: text().$type<(typeof ONLINE_STATES)[number]>(),
    last_seen_at: text(),
    version_of_tool: text(),
  },
  (t) => [
    index('remote_addresses_by_client').on(t.client_id),
    index('remote_addresses_by_asset').on(t.asset_id),
    index('remote_addresses_by_created').on(t.created_at),
    index('remote_addresses_by_seen').on(t.last_seen_at),
    index('remote_addresses_by_no').on(t.no),
    trashIndex('remote_addresses', t.deleted_at),
  ],
);

/** Work over a remote desktop: a time entry once it has its line. */
export const remoteSessions = sqliteTable(
  'remote_sessions',
  {
    ...replicated(),
    client_id: text().notNull(),
    address_id: text(),
    ticket_id: text(),
    asset_id: text(),
    contract_id: text(),
    user_id: text(),
    tool: text(),
    address: text(),
    started_at: text().notNull(),
    ended_at: text(),
    summary: text(),
  },
  (t) => [
    index('remote_sessions_by_start').on(t.started_at),
    index('remote_sessions_by_client').on(t.client_id, t.started_at),
    index('remote_sessions_by_ticket').on(t.ticket_id),
    index('remote_sessions_by_asset').on(t.asset_id),
    index('remote_sessions_by_contract').on(t.contract_id),
    index('remote_sessions_by_user').on(t.user_id, t.started_at),
    index('remote_sessions_by_no').on(t.no),
    trashIndex('remote_sessions', t.deleted_at),
  ],
);

/** That a machine of a client shall tell its address anew. */
export const remoteRequests = sqliteTable(
  'remote_requests',
  { ...replicated(), client_id: text().notNull(), state: text().$type<(typeof REQUEST_STATES)[number]>().notNull(), reason: text(), machine: text(), finished_at: text() },
  (t) => [index('remote_requests_by_client').on(t.client_id, t.created_at), index('remote_requests_by_no').on(t.no), trashIndex('remote_requests', t.deleted_at)],
);
