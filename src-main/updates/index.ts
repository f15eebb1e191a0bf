export { updatesHandlers } from './handlers.ts';
export { signFolder, writeKeyPair } from './publish.ts';
export { registerUpdates } from './routes.ts';
export { createUpdates, type Updates } from './service.ts';
