import { AppError } from '../../src-shared/kernel/errors.ts';

/** Secrets that the program needs, kept by the operating system for the person who is signed in on it; nowhere else. */
export interface Vault {
  /** @returns null where nothing is kept under the name. @throws AppError STORE_UNAVAILABLE `vault_unavailable` */
  get(name: string): Promise<string | null>;
  /** @throws AppError STORE_UNAVAILABLE `vault_unavailable` */
  set(name: string, secret: string): Promise<void>;
  /** Nothing where nothing is kept. @throws AppError STORE_UNAVAILABLE `vault_unavailable` */
  forget(name: string): Promise<void>;
}

const SERVICE = 'Polevik';

/** Windows' Credential Manager, macOS' Keychain, the Secret Service of Linux (whose kernel keyring forgets at the next start, and is not used). */
export function createVault(): Vault {
  const within = async <T>(work: (entry: { getPassword(): Promise<string | null>; setPassword(secret: string): Promise<void>; deletePassword(): Promise<boolean> }) => Promise<T>, name: string): Promise<T> => {
    try {
      const { AsyncEntry } = await import('@napi-rs/keyring');
      return await work(new AsyncEntry(SERVICE, name, { linux: { store: 'secret-service' } }));
    } catch (error) {
      throw new AppError('STORE_UNAVAILABLE', { detail: 'vault_unavailable', params: { reason: String(error instanceof Error ? error.message : error).slice(0, 200) } });
    }
  };
  return {
    get: (name) => within((entry) => entry.getPassword(), name),
    set: (name, secret) => within((entry) => entry.setPassword(secret), name),
    forget: async (name) => {
      await within((entry) => entry.deletePassword(), name);
    },
  };
}
