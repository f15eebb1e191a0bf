import { RPCHandler } from '@orpc/server/message-port';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import type { CallContext } from './call.ts';
import { DEFAULT_PORT, readConfig } from './config.ts';
import { createCore, type Core } from './core.ts';
import { router } from './router.ts';
import { seedDemo } from '../seed/index.ts';
import { createHttpDoor, type HttpDoor } from '../server/server.ts';
import { windowContext, withHeaders } from './window-door.ts';

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: { type: string }; ports: WindowPort[] }) => void): void;
  postMessage(message: unknown): void;
}
type WindowPort = Parameters<RPCHandler<CallContext>['upgrade']>[0] & { start?: () => void };

const { parentPort } = process as unknown as { parentPort: ParentPort };
const flag = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at >= 0 ? process.argv[at + 1] : undefined;
};

/** Programs of this machine reach the core of a window too. Where another holds the port, the window works without that door. */
async function listen(http: HttpDoor, core: Core): Promise<string | undefined> {
  const port = Number(flag('--port') ?? DEFAULT_PORT);
  try {
    return await http.listen({ port });
  } catch (error) {
    core.house.log.warn({ err: error, port }, 'the port of the HTTP door is taken');
    return undefined;
  }
}

async function run(): Promise<void> {
  const waiting: WindowPort[] = [];
  let attach = (port: WindowPort): void => void waiting.push(port);
  parentPort.on('message', ({ data, ports }) => {
    if (data.type === 'port' && ports[0]) attach(ports[0]);
    if (data.type === 'stop') void stop();
    if (data.type === 'update') core?.house.updates.heard(data);
  });
  let core: Core | null = null;
  let close: () => Promise<void> = async () => {};
  const stop = async (): Promise<void> => {
    await close();
    await core?.close();
    process.exit(0);
  };
  try {
    const demo = process.argv.includes('--demo');
    core = await createCore({ config: readConfig({ dataDir: flag('--data-dir'), demo }) });
    const opened = core;
    if (demo) await seedDemo(opened.house);
    const http = await createHttpDoor(opened);
    opened.house.sync.startAgents();
    opened.house.jobs.onFailed((name) => parentPort.postMessage({ type: 'job_failed', name }));
    opened.house.notices.listen((notice) => parentPort.postMessage({ type: 'notice', ...notice }));
    opened.house.jobs.start();
    const updater = flag('--updater');
    if (updater === 'nsis' || updater === 'appimage') opened.house.updates.attach(updater, (order) => parentPort.postMessage(order));
    close = () => http.close();
    const handler = new RPCHandler<CallContext>(router, { interceptors: [withHeaders] });
    attach = (port) => {
      handler.upgrade(port, { context: windowContext(opened.house) });
      port.start?.();
    };
    for (const port of waiting.splice(0)) attach(port);
    parentPort.postMessage({ type: 'ready', url: await listen(http, opened) });
    opened.house.updates.begin();
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'INTERNAL';
    const message = error instanceof AppError ? translateError(process.env['POLEVIK_LANGUAGE'] === 'en' ? 'en' : 'ru', error.code, error.data) : String(error);
    parentPort.postMessage({ type: 'fatal', code, message });
  }
}

void run();
