// npm run soak -- --seeds N [--from SEED] [--steps S]: the simulation of copies that agree, for as many seeds as wanted; the last line counts.
import { createServer } from 'vite';
import { ensureNode, ROOT } from './node.mjs';

await ensureNode();

const words = process.argv.slice(2);
const option = (name, usual) => {
  const at = words.indexOf(`--${name}`);
  const value = at < 0 ? usual : Number(words[at + 1]);
  if (!Number.isSafeInteger(value) || value < 1) {
    console.error(`--${name} wants a whole number from 1`);
    process.exit(2);
  }
  return value;
};
const [seeds, from, steps] = [option('seeds', 300), option('from', 1), option('steps', 60)];

const server = await createServer({ root: ROOT, configFile: false, logLevel: 'error', server: { middlewareMode: true, watch: null, ws: false }, appType: 'custom', optimizeDeps: { noDiscovery: true } });
const { simulate } = await server.ssrLoadModule('/test/sync/support/simulation.ts');
let failed = 0;
for (let seed = from; seed < from + seeds; seed++) {
  const { faults, trace } = await simulate(seed, { steps });
  if (faults.length === 0) continue;
  failed++;
  console.log(`seed ${seed}\n  ${faults.slice(0, 6).join('\n  ')}`);
  if (words.includes('--trace')) console.log(`  ${trace.join('\n  ')}`);
}
await server.close();
console.log(`${seeds - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
