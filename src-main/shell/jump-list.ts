import { app, type JumpListCategory } from 'electron';
import { wordsOfLaunch } from './background.ts';
import type { WindowLaunch } from './command-line.ts';
import { say } from './words.ts';

/** What stands on the program's button in the task bar; each is a deep link, so that the running program takes it over. */
const TASKS = [
  { key: 'new_ticket', link: 'polevik://tickets/new' },
  { key: 'new_task', link: 'polevik://tasks/new' },
  { key: 'desk', link: 'polevik://desk' },
] as const;

/** One word of a Windows command line, as the program's own reader takes it apart again: quotes around, and backslashes before a quote doubled. */
export function quoted(word: string): string {
  return /^[\w\-:/.]+$/.test(word) ? word : `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** The list of the button in the task bar, for this data folder. */
export function jumpList(launch: WindowLaunch, program: string): JumpListCategory[] {
  const items = TASKS.map(({ key, link }) => ({
    type: 'task' as const,
    title: say(`tray.${key}`),
    description: say(`tray.${key}`),
    program,
    args: [...wordsOfLaunch(launch), link].map(quoted).join(' '),
    iconPath: program,
    iconIndex: 0,
  }));
  return [{ type: 'tasks', items }];
}

/** Offers the list where there is a task bar for it: in the installed program on Windows. */
export function installJumpList(launch: WindowLaunch): void {
  if (process.platform === 'win32' && app.isPackaged) app.setJumpList(jumpList(launch, process.execPath));
}
