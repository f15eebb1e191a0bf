#!/usr/bin/env node
// `npx polevik …` in this folder: the command line of the program, built when it is not there yet.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './lib/parts.mjs';
import { ensureNode, ROOT } from './node.mjs';

await ensureNode();
const program = join(ROOT, 'dist', 'main', 'polevik.mjs');
const code = existsSync(program) ? 0 : await build(['main', 'ui', 'docs']);
if (code !== 0) process.exit(code);
await import(pathToFileURL(program).href);
