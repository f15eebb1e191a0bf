// Runs inside Windows (or wine): sets the machine up as each step says, asks the program's own code about it, and puts everything back.
// Words come and answers go through files, since wine's console pipes break.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { detect } from '../../src-main/remote-access/tools/detect.ts';
import { findInstaller, installAnyDesk } from '../../src-main/remote-access/tools/install.ts';
import { readAddress } from '../../src-main/remote-access/tools/read.ts';
import { realSystem } from '../../src-main/remote-access/tools/system.ts';
import type { ProbeResult, ProbeStep } from './windows-probe.ts';

const UNINSTALL = 'Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const [stepsFile = '', resultsFile = '', standIn = ''] = process.argv.slice(2);
const reg = (...words: string[]): unknown => execFileSync('reg.exe', words, { stdio: 'ignore' });

async function run(step: ProbeStep): Promise<ProbeResult> {
  const undo: (() => void)[] = [];
  const put = (file: string, behaviour = 'ready'): void => {
    const folder = win32.dirname(file);
    const first = existsSync(folder) ? file : folder;
    mkdirSync(folder, { recursive: true });
    copyFileSync(standIn, file);
    writeFileSync(win32.join(folder, 'behaviour.txt'), behaviour);
    undo.push(() => rmSync(first, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  };
  try {
    for (const file of step.files ?? []) put(file, step.behaviour);
    for (const { hive, view, name, values } of step.keys ?? []) {
      const key = `${hive}\\${UNINSTALL}\\${name}`;
      for (const [value, data] of Object.entries(values)) reg('add', key, '/v', value, '/t', 'REG_SZ', '/d', data, '/f', `/reg:${view}`);
      undo.push(() => void reg('delete', key, '/f', `/reg:${view}`));
    }
    for (const [file, text] of Object.entries(step.texts ?? {})) {
      mkdirSync(win32.dirname(file), { recursive: true });
      writeFileSync(file, text);
      undo.push(() => rmSync(file, { force: true }));
    }
    if (step.running) {
      const child = spawn(step.running, [], { stdio: 'ignore' });
      await new Promise((begun) => child.once('spawn', begun));
      undo.push(() => void child.kill());
    }
    if (step.remove) execFileSync(step.remove, ['--remove', '--silent'], { stdio: 'ignore' });
    if (step.installer !== undefined) {
      const outcome = await installAnyDesk(realSystem, findInstaller(realSystem, [step.installer]));
      const calls = win32.join(step.installer, 'calls.txt');
      return { name: step.name, outcome: { ...outcome }, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] };
    }
    const found = await detect(realSystem, step.tool ?? 'anydesk', step.configured);
    const read = found && step.read ? await readAddress(realSystem, found, { patienceMs: step.patienceMs ?? 0, pauseMs: 20, askMs: step.askMs ?? 8_000 }) : undefined;
    return { name: step.name, found: found && { file: found.file, build: found.build, foundBy: found.foundBy }, read };
  } catch (error) {
    return { name: step.name, error: String(error) };
  } finally {
    for (const back of undo.toReversed()) back();
  }
}

const results: ProbeResult[] = [];
for (const step of JSON.parse(readFileSync(stepsFile, 'utf8')) as ProbeStep[]) {
  results.push(await run(step));
  writeFileSync(resultsFile, JSON.stringify(results));
}
