import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRemoteAddress, REMOTE_TOOLS } from '../../src-shared/remote-access/model.ts';
import { linkOf, startTool } from '../../src-main/remote-access/tools/connect.ts';
import { decodeOutput, readConf, readId, readRegistry } from '../../src-main/remote-access/tools/decode.ts';
import { detect } from '../../src-main/remote-access/tools/detect.ts';
import { readAddress } from '../../src-main/remote-access/tools/read.ts';
import type { System } from '../../src-main/remote-access/tools/system.ts';

interface Machine {
  files?: Record<string, string | Uint8Array>;
  registry?: Record<string, string>;
  processes?: string[];
  outputs?: string[];
}
const BS = String.fromCharCode(92);
const win = (path: string): string => path.replaceAll('/', BS);

/** A Windows machine as it is told in recorded facts; what was run is noted. */
function windowsMachine({ files = {}, registry = {}, processes = [], outputs = [] }: Machine): System & { ran: string[][]; started: string[][] } {
  const ran: string[][] = [];
  const started: string[][] = [];
  const names = Object.keys(files).map(win);
  const bytes = (file: string): Uint8Array | null => {
    const found = Object.entries(files).find(([name]) => win(name).toLowerCase() === file.toLowerCase())?.[1];
    return found === undefined ? null : typeof found === 'string' ? Buffer.from(found) : found;
  };
  return {
    platform: 'win32',
    env: { 'ProgramFiles(x86)': win('C:/Program Files (x86)'), ProgramFiles: win('C:/Program Files'), ProgramData: win('C:/ProgramData'), APPDATA: win('C:/Users/Пётр Иванов/AppData/Roaming') },
    exists: (file) => bytes(file) !== null,
    isFile: (file) => bytes(file) !== null,
    list: (folder) => [...new Set(names.filter((name) => name.toLowerCase().startsWith(`${folder.toLowerCase()}${BS}`)).map((name) => name.slice(folder.length + 1).split(BS)[0] as string))],
    read: bytes,
    tail: bytes,
    birth: async () => null,
    modified: (file) => names.indexOf(file),
    run: async (file, args) => {
      ran.push([file, ...args]);
      return { output: outputs.shift() ?? '', code: 0, timedOut: false, failed: false };
    },
    start: async (file, args) => {
      started.push([file, ...args]);
      return { pid: 1, ended: new Promise(() => undefined) };
    },
    registry: async (key, view) => readRegistry(registry[`${view} ${key}`] ?? ''),
    processes: async () => processes.map(win),
    ran,
    started,
  };
}
const UNINSTALL = `Software${BS}Microsoft${BS}Windows${BS}CurrentVersion${BS}Uninstall`;
const entry = (hive: string, name: string, values: Record<string, string>): string => [`${hive}${BS}${UNINSTALL}${BS}${name}`, ...Object.entries(values).map(([key, value]) => `    ${key}    REG_SZ    ${value}`), ''].join('\r\n');
const STANDARD = 'C:/Program Files (x86)/AnyDesk/AnyDesk.exe';

