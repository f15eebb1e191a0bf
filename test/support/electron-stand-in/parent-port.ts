// Gives a Node process what Electron gives a utility process: `process.parentPort` with ports that arrive in messages.
import { EventEmitter } from 'node:events';

type FromParent = { kind: 'message'; data: unknown; ports: number[] } | { kind: 'port'; id: number; data: unknown };

const send = process.send?.bind(process) ?? (() => false);
Object.assign(process, { send: undefined });

class Port extends EventEmitter {
  #id: number;
  #waiting: unknown[] = [];
  #started = false;
  constructor(id: number) {
    super();
    this.#id = id;
  }
  postMessage(data: unknown): void {
    send({ kind: 'port', id: this.#id, data });
  }
  start(): void {
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
  }
  take(data: unknown): void {
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }
}

const ports = new Map<number, Port>();

class ParentPort extends EventEmitter {
  #waiting: { data: unknown; ports: Port[] }[] = [];
  constructor() {
    super();
    this.on('newListener', (event) => {
      if (event === 'message') setImmediate(() => this.#waiting.splice(0).forEach((message) => this.emit('message', message)));
    });
  }
  take(message: { data: unknown; ports: Port[] }): void {
    if (this.listenerCount('message') > 0) this.emit('message', message);
    else this.#waiting.push(message);
  }
  postMessage(data: unknown): void {
    send({ kind: 'message', data });
  }
}

const parentPort = new ParentPort();
Object.assign(process, { parentPort });
process.on('message', (message: FromParent) => {
  if (message.kind === 'port') return ports.get(message.id)?.take(message.data);
  const arrived = message.ports.map((id) => new Port(id));
  arrived.forEach((port, index) => ports.set(message.ports[index] as number, port));
  parentPort.take({ data: message.data, ports: arrived });
});
