import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { win32, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { detect } from './detect.ts';
import { POWERSHELL, windowsProgram, type System } from './system.ts';
import type { Installed } from './tools.ts';

/** Installing unpacks and starts a service: minutes on an old machine. */
const INSTALL_MS = 5 * 60_000;
const ASK_MS = 30_000;
/** Exit code of Windows where elevation was refused or is missing. */
const ELEVATION_CODES = new Set([5, 740, 1223, 1602, 1625]);
/** Mandatory labels of Windows: that of an administrator's own programs and that of the system. */
const ELEVATED_LABELS = /\bS-1-16-(?:12288|16384)\b/;
const ANY_LABEL = /\bS-1-16-\d+\b/;

/** How the signature of the installer stands: nobody could be asked where it is `unchecked` (no Windows, no PowerShell). */
export type Signature = 'valid' | 'unchecked';
export type InstallOutcome =
  | { done: true; installed: Installed; signature: Signature }
  | { done: false; why: 'no_installer' | 'hash_missing' | 'hash_differs' | 'signature_bad' | 'elevation'; detail?: string }
  /** What was begun is taken back, or could not be. */
  | { done: false; why: 'failed' | 'not_found_after'; detail?: string; rolled_back: boolean };

/** The administrator's installer of AnyDesk in a folder: an `.msi` before an `.exe`. */
export function findInstaller(system: System, folders: readonly string[]): string | null {
  const path = system.platform === 'win32' ? win32 : posix;
  for (const folder of folders) {
    const names = system.list(folder).filter((name) => /^anydesk[^\\/]*\.(msi|exe)$/i.test(name));
    const name = names.find((one) => /\.msi$/i.test(one)) ?? names[0];
    if (name) return path.join(folder, name);
  }
  return null;
}

/** Asks Windows about a file's signature. The path is handed over in the environment: in the question itself it could become a command. */
async function signatureOf(system: System, file: string): Promise<Signature | { bad: string }> {
  if (system.platform !== 'win32') return 'unchecked';
  const ran = await system.run(windowsProgram(system, POWERSHELL), ['-NoProfile', '-NonInteractive', '-Command', '(Get-AuthenticodeSignature -LiteralPath $env:POLEVIK_ASKED).Status.ToString()'], ASK_MS, { env: { POLEVIK_ASKED: file } });
  const status = /^[A-Za-z]{2,40}$/.exec(ran.output.trim())?.[0];
  if (ran.failed || ran.timedOut || !status) return 'unchecked';
  return status === 'Valid' ? 'valid' : { bad: status };
}

/** Whether this process is known to have no administrator's rights. */
async function lacksRights(system: System): Promise<boolean> {
  if (system.platform !== 'win32') return false;
  const { output } = await system.run(windowsProgram(system, 'whoami.exe'), ['/groups'], ASK_MS);
  return ANY_LABEL.test(output) && !ELEVATED_LABELS.test(output);
}

/**
 * Installs AnyDesk silently from an administrator's file, whose SHA-256 stands beside it (`….sha256`), and looks whether it is there
 * afterwards. A file of another hash or with a bad signature is not run, and nothing without an administrator's rights. What an installer
 * left half done is taken away again.
 */
export async function installAnyDesk(system: System, installer: string | null): Promise<InstallOutcome> {
  if (!installer) return { done: false, why: 'no_installer' };
  const wanted = /\b[0-9a-f]{64}\b/i.exec(await readFile(`${installer}.sha256`, 'utf8').catch(() => ''))?.[0]?.toLowerCase();
  if (!wanted) return { done: false, why: 'hash_missing', detail: `${installer}.sha256` };
  const hash = createHash('sha256');
  await pipeline(createReadStream(installer), hash);
  if (hash.digest('hex') !== wanted) return { done: false, why: 'hash_differs', detail: installer };
  const signature = await signatureOf(system, installer);
  if (typeof signature === 'object') return { done: false, why: 'signature_bad', detail: signature.bad };
  if (await lacksRights(system)) return { done: false, why: 'elevation' };
  const msi = /\.msi$/i.test(installer);
  const target = `${system.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)'}\\AnyDesk`;
  const ran = msi
    ? await system.run(windowsProgram(system, 'msiexec.exe'), ['/i', installer, '/qn', '/norestart'], INSTALL_MS)
    : await system.run(installer, ['--install', target, '--start-with-win', '--create-shortcuts', '--silent'], INSTALL_MS);
  const installed = await detect(system, 'anydesk');
  if (installed && installed.file !== installer && !ran.failed && !ran.timedOut) return { done: true, installed, signature };
  if (ran.elevation || (ran.code !== null && ELEVATION_CODES.has(ran.code))) return { done: false, why: 'elevation' };
  const detail = ran.timedOut ? 'timeout' : String(ran.code ?? '');
  // Taken back, so that the next attempt begins on clean ground. An MSI takes its own back.
  if (!msi) await system.run(installer, ['--remove', '--silent'], INSTALL_MS);
  const left = await detect(system, 'anydesk');
  const rolled_back = left === null || left.file === installer;
  const failed = ran.failed || ran.timedOut || (ran.code !== 0 && ran.code !== null);
  return { done: false, why: failed ? 'failed' : 'not_found_after', ...(failed ? { detail } : {}), rolled_back };
}
