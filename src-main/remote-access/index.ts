export { remoteAccessHandlers, remoteAddressesHandlers, remoteSessionsHandlers } from './handlers.ts';
export { readOwn, tellOwn, type OwnReading } from './desk.ts';
export { isAskedHere, refreshOwn, standsSomewhere } from './duties.ts';
export { hasWatches, lookAfterSessions } from './watch.ts';
export { sendReport } from './hub-report.ts';
export { createOutbox } from './outbox.ts';
export { countOpenSessions } from './open-here.ts';
