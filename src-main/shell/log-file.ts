import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 5 * 1024 * 1024;

/**
 * What the core logs, in a file: an installed program has no console. The file before it is kept under `.1`. A log that cannot be written
 * (full disk) must never stop the program.
 */
export function createLogFile(file: string): (text: string) => void {
  return (text) => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      if (existsSync(file) && statSync(file).size > MAX_BYTES) renameSync(file, `${file}.1`);
      appendFileSync(file, text);
    } catch {
      process.stderr.write(text);
    }
  };
}
