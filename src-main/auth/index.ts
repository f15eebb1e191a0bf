export { createDirectory } from './directory.ts';
export { createAuth, type Auth } from './service.ts';
export { authRoutes } from './routes.ts';
