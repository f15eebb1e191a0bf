import { SHELL_PATH } from './addresses.ts';
import { say } from './words.ts';

/** What keeps the program from showing its pages. */
export interface Trouble {
  title: string;
  message: string;
  code: string;
  folder: string;
  /** What is to be said where the trouble began with an update. */
  update: readonly string[];
}

export const TROUBLE_ACTION = { retry: `${SHELL_PATH}retry`, folder: `${SHELL_PATH}folder`, quit: `${SHELL_PATH}quit` } as const;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
  main { max-width: 34rem; padding: 2rem; }
  h1 { font-size: 1.35rem; margin: 0 0 .75rem; }
  p { margin: 0 0 .75rem; }
  .quiet { opacity: .7; font-size: .875rem; overflow-wrap: anywhere; }
  nav { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1.25rem; }
  a { padding: .45rem .9rem; border: 1px solid GrayText; border-radius: 6px; color: inherit; text-decoration: none; }
  a:first-child { background: #0b7285; border-color: #0b7285; color: #fff; }
  a:focus-visible { outline: 3px solid #3bc9db; outline-offset: 2px; }
`;

/** The page for a start that failed: what happened, what is safe, what can be done. Plain HTML with links, since nothing else may work. */
export function troublePage(language: string, trouble: Trouble): string {
  const link = (path: string, key: string): string => `<a href="${path}">${escape(say(key))}</a>`;
  return `<!doctype html>
<html lang="${language}">
  <head><meta charset="utf-8"><title>${escape(trouble.title)}</title><style>${STYLE}</style></head>
  <body>
    <main>
      <h1>${escape(trouble.title)}</h1>
      <p>${escape(trouble.message)}</p>
      <p>${escape(say('trouble.safe'))}</p>
${trouble.update.map((sentence) => `      <p>${escape(sentence)}</p>\n`).join('')}      <p class="quiet">${escape(say('trouble.folder', { folder: trouble.folder }))}<br>${escape(say('trouble.code', { code: trouble.code }))}</p>
      <nav>${link(TROUBLE_ACTION.retry, 'trouble.retry')}${link(TROUBLE_ACTION.folder, 'trouble.open_folder')}${link(TROUBLE_ACTION.quit, 'trouble.quit')}</nav>
    </main>
  </body>
</html>`;
}
