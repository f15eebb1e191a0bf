import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { remoteAddresses, remoteRequests, remoteSessions } from './tables.ts';

const minutes = "CASE WHEN t.ended_at IS NULL THEN NULL ELSE max(1, CAST(ceil((julianday(t.ended_at) - julianday(t.started_at)) * 1440 - 0.001) AS INTEGER)) END";

export const remoteAddressEntity: EntityDefinition = {
  name: 'remote_addresses',
  table: remoteAddresses,
  label: 'address',
  groups: { reached: ['tool', 'address', 'alias'], seen: ['online', 'last_seen_at', 'version_of_tool'] },
  refs: { client_id: 'clients', asset_id: 'assets' },
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string,
};

export const remoteSessionEntity: EntityDefinition = {
  name: 'remote_sessions',
  table: remoteSessions,
  label: 'address',
  refs: { client_id: 'clients', address_id: 'remote_addresses', ticket_id: 'tickets', asset_id: 'assets', contract_id: 'contracts', user_id: 'users' },
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string,
  shown: () => ({ minutes }),
};

export const remoteRequestEntity: EntityDefinition = {
  name: 'remote_requests',
  table: remoteRequests,
  label: 'state',
  groups: { answer: ['state', 'reason', 'machine', 'finished_at'] },
  refs: { client_id: 'clients' },
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string,
};
