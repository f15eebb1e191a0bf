import { contextBridge, ipcRenderer } from 'electron';
import { CHANNEL, PAGE_MESSAGE, VERSION_FLAG } from './channels.ts';

const version = process.argv.find((word) => word.startsWith(VERSION_FLAG))?.slice(VERSION_FLAG.length) ?? '';

contextBridge.exposeInMainWorld('polevik', {
  platform: process.platform,
  version,
  secrets: {
    get: (name: string): Promise<string | null> => ipcRenderer.invoke(CHANNEL.secretGet, name),
    set: (name: string, value: string | null): Promise<void> => ipcRenderer.invoke(CHANNEL.secretSet, name, value),
  },
});

// A port cannot cross the bridge, so it goes to the page by a message, once the page has said that it listens.
window.addEventListener('message', (event) => {
  if (event.source === window && (event.data as { type?: unknown } | null)?.type === PAGE_MESSAGE.ready) ipcRenderer.send(CHANNEL.wantPort);
});
ipcRenderer.on(CHANNEL.port, (event) => window.postMessage({ type: PAGE_MESSAGE.port }, window.location.origin, event.ports));
