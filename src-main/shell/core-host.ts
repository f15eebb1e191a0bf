import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import { CHANNEL } from './channels.ts';

/** Why the core would not start, in its own words. */
export interface Fatal {
  code: string;
  message: string;
}

interface CoreHostOptions {
  /** The bundled core. */
  script: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Takes what the core logs. */
  log(text: string): void;
  /** The core has opened its data and answers. */
  onReady(): void;
  onFatal(fatal: Fatal): void;
  /** The core has something to tell; nobody has looked at it yet. */
  onNotice(message: object): void;
  /** A job of the timetable has failed. */
  onJobFailed(name: string): void;
  /** The core had died and works again. */
  onRestarted(): void;
  /** Anything else that the core says. */
  onMessage(message: unknown): void;
  /** The process is gone, for whatever reason. */
  onGone(): void;
  /** The core dies again and again. */
  onGivenUp(): void;
}

/** The core in a process of its own: started again when it dies, asked to stop in order. */
export interface CoreHost {
  start(): void;
  /** Gives a page its own line to the core; the main process is not on it. */
  attach(contents: WebContents): void;
  /** Says something to the core; false where there is none. */
  send(message: unknown): boolean;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

const RESTARTS = 3;
const WITHIN_MS = 60_000;
const STOP_MS = 8_000;

const isFatal = (message: unknown): message is Fatal & { type: 'fatal' } =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'fatal' && 'code' in message && typeof message.code === 'string' && 'message' in message && typeof message.message === 'string';
const failedJob = (message: unknown): string | null =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'job_failed' && 'name' in message && typeof message.name === 'string' ? message.name : null;
const isReady = (message: unknown): boolean => typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';

export function createCoreHost(options: CoreHostOptions): CoreHost {
  let child: UtilityProcess | null = null;
  let stopping = false;
  let deaths: number[] = [];

  function start(): void {
    if (child) return;
    stopping = false;
    const started = utilityProcess.fork(options.script, [...options.args], { serviceName: 'Polevik core', stdio: 'pipe', env: options.env });
    child = started;
    for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk: Buffer) => options.log(chunk.toString()));
    let refused = false;
    started.on('message', (message: unknown) => {
      if (isReady(message)) options.onReady();
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'notice') options.onNotice(message);
      const failed = failedJob(message);
      if (failed !== null) options.onJobFailed(failed);
      if (isReady(message) && deaths.length > 0) options.onRestarted();
      options.onMessage(message);
      if (!isFatal(message)) return;
      refused = true;
      options.onFatal({ code: message.code, message: message.message });
      started.kill();
    });
    started.on('exit', () => {
      if (child === started) child = null;
      options.onGone();
      if (!refused && !stopping) recover();
    });
  }

  function recover(): void {
    const now = Date.now();
    deaths = [...deaths.filter((death) => now - death < WITHIN_MS), now];
    if (deaths.length <= RESTARTS) return start();
    deaths = [];
    options.onGivenUp();
  }

  return {
    start,
    attach: (contents) => {
      if (!child) return;
      const { port1, port2 } = new MessageChannelMain();
      child.postMessage({ type: 'port' }, [port1]);
      contents.postMessage(CHANNEL.port, null, [port2]);
    },
    send: (message) => {
      child?.postMessage(message);
      return child !== null;
    },
    stop: async () => {
      stopping = true;
      const last = child;
      if (!last) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => last.kill(), STOP_MS);
        last.once('exit', () => {
          clearTimeout(timer);
          resolve();
        });
        last.postMessage({ type: 'stop' });
      });
    },
  };
}
