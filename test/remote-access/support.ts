import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vault } from '../../src-main/core/vault.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';

/** An `anydesk` that behaves as the recorded facts say; a stand-in, the real one cannot be had here. @returns its file */
export function standIn(folder: string, script: string, name = 'anydesk'): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A vault in memory; `broken` is the one of a machine without any. */
export function memoryVault(options: { broken?: boolean } = {}): Vault & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const check = (): void => {
    if (options.broken) throw new AppError('STORE_UNAVAILABLE', { detail: 'vault_unavailable', params: { reason: 'нет Secret Service' } });
  };
  return {
    kept,
    get: async (name) => {
      check();
      return kept.get(name) ?? null;
    },
    set: async (name, secret) => {
      check();
      kept.set(name, secret);
    },
    forget: async (name) => {
      check();
      kept.delete(name);
    },
  };
}

/** What an operation was refused with. @throws Error when it was not */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; detail?: string | undefined; field?: string | undefined }> {
  try {
    await work;
  } catch (error) {
    const { code, data } = error as AppError;
    return { code, detail: data.detail, field: data.field };
  }
  throw new Error('it was not refused');
}
