import { win32 } from 'node:path';
import type { RemoteTool } from '../../../src-shared/remote-access/model.ts';
import type { System } from './system.ts';

/** A found copy of a tool. */
export interface Installed {
  tool: RemoteTool;
  file: string;
  /** `standard`, `portable`, or the name of a build of one's own, as it stands in its link. */
  build: string;
  foundBy: 'configured' | 'registry' | 'folder' | 'process';
}

/** What differs between the tools; the facts behind each line are the vendors' command line pages and their sources. */
export interface ToolKind {
  /** How its entry of installed programs begins. */
  displayName: string;
  processPrefix: string;
  /** Whether a file may be the tool's program. */
  isProgram(name: string): boolean;
  /** Known places: a folder whose sub-folders begin so, or a file. */
  places(system: System): { folder: string; prefix: string }[];
  files(system: System): string[];
  /** Configuration files that hold the address, best first, with the key of it. */
  confs(system: System): { folder: string; prefix: string; name: string }[];
  idKey: string;
  aliasKey: string | null;
  askId: readonly string[] | null;
  askAlias: readonly string[] | null;
  askOnline: readonly string[] | null;
  connect(address: string): readonly string[];
  /** The same with a password that is read from standard input; null where a tool takes it as an argument only, for all to see. */
  connectWithPassword: ((address: string) => readonly string[]) | null;
  /** Where the tool writes down its own sessions, and as what. */
  traces(system: System, installed: Pick<Installed, 'file' | 'build'>): { folder: string; name: string }[];
  link(address: string, build: string): string;
}

const programFiles = ({ env }: System): string[] => [env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)', env['ProgramW6432'] ?? env['ProgramFiles'] ?? 'C:\\Program Files'];
const windows = (system: System): boolean => system.platform === 'win32';
const macProgram = (name: string): string => `/Applications/${name}.app/Contents/MacOS/${name}`;

export const TOOLS: Readonly<Record<RemoteTool, ToolKind>> = {
  anydesk: {
    displayName: 'AnyDesk',
    processPrefix: 'AnyDesk',
    isProgram: (name) => /^anydesk[^\\/]*\.exe$/i.test(name) || /^anydesk$/i.test(name),
    places: (system) => (windows(system) ? programFiles(system).map((folder) => ({ folder, prefix: 'AnyDesk' })) : []),
    files: (system) => (windows(system) ? [`${system.env['ProgramData'] ?? 'C:\\ProgramData'}\\chocolatey\\lib\\anydesk.portable\\tools\\AnyDesk.exe`] : ['/usr/bin/anydesk', '/usr/local/bin/anydesk', macProgram('AnyDesk')]),
    confs: (system) =>
      windows(system)
        ? [
            { folder: `${system.env['ProgramData'] ?? 'C:\\ProgramData'}\\AnyDesk`, prefix: 'ad_', name: 'system.conf' },
            { folder: `${system.env['APPDATA'] ?? ''}\\AnyDesk`, prefix: 'ad_', name: 'system.conf' },
          ]
        : [
            { folder: '/etc/anydesk', prefix: 'ad_', name: 'system.conf' },
            { folder: `${system.env['HOME'] ?? ''}/.anydesk`, prefix: 'ad_', name: 'system.conf' },
          ],
    idKey: 'ad.anynet.id',
    aliasKey: 'ad.anynet.alias',
    askId: ['--get-id'],
    askAlias: ['--get-alias'],
    askOnline: ['--get-status'],
    connect: (address) => [address],
    connectWithPassword: (address) => [address, '--with-password'],
    traces: (system, { file, build }) => {
      if (!windows(system)) return [{ folder: `${system.env['HOME'] ?? ''}/.anydesk`, name: 'anydesk.trace' }];
      const own = `${system.env['APPDATA'] ?? ''}\\AnyDesk`;
      const built = build.replace(/^AnyDesk-/i, '');
      return [{ folder: own, name: 'ad.trace' }, { folder: `${own}\\${built}`, name: 'ad.trace' }, { folder: win32.dirname(file), name: 'ad.trace' }];
    },
    link: (address, build) => {
      const own = /^AnyDesk-((?:ad_)?[A-Za-z0-9]{1,32}(?:_msi)?)$/.exec(build)?.[1];
      if (!own) return `anydesk:${address}`;
      return own.startsWith('ad_') || own.endsWith('_msi') ? `anydesk:AnyDesk-${own}:${address}` : `anydesk-${own}:${address}`;
    },
  },
  rustdesk: {
    displayName: 'RustDesk',
    processPrefix: 'rustdesk',
    isProgram: (name) => /^rustdesk(\.exe)?$/i.test(name),
    places: (system) => (windows(system) ? programFiles(system).map((folder) => ({ folder, prefix: 'RustDesk' })) : []),
    files: (system) => (windows(system) ? [] : ['/usr/bin/rustdesk', macProgram('RustDesk')]),
    confs: () => [],
    idKey: '',
    aliasKey: null,
    askId: ['--get-id'],
    askAlias: null,
    askOnline: null,
    connect: (address) => ['--connect', address],
    connectWithPassword: null,
    traces: () => [],
    link: (address) => `rustdesk://connect/${address}`,
  },
  teamviewer: {
    displayName: 'TeamViewer',
    processPrefix: 'TeamViewer',
    isProgram: (name) => /^teamviewer(\.exe)?$/i.test(name),
    places: (system) => (windows(system) ? programFiles(system).map((folder) => ({ folder, prefix: 'TeamViewer' })) : []),
    files: (system) => (windows(system) ? [] : ['/usr/bin/teamviewer', macProgram('TeamViewer')]),
    confs: () => [],
    idKey: '',
    aliasKey: null,
    askId: null,
    askAlias: null,
    askOnline: null,
    connect: (address) => ['-i', address],
    connectWithPassword: null,
    traces: () => [],
    link: (address) => `teamviewer10://control?device=${address}`,
  },
};
