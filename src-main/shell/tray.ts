import { Menu, Tray, type MenuItemConstructorOptions } from 'electron';
import type { Background } from './background.ts';
import { say } from './words.ts';

/** How the program is, as the sign beside the clock says it. */
export type TrayState = 'starting' | 'working' | 'trouble';

interface TrayOptions {
  icon: string;
  background: Background;
  /** Brings the program to the front, at a path where one is given. */
  show(path: string | null): void;
  quit(): void;
}

/** The sign beside the clock: what state the program is in, and the few things wanted without a window. */
export function createTray({ icon, background, show, quit }: TrayOptions): { setState(state: TrayState): void } {
  const tray = new Tray(icon);
  let state: TrayState = 'starting';

  function refresh(): void {
    const stay: MenuItemConstructorOptions[] = background.possible
      ? [
          {
            label: say('tray.background'),
            type: 'checkbox',
            checked: background.isOn(),
            click: () => {
              background.set(!background.isOn());
              refresh();
            },
          },
          { type: 'separator' },
        ]
      : [];
    tray.setToolTip(say(`tray.${state}`));
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: say(`tray.${state}`), enabled: false },
        { type: 'separator' },
        { label: say('tray.open'), click: () => show(null) },
        { label: say('tray.new_ticket'), enabled: state === 'working', click: () => show('/tickets/new') },
        { label: say('tray.new_task'), enabled: state === 'working', click: () => show('/tasks/new') },
        { type: 'separator' },
        ...stay,
        { label: say('window.quit'), click: quit },
      ]),
    );
  }
  refresh();
  tray.on('click', () => show(null));
  return {
    setState: (next) => {
      if (next === state) return;
      state = next;
      refresh();
    },
  };
}
