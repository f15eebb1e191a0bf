import { app } from './app.ts';
import { record } from './record.ts';

interface Details {
  requestingUrl: string;
}
type PermissionRequest = (contents: unknown, permission: string, decide: (granted: boolean) => void, details: Details) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string, details: Details) => boolean;
type BeforeRequest = (request: { url: string }, decide: (answer: { cancel?: boolean }) => void) => void;

const handlers: { request?: PermissionRequest; check?: PermissionCheck; device?: (details: unknown) => boolean; before?: BeforeRequest } = {};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: PermissionRequest) => void (handlers.request = handler),
    setPermissionCheckHandler: (handler: PermissionCheck) => void (handlers.check = handler),
    setDevicePermissionHandler: (handler: (details: unknown) => boolean) => void (handlers.device = handler),
    setDisplayMediaRequestHandler: () => record('session.setDisplayMediaRequestHandler'),
    setSpellCheckerEnabled: (enabled: boolean) => record('session.setSpellCheckerEnabled', { enabled }),
    webRequest: { onBeforeRequest: (handler: BeforeRequest) => void (handlers.before = handler) },
  },
  fromPartition: (name: string): { name: string } => ({ name }),
};

/** What the program answers to a permission that a page at `url` asks for; without handlers Electron grants everything. */
export async function askPermission(permission: string, url: string): Promise<{ request: boolean; check: boolean; device: boolean }> {
  const { request, check, device } = handlers;
  return {
    request: request ? await new Promise<boolean>((decide) => request(null, permission, decide, { requestingUrl: url })) : true,
    check: check ? check(null, permission, new URL(url).protocol === 'app:' ? 'app://polevik' : new URL(url).origin, { requestingUrl: url }) : true,
    device: device ? device({}) : true,
  };
}

/** Whether the program lets a request out. */
export async function isRefused(url: string): Promise<boolean> {
  const { before } = handlers;
  return before ? new Promise((resolve) => before({ url }, ({ cancel }) => resolve(cancel === true))) : false;
}

type Handler = (request: Request) => Promise<Response> | Response;
const schemes = new Map<string, Handler>();

export const protocol = {
  registerSchemesAsPrivileged: (list: unknown[]): void => record('protocol.registerSchemesAsPrivileged', { list, ready: app.isReady }),
  handle(scheme: string, handler: Handler): void {
    record('protocol.handle', { scheme, ready: app.isReady });
    schemes.set(scheme, handler);
  },
};

/** The program's own answer to an address of its scheme. */
export async function answerOf(url: string): Promise<Response> {
  const handler = schemes.get(new URL(url).protocol.slice(0, -1));
  return handler ? handler(new Request(url)) : new Response('', { status: 404 });
}
