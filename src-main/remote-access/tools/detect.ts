import { posix, win32 } from 'node:path';
import type { RemoteTool } from '../../../src-shared/remote-access/model.ts';
import type { System } from './system.ts';
import { TOOLS, type Installed } from './tools.ts';

const UNINSTALL = 'Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const pathOf = ({ platform }: System): typeof win32 => (platform === 'win32' ? win32 : posix);

/** A path as the registry has it: in quotes, with an icon's number, an uninstaller's flags, or as a folder. */
function programIn(system: System, tool: RemoteTool, value: string): string | null {
  const path = pathOf(system);
  const kind = TOOLS[tool];
  const file = /^"([^"]+)"/.exec(value)?.[1] ?? value.replace(/,-?\d+$/, '').replace(/^(.*?\.exe)\b.*$/i, '$1').trim();
  if (!file || !path.isAbsolute(file)) return null;
  if (kind.isProgram(path.basename(file)) && system.isFile(file)) return file;
  return system.list(file).filter(kind.isProgram).map((name) => path.join(file, name)).find((one) => system.isFile(one)) ?? null;
}

const buildOf = (system: System, tool: RemoteTool, file: string): string => {
  const path = pathOf(system);
  const folder = path.basename(path.dirname(file));
  if (tool !== 'anydesk' || system.platform !== 'win32') return 'standard';
  if (/^AnyDesk-[A-Za-z0-9_]+$/i.test(folder)) return folder;
  return /^AnyDesk$/i.test(folder) ? 'standard' : 'portable';
};

/**
 * Looks for a tool in the order that has proven itself: where the settings say, the registry (both views, both hives), known folders, a
 * running process. @returns null where there is none
 */
export async function detect(system: System, tool: RemoteTool, configured?: string | null): Promise<Installed | null> {
  const kind = TOOLS[tool];
  const path = pathOf(system);
  const found = (file: string, foundBy: Installed['foundBy']): Installed => ({ tool, file, build: buildOf(system, tool, file), foundBy });
  if (configured && path.isAbsolute(configured) && system.isFile(configured)) return found(configured, 'configured');
  if (system.platform === 'win32') {
    for (const hive of ['HKLM', 'HKCU']) {
      for (const view of [64, 32] as const) {
        for (const values of (await system.registry(`${hive}\\${UNINSTALL}`, view)).values()) {
          if (!values.get('displayname')?.startsWith(kind.displayName)) continue;
          for (const name of ['installlocation', 'displayicon', 'uninstallstring']) {
            const file = programIn(system, tool, values.get(name) ?? '');
            if (file) return found(file, 'registry');
          }
        }
      }
    }
  }
  for (const { folder, prefix } of kind.places(system)) {
    const names = system.list(folder).filter((name) => name.toLowerCase().startsWith(prefix.toLowerCase())).sort();
    for (const name of names) {
      const file = programIn(system, tool, path.join(folder, name));
      if (file) return found(file, 'folder');
    }
  }
  const known = kind.files(system).find((file) => system.isFile(file));
  if (known) return found(known, 'folder');
  const running = (await system.processes(kind.processPrefix)).find((file) => kind.isProgram(path.basename(file)));
  return running ? found(running, 'process') : null;
}
