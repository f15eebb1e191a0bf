import { shell, type IpcMainEvent, type IpcMainInvokeEvent, type Session, type WebContents } from 'electron';
import { outsideUrl, ownPath, SHELL_PATH } from './addresses.ts';

/** The one thing a page may ask the browser for: to put a text it shows (a code, a token) on the clipboard. */
const GRANTED = 'clipboard-sanitized-write';
const LOCAL = new Set(['app:', 'blob:', 'data:']);

/** Closes a session: no permission, no device, no address but our own. Call it before the first window. */
export function guardSession(session: Session, developing: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => decide(permission === GRANTED && ownPath(details.requestingUrl) !== null));
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === GRANTED && ownPath(`${origin.replace(/\/$/, '')}/`) !== null);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, decide) => decide({}));
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((request, decide) => {
    const { protocol } = new URL(request.url);
    decide({ cancel: !LOCAL.has(protocol) && !(developing && protocol === 'devtools:') });
  });
}

interface Reactions {
  /** Our own page wants one of our own addresses in a window of its own. */
  openWindow(path: string): void;
  /** A link of the shell's own page was followed. */
  shellAction(path: string): void;
}

/** Keeps a page where it is: other addresses of ours open in a window, allow-listed ones in the system's programs, the rest nowhere. */
export function guardContents(contents: WebContents, { openWindow, shellAction }: Reactions): void {
  const leave = (url: string): void => {
    const outside = outsideUrl(url);
    if (outside) void shell.openExternal(outside);
  };
  const stay = (event: { preventDefault(): void; url: string }): void => {
    const path = ownPath(event.url);
    if (path !== null && !path.startsWith(SHELL_PATH)) return;
    event.preventDefault();
    if (path === null) leave(event.url);
    else if (ownPath(contents.getURL())?.startsWith(SHELL_PATH)) shellAction(path);
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const path = ownPath(url);
    if (path === null) leave(url);
    else if (!path.startsWith(SHELL_PATH)) openWindow(path);
    return { action: 'deny' };
  });
}

/** Whether a message comes from the top frame of our own page. Everything that listens asks this first. */
export function isFromOwnPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  if (!frame || frame !== event.sender.mainFrame) return false;
  const path = ownPath(frame.url);
  return path !== null && !path.startsWith(SHELL_PATH);
}
