import { Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';
import { say } from './words.ts';

type Role = NonNullable<MenuItemConstructorOptions['role']>;

const item = (role: Role, key: string, more: MenuItemConstructorOptions = {}): MenuItemConstructorOptions => ({ role, label: say(`window.${key}`), ...more });
const LINE: MenuItemConstructorOptions = { type: 'separator' };

/** The program's menu: hidden behind Alt except on macOS; it carries the keys that a person expects of any window. */
export function installMenu(developing: boolean, openWindow: () => void): void {
  const edit = [item('undo', 'undo'), item('redo', 'redo'), LINE, item('cut', 'cut'), item('copy', 'copy'), item('paste', 'paste'), LINE, item('selectAll', 'select_all')];
  const view = [item('zoomIn', 'zoom_in', { accelerator: 'CmdOrCtrl+=' }), item('zoomOut', 'zoom_out'), item('resetZoom', 'zoom_reset'), LINE, item('togglefullscreen', 'full_screen')];
  const developer = developing ? [LINE, item('reload', 'reload'), item('toggleDevTools', 'developer_tools')] : [];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: say('window.menu_file'), submenu: [{ label: say('window.new_window'), accelerator: 'CmdOrCtrl+Shift+N', click: () => openWindow() }, LINE, item('quit', 'quit')] },
      { label: say('window.menu_edit'), submenu: edit },
      { label: say('window.menu_view'), submenu: [...view, ...developer] },
    ]),
  );
}

/** Cut, copy and paste by the right button, in fields and on selected text; elsewhere the page has its own menus. */
export function offerTextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, selectionText, editFlags }) => {
    if (!isEditable && selectionText.trim() === '') return;
    const editing = isEditable ? [item('cut', 'cut', { enabled: editFlags.canCut }), item('paste', 'paste', { enabled: editFlags.canPaste }), item('selectAll', 'select_all')] : [];
    Menu.buildFromTemplate([item('copy', 'copy', { enabled: editFlags.canCopy }), ...editing]).popup();
  });
}
