import { safeStorage } from 'electron';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** Small secrets of a page (its refresh token), kept by the system's own key store. */
export interface Secrets {
  /** The secret of that name, or null when there is none or it cannot be read any more. */
  get(name: unknown): Promise<string | null>;
  /** Keeps a secret; null forgets it. @throws Error on a name or value that no page of ours sends */
  set(name: unknown, value: unknown): Promise<void>;
}

const NAME = /^[a-z_]{1,40}$/;
const MAX_VALUE = 8192;

/**
 * Secrets in a file, encrypted. Where the system has no key store (a bare Linux desktop keeps its «key» in the open), they live in
 * memory and the person signs in again after a restart.
 */
export function createSecrets(file: string): Secrets {
  const memory = new Map<string, string>();
  let tail: Promise<unknown> = Promise.resolve();

  const canKeep = async (): Promise<boolean> => (await safeStorage.isAsyncEncryptionAvailable()) && !(process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text');
  const read = async (): Promise<Record<string, string>> => {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    } catch {
      return {};
    }
  };
  const write = async (all: Record<string, string>): Promise<void> => {
    await writeFile(`${file}.new`, JSON.stringify(all), { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  /** One after the other: two windows that keep a token at once must not lose one. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };

  return {
    get: (name) =>
      inTurn(async () => {
        if (typeof name !== 'string' || !NAME.test(name)) return null;
        const kept = memory.get(name);
        if (kept !== undefined || !(await canKeep())) return kept ?? null;
        const sealed = (await read())[name];
        if (sealed === undefined) return null;
        try {
          return (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result;
        } catch {
          return null;
        }
      }),
    set: (name, value) =>
      inTurn(async () => {
        if (typeof name !== 'string' || !NAME.test(name)) throw new Error('no such secret');
        if (value !== null && (typeof value !== 'string' || value.length > MAX_VALUE)) throw new Error('not a secret');
        if (!(await canKeep())) {
          if (value === null) memory.delete(name);
          else memory.set(name, value);
          return;
        }
        const all = await read();
        if (value === null) delete all[name];
        else all[name] = (await safeStorage.encryptStringAsync(value)).toString('base64');
        await write(all);
      }),
  };
}
