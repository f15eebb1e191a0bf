import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { MovedPorts, type MessagePortMain } from './ports.ts';
import { record } from './record.ts';

type FromChild = { kind: 'message'; data: unknown } | { kind: 'port'; id: number; data: unknown };

const running = new Set<UtilityProcess>();

class UtilityProcess extends EventEmitter {
  #child: ChildProcess;
  #moved = new MovedPorts();
  stdout: ChildProcess['stdout'];
  stderr: ChildProcess['stderr'];

  constructor(script: string, args: string[], env: NodeJS.ProcessEnv | undefined) {
    super();
    const shim = new URL('./parent-port.ts', import.meta.url).href;
    this.#child = fork(script, args, { execArgv: ['--import', shim], serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#child.on('message', (message: FromChild) => {
      if (message.kind === 'message') this.emit('message', message.data);
      else this.#moved.posted(message.id, message.data);
    });
    this.#child.on('exit', (code, signal) => {
      running.delete(this);
      this.#moved.closeAll();
      this.emit('exit', code ?? (signal ? 1 : 0));
    });
    running.add(this);
  }
  get pid(): number | undefined {
    return this.#child.pid;
  }
  postMessage(data: unknown, transfer: MessagePortMain[] = []): void {
    const ports = transfer.map((port) => this.#moved.add(port, (id, posted) => this.#send({ kind: 'port', id, data: posted })));
    this.#send({ kind: 'message', data, ports });
  }
  kill = (): boolean => this.#child.kill('SIGKILL');

  #send(message: Record<string, unknown>): void {
    if (this.#child.connected) this.#child.send(message);
  }
}

export const utilityProcess = {
  fork(script: string, args: string[] = [], options: { env?: NodeJS.ProcessEnv; serviceName?: string } = {}): UtilityProcess {
    if (!app.isReady) throw new Error('utilityProcess.fork can only be called after app is ready');
    record('utilityProcess.fork', { script, args, serviceName: options.serviceName });
    return new UtilityProcess(script, args, options.env);
  },
};

/** Ends every utility process at once, as a crash does. */
export const crashUtilityProcesses = (): void => {
  for (const child of running) child.kill();
};
process.on('exit', crashUtilityProcesses);
