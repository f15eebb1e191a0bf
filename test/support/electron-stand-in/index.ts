// A stand-in for the `electron` module, for machines that cannot have its executable. It is NOT Electron: the main process is Node, a
// window is a page of a real headless Chromium reached over its debugging protocol, the preload script runs in an isolated world of that
// page, and a utility process is a Node process with `process.parentPort`. The program's built files run in it unchanged. What the
// program sets for its safety is written down (see record.ts), so that tests can read it; Electron's own enforcement is not imitated,
// except where a test needs to see the program react (navigation, new windows, requests).
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { net } from './net.ts';
export { MessageChannelMain } from './ports.ts';
export { protocol, session } from './session.ts';
export { crashReporter, Notification, Tray } from './desktop.ts';
export { dialog, ipcMain, Menu, safeStorage, screen, shell } from './services.ts';
export { utilityProcess } from './utility-process.ts';
