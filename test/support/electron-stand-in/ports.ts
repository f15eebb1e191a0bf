import { EventEmitter } from 'node:events';

/** Takes what is sent to a port that has moved to another process or into a page. */
export type Remote = (data: unknown) => void;

/** One end of a channel. While it is here it emits `message`; once moved it only hands on. */
export class MessagePortMain extends EventEmitter {
  peer: MessagePortMain | null = null;
  #remote: Remote | null = null;
  #waiting: unknown[] = [];
  #started = false;

  postMessage(data: unknown): void {
    this.peer?.take(data);
  }
  start(): void {
    this.#started = true;
    this.#drain();
  }
  close(): void {
    const { peer } = this;
    this.peer = null;
    if (!peer) return;
    peer.peer = null;
    peer.emit('close');
  }
  /** This end now lives elsewhere; what arrives for it goes there. */
  moveTo(remote: Remote): void {
    this.#remote = remote;
    this.#drain();
  }
  take(data: unknown): void {
    this.#waiting.push(data);
    this.#drain();
  }
  #drain(): void {
    if (!this.#remote && !this.#started) return;
    for (const data of this.#waiting.splice(0)) {
      if (this.#remote) this.#remote(data);
      else this.emit('message', { data, ports: [] });
    }
  }
}

export class MessageChannelMain {
  port1 = new MessagePortMain();
  port2 = new MessagePortMain();
  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

/** Ports that have moved to one other place, by the number under which they travel. */
export class MovedPorts {
  #ports = new Map<number, MessagePortMain>();
  #next = 1;

  add(port: MessagePortMain, send: (id: number, data: unknown) => void): number {
    const id = this.#next++;
    this.#ports.set(id, port);
    port.moveTo((data) => send(id, data));
    return id;
  }
  /** Something the other place posted on its end. */
  posted(id: number, data: unknown): void {
    this.#ports.get(id)?.postMessage(data);
  }
  closeAll(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }
}
