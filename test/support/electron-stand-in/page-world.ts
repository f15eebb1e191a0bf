// Texts of the scripts that run inside a page. Functions here are turned into text and run in Chromium; they see nothing of this file.

/** Name of the isolated world in which the preload script runs. */
export const WORLD = 'stand-in preload';
export const BINDING = 'standInCall';

/** In the page's own world: makes what the preload script exposed, out of its names; calls cross to the isolated world as events. */
function mainWorld(): void {
  let next = 1;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  type Shape = { kind: 'value'; value: unknown } | { kind: 'function' } | { kind: 'object'; members: Record<string, Shape> };
  const make = (shape: Shape, path: string[]): unknown => {
    if (shape.kind === 'value') return shape.value;
    if (shape.kind === 'object') return Object.freeze(Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, make(member, [...path, name])])));
    return (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        document.dispatchEvent(new CustomEvent('stand-in:call', { detail: JSON.stringify({ id, path, args }) }));
      });
  };
  document.addEventListener('stand-in:expose', (event) => {
    const { key, shape } = JSON.parse((event as CustomEvent<string>).detail) as { key: string; shape: Shape };
    if (!(key in window)) Object.defineProperty(window, key, { value: make(shape, [key]), enumerable: true });
  });
  document.addEventListener('stand-in:answer', (event) => {
    const { id, value, error } = JSON.parse((event as CustomEvent<string>).detail) as { id: number; value?: unknown; error?: string };
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value ?? null);
    else call?.reject(new Error(error));
  });
  document.dispatchEvent(new CustomEvent('stand-in:here'));
}

/** In the isolated world: makes the `require` of a sandboxed preload script, which knows `electron` and nothing else. */
function isolatedWorld(binding: string): (name: string) => unknown {
  const call = (message: Record<string, unknown>): void => (globalThis as unknown as Record<string, (text: string) => void>)[binding]?.(JSON.stringify(message));
  type Answer = (event: { ports: MessagePort[]; sender: null }, ...args: unknown[]) => void;
  const listeners = new Map<string, Answer[]>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ports = new Map<number, MessagePort>();
  let next = 1;

  const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const pack = (data: unknown): unknown => (data instanceof Uint8Array ? { bytes: toBase64(data) } : data instanceof ArrayBuffer ? { bytes: toBase64(new Uint8Array(data)) } : { plain: data });
  const unpack = (data: { bytes?: string; plain?: unknown }): unknown => (data.bytes === undefined ? data.plain : fromBase64(data.bytes));

  const exposed: { key: string; api: unknown }[] = [];
  const shapeOf = (value: unknown): unknown =>
    typeof value === 'function' ? { kind: 'function' } : typeof value === 'object' && value !== null ? { kind: 'object', members: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)])) } : { kind: 'value', value };
  const announce = (): void => {
    for (const { key, api } of exposed) document.dispatchEvent(new CustomEvent('stand-in:expose', { detail: JSON.stringify({ key, shape: shapeOf(api) }) }));
  };
  document.addEventListener('stand-in:here', announce);
  document.addEventListener('stand-in:call', (event) => {
    const { id, path, args } = JSON.parse((event as CustomEvent<string>).detail) as { id: number; path: string[]; args: unknown[] };
    const [key, ...rest] = path;
    const target = rest.reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], exposed.find((entry) => entry.key === key)?.api) as (...words: unknown[]) => unknown;
    const answer = (detail: Record<string, unknown>): void => void document.dispatchEvent(new CustomEvent('stand-in:answer', { detail: JSON.stringify({ id, ...detail }) }));
    Promise.resolve()
      .then(() => target(...args))
      .then((value) => answer({ value }))
      .catch((error: unknown) => answer({ error: String(error) }));
  });

  const electron = {
    contextBridge: {
      exposeInMainWorld: (key: string, api: unknown) => {
        exposed.push({ key, api });
        announce();
      },
    },
    ipcRenderer: {
      send: (channel: string, ...args: unknown[]) => call({ kind: 'send', channel, args }),
      invoke: (channel: string, ...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const id = next++;
          waiting.set(id, { resolve, reject });
          call({ kind: 'invoke', id, channel, args });
        }),
      on: (channel: string, listener: Answer) => void listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    },
  };
  type FromMain = { kind: 'answer'; id: number; value?: unknown; error?: string } | { kind: 'message'; channel: string; data: unknown; ports: number[] } | { kind: 'port'; id: number; data: { bytes?: string; plain?: unknown } };
  Object.assign(globalThis, {
    standInTake: (message: FromMain) => {
      if (message.kind === 'port') return ports.get(message.id)?.postMessage(unpack(message.data));
      if (message.kind === 'answer') {
        const asked = waiting.get(message.id);
        waiting.delete(message.id);
        return message.error === undefined ? asked?.resolve(message.value) : asked?.reject(new Error(message.error));
      }
      const arrived = message.ports.map((id) => {
        const channel = new MessageChannel();
        channel.port2.onmessage = (event) => call({ kind: 'port', id, data: pack(event.data) });
        ports.set(id, channel.port2);
        return channel.port1;
      });
      for (const listener of listeners.get(message.channel) ?? []) listener({ ports: arrived, sender: null }, message.data);
    },
  });
  return (name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  };
}

export const mainWorldScript = (): string => `(${mainWorld.toString()})()`;
export const isolatedWorldScript = (preload: string, process: { platform: string; argv: string[] }): string =>
  `((require, process) => {\n${preload}\n})((${isolatedWorld.toString()})(${JSON.stringify(BINDING)}), ${JSON.stringify(process)})`;
