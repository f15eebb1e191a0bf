import { createInterface } from 'node:readline';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { say } from './words.ts';

/** A password from the environment (`variable`), a pipe, or a prompt that shows nothing; never from an argument, which other users could see. */
export async function readPassword(variable = 'ADMIN_PASSWORD'): Promise<string> {
  const given = process.env[variable];
  if (given) return given;
  const muted = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output: muted ? process.stderr : undefined, terminal: muted });
  if (muted) {
    process.stderr.write(`${say('password')}: `);
    Object.assign(lines, { _writeToOutput: () => undefined });
  }
  try {
    for await (const line of lines) return line;
    throw invalid('password', 'required');
  } finally {
    lines.close();
    if (muted) process.stderr.write('\n');
  }
}
