import { chromium, type BrowserContext, type CDPSession, type Page, type Route } from '@playwright/test';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { Refusable } from './app.ts';
import { BINDING, isolatedWorldScript, mainWorldScript, WORLD } from './page-world.ts';
import { MovedPorts, type MessagePortMain } from './ports.ts';
import { record } from './record.ts';
import { ipcMain } from './services.ts';
import { answerOf, isRefused } from './session.ts';

export interface WebPreferences {
  preload?: string;
  additionalArguments?: string[];
  [name: string]: unknown;
}

/** Chromium does not know the scheme `app:`. Its pages live at this address instead, which never leaves the machine and counts as secure. */
const SHOWN = 'http://polevik.localhost';
const toShown = (url: string): string => url.replace(/^app:\/\/polevik/, SHOWN);
const toOwn = (url: string): string => url.replace(SHOWN, 'app://polevik');

let context: Promise<BrowserContext> | null = null;
const byPage = new Map<Page, WebContents>();

function browserContext(): Promise<BrowserContext> {
  context ??= (async () => {
    const browser = await chromium.connectOverCDP(process.env['STAND_IN_CHROMIUM'] ?? '');
    const [first] = browser.contexts();
    if (!first) throw new Error('Chromium has no context');
    await first.route('**/*', async (route) => {
      const page = pageOf(route);
      const contents = page && byPage.get(page);
      if (page && contents) return contents.answer(route, page);
      // Somebody called window.open: Electron asks the program before there is a page, so that the page Chromium makes is never shown.
      all.at(-1)?.askToOpen(toOwn(route.request().url()));
      await route.fulfill({ status: 204 });
    });
    first.on('page', (page) => void setTimeout(() => byPage.has(page) || page.isClosed() || void page.close(), STRANGER_MS));
    return first;
  })();
  return context;
}

/** A page that a BrowserWindow makes is known to it by then; one that nobody knows came from window.open. */
const STRANGER_MS = 1000;

/** The page of a request, or null while Chromium has none yet: the first request of a window that is being opened. */
function pageOf(route: Route): Page | null {
  try {
    return route.request().frame().page();
  } catch {
    return null;
  }
}

type WindowOpenHandler = (details: { url: string }) => { action: string };
type FromPage = { kind: 'send'; channel: string; args: unknown[] } | { kind: 'invoke'; id: number; channel: string; args: unknown[] } | { kind: 'port'; id: number; data: { bytes?: string; plain?: unknown } };

const packed = (data: unknown): unknown => (data instanceof Uint8Array ? { bytes: Buffer.from(data).toString('base64') } : { plain: data });
const unpacked = (data: { bytes?: string; plain?: unknown }): unknown => (data.bytes === undefined ? data.plain : new Uint8Array(Buffer.from(data.bytes, 'base64')));

const all: WebContents[] = [];
export const allContents = (): readonly WebContents[] => all;

export class WebContents extends EventEmitter {
  mainFrame = { url: '' };
  #page: Promise<Page>;
  #cdp: CDPSession | null = null;
  #world: number | null = null;
  #moved = new MovedPorts();
  /** The address that the main process has asked for; what a page asks for by itself is a navigation of its own. */
  #expected = '';
  #loads: Promise<void> = Promise.resolve();
  #openHandler: WindowOpenHandler = () => ({ action: 'allow' });
  #preferences: WebPreferences;

  constructor(preferences: WebPreferences, size: { width: number; height: number }) {
    super();
    this.#preferences = preferences;
    this.#page = this.#open(size);
    all.push(this);
  }
  getURL = (): string => this.mainFrame.url;
  setWindowOpenHandler = (handler: WindowOpenHandler): void => void (this.#openHandler = handler);
  isDestroyed = (): boolean => !all.includes(this);

  loadURL = (url: string): Promise<void> => this.#inTurn(url, (page) => page.goto(toShown(url)));
  reload(): void {
    const url = this.mainFrame.url;
    void this.#inTurn(url, (page) => page.reload()).catch(() => undefined);
  }
  /** One load after the other, so that the last one asked for is the one that stays. */
  #inTurn(url: string, load: (page: Page) => Promise<unknown>): Promise<void> {
    const turn = this.#loads.then(async () => {
      const page = await this.#page;
      this.#expected = url;
      await load(page);
      this.emit('loaded');
    });
    this.#loads = turn.catch(() => undefined);
    return turn;
  }
  async closePage(): Promise<void> {
    const page = await this.#page;
    if (!page.isClosed()) await page.close();
  }
  postMessage(channel: string, data: unknown, transfer: MessagePortMain[] = []): void {
    const ports = transfer.map((port) => this.#moved.add(port, (id, posted) => this.#tell({ kind: 'port', id, data: packed(posted) })));
    this.#tell({ kind: 'message', channel, data, ports });
  }

  async #open(size: { width: number; height: number }): Promise<Page> {
    const pages = await browserContext();
    const page = await pages.newPage();
    byPage.set(page, this);
    await page.setViewportSize(size);
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.mainFrame.url = toOwn(frame.url());
    });
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }));
    page.on('close', () => {
      all.splice(all.indexOf(this), 1);
      byPage.delete(page);
      this.#moved.closeAll();
      this.emit('closed');
    });
    await this.#prepareWorlds(page, pages);
    return page;
  }

  async #prepareWorlds(page: Page, pages: BrowserContext): Promise<void> {
    const cdp = await pages.newCDPSession(page);
    this.#cdp = cdp;
    cdp.on('Runtime.executionContextCreated', ({ context: created }) => {
      if (created.name === WORLD) this.#world = created.id;
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === BINDING) void this.#heard(JSON.parse(payload) as FromPage);
    });
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript() });
    if (!this.#preferences.preload) return;
    const source = isolatedWorldScript(readFileSync(this.#preferences.preload, 'utf8'), { platform: process.platform, argv: ['electron', ...(this.#preferences.additionalArguments ?? [])] });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD });
  }

  async #heard(message: FromPage): Promise<void> {
    if (message.kind === 'port') return this.#moved.posted(message.id, unpacked(message.data));
    const event = { sender: this, senderFrame: this.mainFrame, ports: [] };
    if (message.kind === 'send') return void ipcMain.emit(message.channel, event, ...message.args);
    try {
      const handler = ipcMain.handlers.get(message.channel);
      if (!handler) throw new Error(`no handler for ${message.channel}`);
      this.#tell({ kind: 'answer', id: message.id, value: await handler(event, ...message.args) });
    } catch (error) {
      this.#tell({ kind: 'answer', id: message.id, error: String(error) });
    }
  }
  #tell(message: Record<string, unknown>): void {
    if (this.#world === null) return;
    void this.#cdp?.send('Runtime.evaluate', { expression: `standInTake(${JSON.stringify(message)})`, contextId: this.#world }).catch(() => undefined);
  }

  async answer(route: Route, page: Page): Promise<void> {
    const request = route.request();
    const url = toOwn(request.url());
    if (await isRefused(url)) {
      record('refused', { url });
      return route.abort('blockedbyclient');
    }
    if (request.isNavigationRequest() && request.frame() === page.mainFrame() && this.#expected !== url) {
      const event = Object.assign(new Refusable(), { url, isMainFrame: true });
      this.emit('will-navigate', event);
      if (event.defaultPrevented) return route.abort('aborted');
    }
    if (!url.startsWith('app:')) return route.abort('failed');
    const response = await answerOf(url);
    record('served', { path: new URL(url).pathname, status: response.status, headers: Object.fromEntries(response.headers) });
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) });
  }

  askToOpen = (url: string): { action: string } => this.#openHandler({ url });
}
