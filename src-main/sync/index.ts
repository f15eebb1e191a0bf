export { createSyncEngine } from './engine.ts';
export { startFromSnapshot, type SnapshotPlace, type SnapshotStart } from './snapshot.ts';
export type { Applied, BundleApplied, HubLog, Peer, SyncEngine, SyncEvent, Vouching } from './types.ts';
export { syncHandlers } from './handlers.ts';
export { lanAddresses, serverCertificate } from './wire/certificates.ts';
export { requestFile, type HubAddress } from './wire/client.ts';
export { registerSync } from './wire/routes.ts';
export { createSyncService, type SyncService } from './wire/service.ts';
