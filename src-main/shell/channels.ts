/** Names of what passes between the page's preload script and the main process; nothing else is listened to. */
export const CHANNEL = { wantPort: 'polevik:want-port', port: 'polevik:port', secretGet: 'polevik:secret-get', secretSet: 'polevik:secret-set' } as const;

/** What the preload script and the page say to each other with `window.postMessage`. */
export const PAGE_MESSAGE = { ready: 'polevik:ready', port: 'polevik:port' } as const;

/** How the version reaches the sandboxed preload script, which can read its own arguments and little else. */
export const VERSION_FLAG = '--polevik-version=';
