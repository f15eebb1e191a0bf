// npm run bench -- <name> [--json] …: builds the benchmarks and runs one; without a name, lists them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/parts.mjs';
import { filesUnder } from './lib/sources.mjs';
import { ensureNode, ROOT, runTool } from './node.mjs';

await ensureNode();
const names = filesUnder(ROOT, 'test/bench')
  .map((file) => /^test\/bench\/([^/]+)\.ts$/.exec(file)?.[1])
  .filter(Boolean);
const [name, ...words] = process.argv.slice(2);
if (!name || !names.includes(name)) {
  console.error(`npm run bench -- <${names.join(' | ')}> [--json]`);
  process.exit(2);
}
const code = await build(['ui', 'main', 'docs', 'bench']);
const script = `dist/bench/${name}.mjs`;
process.exitCode = code === 0 && existsSync(join(ROOT, script)) ? await runTool(script, words) : code || 1;