describe('detection', () => {
  it.each<[string, Machine, { file: string; build: string; foundBy: string } | null]>([
    ['nothing', {}, null],
    ['the standard client by its icon', { files: { [STANDARD]: '' }, registry: { [`32 HKLM${BS}${UNINSTALL}`]: entry('HKEY_LOCAL_MACHINE', 'AnyDesk', { DisplayName: 'AnyDesk', DisplayIcon: `"${win(STANDARD)}",0` }) } }, { file: STANDARD, build: 'standard', foundBy: 'registry' }],
    ['an own build by its folder', { files: { 'C:/Program Files (x86)/AnyDesk-ad_1234abcd/AnyDesk-ad_1234abcd.exe': '' } }, { file: 'C:/Program Files (x86)/AnyDesk-ad_1234abcd/AnyDesk-ad_1234abcd.exe', build: 'AnyDesk-ad_1234abcd', foundBy: 'folder' }],
    ['an MSI of the user’s own hive', { files: { 'C:/Program Files/AnyDesk-mine_msi/AnyDesk-mine_msi.exe': '' }, registry: { [`64 HKCU${BS}${UNINSTALL}`]: entry('HKEY_CURRENT_USER', '{42}', { DisplayName: 'AnyDesk mine', InstallLocation: win('C:/Program Files/AnyDesk-mine_msi') }) } }, { file: 'C:/Program Files/AnyDesk-mine_msi/AnyDesk-mine_msi.exe', build: 'AnyDesk-mine_msi', foundBy: 'registry' }],
    ['a portable copy that runs', { files: { 'D:/Инструменты и всё/AnyDesk.exe': '' }, processes: ['D:/Инструменты и всё/AnyDesk.exe'] }, { file: 'D:/Инструменты и всё/AnyDesk.exe', build: 'portable', foundBy: 'process' }],
    ['an entry whose file is gone', { registry: { [`64 HKLM${BS}${UNINSTALL}`]: entry('HKEY_LOCAL_MACHINE', 'AnyDesk', { DisplayName: 'AnyDesk', InstallLocation: win('C:/gone') }) } }, null],
  ])('finds %s', async (_what, machine, expected) => {
    const found = await detect(windowsMachine(machine), 'anydesk');
    expect(found && { file: found.file, build: found.build, foundBy: found.foundBy }).toEqual(expected && { ...expected, file: win(expected.file) });
  });

  it.each<['rustdesk' | 'teamviewer', Machine, { file: string; foundBy: string } | null]>([
    ['rustdesk', { files: { 'D:/RustDesk/rustdesk.exe': '' }, registry: { [`64 HKLM${BS}${UNINSTALL}`]: entry('HKEY_LOCAL_MACHINE', 'RustDesk', { DisplayName: 'RustDesk', InstallLocation: win('D:/RustDesk') }) } }, { file: 'D:/RustDesk/rustdesk.exe', foundBy: 'registry' }],
    ['rustdesk', { files: { 'C:/Program Files/RustDesk/rustdesk.exe': '' } }, { file: 'C:/Program Files/RustDesk/rustdesk.exe', foundBy: 'folder' }],
    ['teamviewer', { files: { 'C:/Program Files (x86)/TeamViewer/TeamViewer.exe': '' } }, { file: 'C:/Program Files (x86)/TeamViewer/TeamViewer.exe', foundBy: 'folder' }],
    ['teamviewer', { files: { [STANDARD]: '' } }, null],
  ])('finds %s where it stands', async (tool, machine, expected) => {
    const found = await detect(windowsMachine(machine), tool);
    expect(found && { file: found.file, foundBy: found.foundBy }).toEqual(expected && { ...expected, file: win(expected.file) });
  });

  it('believes the settings before all else', async () => {
    const machine = windowsMachine({ files: { [STANDARD]: '', 'E:/свой/AnyDesk.exe': '' } });
    expect(await detect(machine, 'anydesk', win('E:/свой/AnyDesk.exe'))).toMatchObject({ foundBy: 'configured' });
    expect(await detect(machine, 'anydesk', win('E:/нет/AnyDesk.exe'))).toMatchObject({ foundBy: 'folder' });
    expect(await detect(machine, 'anydesk', 'AnyDesk.exe')).toMatchObject({ foundBy: 'folder' });
  });
});

describe('reading the address', () => {
  const anydesk = { tool: 'anydesk', file: win(STANDARD), build: 'standard', foundBy: 'folder' } as const;
  const quick = { patienceMs: 50, pauseMs: 1 };

  it('takes it from the service’s configuration, the newest folder first, without asking the tool for it', async () => {
    const machine = windowsMachine({ files: { 'C:/ProgramData/AnyDesk/ad_old/system.conf': 'ad.anynet.id=111111111', 'C:/ProgramData/AnyDesk/ad_new/system.conf': 'ad.anynet.id=222222222\r\nad.anynet.alias=касса\r\nad.anynet.pwd_hash=секрет\r\n' } });
    expect(await readAddress(machine, anydesk, quick)).toMatchObject({ address: '222222222', alias: null });
    expect(machine.ran.map((args) => args[1])).toEqual(['--get-alias', '--get-status']);
  });

  it('waits through silence, zero and words until digits come', async () => {
    const machine = windowsMachine({ outputs: ['', '0\r\n', 'service is starting', '987 654 321\r\n', 'shop@ad\r\n', 'online\r\n'] });
    const waits: number[] = [];
    expect(await readAddress(machine, anydesk, { patienceMs: 5_000, pauseMs: 1, onWait: (ms) => waits.push(ms) })).toEqual({ address: '987654321', alias: 'shop@ad', online: 'online', version: null });
    expect(waits).toHaveLength(3);
  });

  it('gives up in the end, and takes no words for an alias', async () => {
    expect(await readAddress(windowsMachine({}), anydesk, quick)).toBeNull();
    expect(await readAddress(windowsMachine({ outputs: ['123456789', '"; rm -rf / &', 'what?'] }), anydesk, quick)).toEqual({ address: '123456789', alias: null, online: 'unknown', version: null });
  });

  it('reads TeamViewer’s number out of the registry', async () => {
    const machine = windowsMachine({ registry: { [`32 HKLM${BS}SOFTWARE${BS}TeamViewer`]: `HKEY_LOCAL_MACHINE${BS}SOFTWARE${BS}TeamViewer\r\n    ClientID    REG_DWORD    0x499602d2\r\n` } });
    expect(await readAddress(machine, { ...anydesk, tool: 'teamviewer' }, quick)).toMatchObject({ address: '1234567890' });
  });
});

