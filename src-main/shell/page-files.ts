import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { ownPath, SHELL_PATH } from './addresses.ts';

/** No inline script, nothing from elsewhere; styles inline, because the component library writes them so. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
};

const answer = (status: number, body: string | Uint8Array<ArrayBuffer>, type: string): Response =>
  new Response(body, { status, headers: { 'content-type': type, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' } });

/** The file under `folder` that a path names, or null when it would lie outside. */
export function fileWithin(folder: string, pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const file = normalize(join(folder, path));
  return file.startsWith(folder + sep) ? file : null;
}

/**
 * Answers the requests of our own pages: files of the built page, the page itself for each of its addresses, and what the shell says.
 * @param shellPage HTML for an address under `/shell/`, or null when there is none
 */
export function pageFiles(folder: string, shellPage: (path: string) => string | null): (request: { method: string; url: string }) => Promise<Response> {
  const html = TYPES['.html'] as string;
  return async ({ method, url }) => {
    const path = ownPath(url)?.split('?')[0];
    if (path === undefined || method !== 'GET') return answer(403, '', 'text/plain');
    if (path.startsWith(SHELL_PATH)) {
      const page = shellPage(path);
      return page === null ? answer(404, '', 'text/plain') : answer(200, page, html);
    }
    const type = TYPES[extname(path)];
    const file = fileWithin(folder, type ? path : '/index.html');
    if (file === null) return answer(403, '', 'text/plain');
    try {
      return answer(200, new Uint8Array(await readFile(file)), type ?? html);
    } catch {
      return answer(404, '', 'text/plain');
    }
  };
}
