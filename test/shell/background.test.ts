import { beforeEach, expect, it, vi } from 'vitest';

const system = vi.hoisted(() => ({ isPackaged: true, asked: [] as unknown[], atLogin: false }));
vi.mock('electron', () => ({
  app: {
    get isPackaged() {
      return system.isPackaged;
    },
    getLoginItemSettings: (options: unknown) => {
      system.asked.push(options);
      return { openAtLogin: system.atLogin };
    },
    setLoginItemSettings: (settings: { openAtLogin: boolean }) => {
      system.asked.push(settings);
      system.atLogin = settings.openAtLogin;
    },
  },
}));
const { createBackground } = await import('../../src-main/shell/background.ts');
const { readCommandLine } = await import('../../src-main/shell/command-line.ts');

const LAUNCH = { dataDir: 'D:\\Фирма', demo: false, port: undefined, hidden: false, link: null };
beforeEach(() => Object.assign(system, { isPackaged: true, asked: [], atLogin: false }));

it('is kept by the system, with words that open the same folder without a window', () => {
  const background = createBackground(LAUNCH, 'win32');
  expect(background.isOn()).toBe(false);
  background.set(true);
  expect(background.isOn()).toBe(true);
  const args = ['--hidden', '--data-dir', 'D:\\Фирма'];
  expect(system.asked).toEqual([{ args }, { openAtLogin: true, args }, { args }]);
  expect(readCommandLine(args)).toEqual({ ...LAUNCH, kind: 'window', hidden: true });
});

it.each([
  ['a program that is not installed', false, 'win32'],
  ['a system without such a list', true, 'linux'],
] as const)('is not offered by %s', (_name, isPackaged, platform) => {
  Object.assign(system, { isPackaged, atLogin: true });
  const background = createBackground(LAUNCH, platform);
  background.set(true);
  expect([background.possible, background.isOn(), system.asked]).toEqual([false, false, []]);
});