describe('what is handed to a tool', () => {
  it.each(['--install', '123456789 --with-password', '123456789&calc', '12345', 'a@b@c', '"123456789"', '123456789\n', 'имя@пространство', '', 'x'.repeat(200), '../../123456', '%PATH%@ad'])('is never %j', async (address) => {
    const machine = windowsMachine({ files: { [STANDARD]: '' } });
    for (const tool of REMOTE_TOOLS) {
      expect(() => linkOf(tool, address)).toThrow(expect.objectContaining({ code: 'INVALID' }));
      await expect(startTool(machine, tool, address)).rejects.toMatchObject({ code: 'INVALID' });
    }
    expect(machine.started).toEqual([]);
  });

  it('is one argument, or a link that holds nothing else', async () => {
    const machine = windowsMachine({ files: { [STANDARD]: '' } });
    expect(await startTool(machine, 'anydesk', '123456789')).toMatchObject({ link: 'anydesk:123456789' });
    expect(machine.started).toEqual([[win(STANDARD), '123456789']]);
    expect(linkOf('anydesk', '123456789', 'AnyDesk-ad_1234abcd')).toBe('anydesk:AnyDesk-ad_1234abcd:123456789');
    expect(linkOf('anydesk', '123456789', 'AnyDesk-1234abcd_msi')).toBe('anydesk:AnyDesk-1234abcd_msi:123456789');
    expect(linkOf('anydesk', '123456789', 'AnyDesk-ad_1234abcd_msi')).toBe('anydesk:AnyDesk-ad_1234abcd_msi:123456789');
    expect(linkOf('anydesk', '123456789', 'portable')).toBe('anydesk:123456789');
    expect(linkOf('anydesk', '123456789', 'AnyDesk-x&calc')).toBe('anydesk:123456789');
    expect(linkOf('anydesk', 'shop@ad', 'AnyDesk-1234abcd')).toBe('anydesk-1234abcd:shop@ad');
    expect(linkOf('rustdesk', '123456789')).toBe('rustdesk://connect/123456789');
    expect(linkOf('teamviewer', '123456789')).toBe('teamviewer10://control?device=123456789');
    fc.assert(fc.property(fc.string(), (text) => !isRemoteAddress(text) || /^[\w.@-]+$/.test(text)));
  });
});

describe('what tools print', () => {
  it('is read in whatever code page it comes', () => {
    expect(decodeOutput(Buffer.from([0xae, 0xe2, 0xaa, 0xab, 0xee, 0xe7, 0xa5, 0xad]))).toBe('отключен');
    expect(decodeOutput(Buffer.from('\uFEFFпривет', 'utf16le'))).toBe('привет');
    expect(decodeOutput(Buffer.from('привет'))).toBe('привет');
  });

  it('never breaks a reader, and an address is always digits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const text = decodeOutput(bytes);
        readRegistry(text);
        for (const key of readConf(text).keys()) expect(key).not.toMatch(/pwd|password/i);
        const id = readId(text);
        expect(id === null || /^\d{6,12}$/.test(id)).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.integer({ min: 100_000, max: 999_999_999 }), fc.constantFrom('', ' ', '\r\n', '\uFEFF'), (id, around) => readId(`${around}${id}${around}`) === String(id)));
    for (const printed of ['', '0', '12345', '1'.repeat(13), 'SERVICE_NOT_RUNNING', '123456789 987654321 5']) expect(readId(printed)).toBeNull();
  });

  it('keeps no secret of a configuration', () => {
    const values = readConf('ad.anynet.id=123456789\r\nad.anynet.pwd_hash=abc\nad.anynet.pwd_salt=def\nad.security.password=x\n=нет\nпросто строка\nad.x=a=b');
    expect([...values]).toEqual([['ad.anynet.id', '123456789'], ['ad.x', 'a=b']]);
  });
});
