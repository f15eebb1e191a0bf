export { JoinHub } from './JoinHub.tsx';
export { SyncCorner } from './SyncCorner.tsx';
export { SyncSettings } from './SyncSettings.tsx';
export { useFollowSync, useSyncState } from './state.ts';
