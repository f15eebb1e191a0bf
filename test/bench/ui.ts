import type { Browser, BrowserContext, Page } from '@playwright/test';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ADMIN, warm, workingData } from './lib/data.ts';
import { median, readOptions, report, ROOT, say, type Figure } from './lib/report.ts';
import { startServer } from './lib/server.ts';

const options = readOptions();
const ROUNDS = 7;

/** A page, and what must be on it before somebody can work with it. */
const PAGES: { name: string; path: string; there: (page: Page) => Promise<void> }[] = [
  { name: 'desk', path: '/desk', there: (page) => page.getByRole('heading', { level: 1 }).waitFor() },
  { name: 'tickets', path: '/tickets', there: (page) => page.getByRole('row').nth(10).waitFor() },
  { name: 'clients', path: '/clients', there: (page) => page.getByRole('row').nth(10).waitFor() },
];

// Loaded as it is: the browser's package starts programs from beside its own files.
const { launchBrowser } = (await import(/* @vite-ignore */ pathToFileURL(join(ROOT, 'test/support/browser.ts')).href)) as { launchBrowser: () => Promise<Browser> };

/** How long nothing new must appear before the page counts as complete. */
const QUIET_MS = 700;

/** Milliseconds from the start of the navigation until everything stands that is going to, and the page has time for a key. */
async function interactive(page: Page, url: string, there: (page: Page) => Promise<void>): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  await there(page);
  await page.waitForTimeout(QUIET_MS);
  return page.evaluate(() => (window as unknown as { interactiveAt: number }).interactiveAt);
}

/** Notes in the page itself when its main thread first had time after the last change of what is shown. */
const WATCH = `
  (() => {
    let timer;
    const settled = () => { window.interactiveAt = performance.now(); };
    new MutationObserver((changes) => {
      if (!changes.some((change) => change.addedNodes.length > 0)) return;
      clearTimeout(timer);
      timer = setTimeout(settled, 0);
    }).observe(document, { childList: true, subtree: true });
  })();
`;

const data = await workingData(options.size);
const server = await startServer(data.dir);
const browser = await launchBrowser();
try {
  warm(data.file);
  /** A browser that has nothing kept but a signed-in session. */
  const open = async (): Promise<BrowserContext> => {
    const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 1440, height: 900 } });
    await context.addInitScript(WATCH);
    const answer = await context.request.post(`${server.url}/rpc/auth/login`, { data: { json: { email: ADMIN.email, password: ADMIN.password } } });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
    return context;
  };
  const figures: Figure[] = [];
  for (const { name, path, there } of PAGES) {
    const fresh: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const context = await open();
      const page = await context.newPage();
      fresh.push(await interactive(page, server.url + path, there));
      again.push(await interactive(page, server.url + path, there));
      await context.close();
    }
    say(`${name}: ${fresh.map(Math.round).join(', ')} ms with an empty cache; ${again.map(Math.round).join(', ')} ms with what the browser has kept`);
    figures.push({ name: `${name}_first_visit`, value: median(fresh), unit: 'ms', target: { at_most: 1500 } }, { name: `${name}_again`, value: median(again), unit: 'ms', target: { at_most: 1500 } });
  }
  report('ui', options, figures, { ...data.sizes, browser: browser.version() });
} finally {
  await browser.close();
  await server.stop();
  data.remove();
}
