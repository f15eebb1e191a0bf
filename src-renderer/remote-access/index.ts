export { OpenSessions } from './OpenSessions.tsx';
export { RemoteAccess } from './RemoteAccess.tsx';
export { RemotePage } from './RemotePage.tsx';
