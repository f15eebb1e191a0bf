export { OpenSessions } from './OpenSessions.tsx';
export { RemoteAccess } from './RemoteAccess.tsx';
export { RemotePage } from './RemotePage.tsx';
export { Sessions } from './Sessions.tsx';
export { connectTo, spaced, useFoundAddresses } from './state.ts';
