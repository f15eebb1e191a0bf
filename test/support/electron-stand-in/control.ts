// Lets the test that started this process ask what the program has done, and do to it what only Electron or the system can do.
import { app, Refusable } from './app.ts';
import { everythingRecorded } from './record.ts';
import { chooseInTray, clickNotice } from './desktop.ts';
import { askPermission, isRefused } from './session.ts';
import { crashUtilityProcesses } from './utility-process.ts';
import { allContents } from './web-contents.ts';

export type Question = { ask: 'recorded' } | { ask: 'permission'; permission: string; url: string } | { ask: 'refused'; url: string } | { ask: 'navigate'; url: string } | { ask: 'crash-core' } | { ask: 'crash-page' } | { ask: 'tray'; label: string } | { ask: 'notice' } | { ask: 'quit' };

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'recorded':
      return everythingRecorded();
    case 'permission':
      return askPermission(question.permission, question.url);
    case 'refused':
      return isRefused(question.url);
    case 'navigate': {
      const event = Object.assign(new Refusable(), { url: question.url, isMainFrame: true });
      allContents()[0]?.emit('will-navigate', event);
      return event.defaultPrevented;
    }
    case 'notice':
      return clickNotice();
    case 'tray':
      return chooseInTray(question.label);
    case 'quit':
      return app.quit();
    case 'crash-core':
      return crashUtilityProcesses();
    case 'crash-page':
      return allContents()[0]?.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
  }
}

process.on('message', (message: Question & { id: number }) => void answer(message).then((value) => process.send?.({ id: message.id, value })));
process.channel?.unref();
