export { assetsHandlers } from './handlers.ts';
export { assets } from './service.ts';
