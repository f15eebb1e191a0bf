// npm run build -- [--force] [part…]: builds the program into dist/, parts whose inputs have not changed excepted.
import { build, isPart, PROGRAM } from './lib/parts.mjs';
import { ensureNode } from './node.mjs';

await ensureNode();
const words = process.argv.slice(2);
const parts = words.filter((word) => word !== '--force');
const unknown = parts.filter((part) => !isPart(part));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}`);
  process.exit(2);
}
process.exitCode = await build(parts.length > 0 ? parts : PROGRAM, { force: words.includes('--force') });
