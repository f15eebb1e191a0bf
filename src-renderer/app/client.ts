import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-shared/contract.ts';
import type { SignedIn } from '../../src-shared/auth/model.ts';

/** Conditions of one call: `if-match`, `idempotency-key`. */
export interface CallOptions {
  headers?: Record<string, string>;
}
export type Client = ContractRouterClient<Contract, CallOptions>;

/** What the shell's preload puts into the window; absent in a browser. */
export interface ShellBridge {
  platform: string;
  version: string;
  secrets: { get(name: string): Promise<string | null>; set(name: string, value: string | null): Promise<void> };
}
declare global {
  interface Window {
    polevik?: ShellBridge;
  }
}

const REFRESH = 'refresh';
/** Operations that sign in themselves; a refusal of theirs is the answer, not a reason to refresh. */
const SIGN_IN = new Set(['login', 'register', 'refresh', 'linkLogin', 'status', 'logout']);

let accessToken: string | null = null;
let organizationId: string | null = null;
let language = 'ru';
let onSignedOut: () => void = () => {};

/** Keeps what signing in answered; the refresh token goes to the shell's vault, or stays in the browser's cookie. */
export async function keepSession(session: SignedIn): Promise<void> {
  accessToken = session.access_token;
  organizationId = session.organization.id;
  if (session.refresh_token && window.polevik) await window.polevik.secrets.set(REFRESH, session.refresh_token);
}

export async function dropSession(): Promise<void> {
  accessToken = null;
  await window.polevik?.secrets.set(REFRESH, null);
}

export const setClientLanguage = (next: string): void => {
  language = next;
};
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut = listener;
};

const headers = ({ context }: { context: CallOptions }): Record<string, string> => ({
  'accept-language': language,
  ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
  ...(organizationId ? { 'x-organization-id': organizationId } : {}),
  ...context?.headers,
});

/** Goes on in another organisation of the same person. @returns whether that worked */
export function switchOrganization(id: string): Promise<boolean> {
  organizationId = id;
  return refreshSession();
}

let refreshing: Promise<boolean> | null = null;

/** Gets a new access token, once for everybody who waits. @returns whether somebody is signed in. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= (async () => {
    try {
      const stored = await window.polevik?.secrets.get(REFRESH);
      if (window.polevik && !stored) return false;
      await keepSession(await client.auth.refresh({ ...(stored ? { refresh_token: stored } : {}), ...(organizationId ? { organization_id: organizationId } : {}) }));
      return true;
    } catch {
      return false;
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

interface LinkCall<Output> {
  path: readonly string[];
  next: () => Promise<Output>;
}

/** Repeats a call once with a fresh token when the old one has run out. */
async function withRefresh<Output>({ path, next }: LinkCall<Output>): Promise<Output> {
  try {
    return await next();
  } catch (error) {
    const over = error instanceof ORPCError && error.code === 'UNAUTHENTICATED' && !(path[0] === 'auth' && SIGN_IN.has(path[1] ?? ''));
    if (!over) throw error;
    if (await refreshSession()) return next();
    onSignedOut();
    throw error;
  }
}

function makeLink(port: MessagePort | null): FetchLink<CallOptions> | PortLink<CallOptions> {
  const options = { headers, interceptors: [withRefresh as never] };
  return port ? new PortLink<CallOptions>({ port, ...options }) : new FetchLink<CallOptions>({ url: `${window.location.origin}/rpc`, ...options });
}

const PORT_WAIT_MS = 10_000;

/** The shell hands the window one end of a channel to the core; a browser talks to its server. */
function receivePort(): Promise<MessagePort | null> {
  if (!window.polevik) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the core did not answer')), PORT_WAIT_MS);
    window.addEventListener('message', (event) => {
      const port = event.ports[0];
      if (event.source !== window || (event.data as { type?: string })?.type !== 'polevik:port' || !port) return;
      clearTimeout(timer);
      port.start();
      resolve(port);
    });
    window.postMessage({ type: 'polevik:ready' }, window.location.origin);
  });
}

export let client: Client;

/** Opens the way to the core; call it once before anything is rendered. */
export async function openClient(): Promise<void> {
  client = createORPCClient(makeLink(await receivePort()));
}
