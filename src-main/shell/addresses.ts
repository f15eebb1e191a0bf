import { readCode, readHubAddress } from '../../src-shared/sync/pairing.ts';

/** The program's own address: files come from the package, never from a network. */
export const SCHEME = 'app';
const HOST = 'polevik';
export const LINK_SCHEME = 'polevik';
/** Addresses that the shell answers itself; the page never uses them. */
export const SHELL_PATH = '/shell/';
export const TROUBLE_PATH = `${SHELL_PATH}trouble`;

const CARDS = new Set(['tickets', 'tasks', 'appointments', 'clients', 'companies', 'contacts', 'assets', 'contracts', 'articles']);
const PAGES = new Set(['desk', 'calendar', 'search', 'exchange', 'audit', 'trash', 'settings', ...CARDS]);
const FORMS = new Set(['tickets', 'tasks', 'appointments', 'clients']);
const NEW = 'new';
const PAIR = 'pair';
const RECORD = /^(\d{1,15}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

const parsed = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

export const ownUrl = (path: string): string => `${SCHEME}://${HOST}${path}`;

/** The path of one of our own addresses with its query, or null for every other address. */
export function ownPath(text: string): string | null {
  const url = parsed(text);
  if (!url || url.protocol !== `${SCHEME}:` || url.host !== HOST || url.username !== '' || url.password !== '') return null;
  return `${url.pathname}${url.search}`;
}

/** The page that a deep link means (`polevik://tickets/12` → `/tickets/12`), or null when it means none: a page we have, and at most one record of it or its empty form. */
export function pathOfLink(text: string): string | null {
  const url = parsed(text);
  if (!url || url.protocol !== `${LINK_SCHEME}:` || url.username !== '' || url.port !== '') return null;
  if (url.hostname === PAIR) return pathOfPairing(url);
  const [record, ...rest] = url.pathname.split('/').filter((part) => part !== '');
  if (!PAGES.has(url.hostname) || rest.length > 0) return null;
  if (record === undefined) return `/${url.hostname}`;
  // An empty form: nothing is written before a person saves it.
  if (record === NEW) return FORMS.has(url.hostname) ? `/${url.hostname}/${NEW}` : null;
  return CARDS.has(url.hostname) && RECORD.test(record) ? `/${url.hostname}/${record}` : null;
}

/** The page that joins a hub, with what a pairing link says filled in; a person sees it and adds a password. Null where a part is malformed. */
function pathOfPairing(url: URL): string | null {
  const code = url.searchParams.get('code') ?? '';
  const hub = readHubAddress(url.searchParams.get('hub') ?? '');
  return readCode(code) && hub && /^\/?$/.test(url.pathname) ? `/settings/sync?${new URLSearchParams({ code, hub })}` : null;
}

const OUTSIDE = new Set(['https:', 'mailto:', 'tel:']);
const MAX_OUTSIDE = 2048;

/** An address that may be handed to the system's own programs, in its normal spelling, or null. */
export function outsideUrl(text: string): string | null {
  const url = text.length <= MAX_OUTSIDE ? parsed(text) : null;
  return url && OUTSIDE.has(url.protocol) && url.username === '' && url.password === '' ? url.href : null;
}
