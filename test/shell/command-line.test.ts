import { expect, it } from 'vitest';
import { linkOfSecondStart, readCommandLine, wordsOf } from '../../src-main/shell/command-line.ts';

const WINDOW = { kind: 'window', dataDir: undefined, demo: false, port: undefined, hidden: false, link: null };

it('opens a window when nothing is asked, and keeps off the switches of Chromium', () => {
  expect(readCommandLine([])).toEqual(WINDOW);
  expect(readCommandLine(['--original-process-start-time=13', '--inspect=0', '--no-sandbox'])).toEqual(WINDOW);
});

it('reads its own switches in both spellings', () => {
  expect(readCommandLine(['--demo', '--data-dir', '/data/фирма', '--port=5000'])).toEqual({ ...WINDOW, demo: true, dataDir: '/data/фирма', port: '5000' });
});

it('starts without a window when the system starts it', () => {
  expect(readCommandLine(['--hidden', '--demo'])).toEqual({ ...WINDOW, demo: true, hidden: true });
});

it.each([[['--version']], [['-h']], [['serve', '--port', '5000']], [['--sync-anydesk-id', '12']], [['--json', '--sync-anydesk-id=12']], [['--data-dir', '/data', 'backup']], [['import-amo', '--csv', 'база.csv', '--dry-run']]])('takes %j for the command line', (words) => {
  expect(readCommandLine(words)).toEqual({ kind: 'command' });
});

it('finds a deep link among other words without believing it', () => {
  expect(readCommandLine(['--demo', 'polevik://tickets/12'])).toEqual({ ...WINDOW, demo: true, link: 'polevik://tickets/12' });
});

it('skips the folder of the program in development', () => {
  expect(wordsOf(['electron', '.', '--demo'], true)).toEqual(['--demo']);
  expect(wordsOf(['electron', '--no-sandbox', '--inspect=0', '.', '--demo'], true)).toEqual(['--demo']);
  expect(wordsOf(['polevik.exe', '--demo'], false)).toEqual(['--demo']);
});

it('takes from a second start a text or nothing', () => {
  expect(linkOfSecondStart({ link: 'polevik://desk' })).toBe('polevik://desk');
  for (const data of [null, undefined, 'polevik://desk', 5, {}, { link: 7 }, { link: {} }]) expect(linkOfSecondStart(data)).toBeNull();
});
