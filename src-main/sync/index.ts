export { createSyncEngine, type EngineOptions } from './engine.ts';
export { startFromSnapshot, type SnapshotPlace, type SnapshotStart } from './snapshot.ts';
export type { Applied, HubLog, Peer, SyncEngine, SyncEvent } from './types.ts';
