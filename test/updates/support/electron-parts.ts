// What electron-updater wants of Electron, for tests that run it in their own process.
export { net } from '../../support/electron-stand-in/net.ts';

const installed = (): { version: string; userData: string } => JSON.parse(process.env['TEST_INSTALLED'] ?? '{}') as { version: string; userData: string };

export const app = {
  isPackaged: true,
  whenReady: (): Promise<void> => Promise.resolve(),
  getVersion: (): string => installed().version,
  getName: (): string => 'Polevik',
  getAppPath: (): string => installed().userData,
  getPath: (): string => installed().userData,
};
export const session = { fromPartition: (name: string): { name: string } => ({ name }) };
