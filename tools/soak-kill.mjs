// npm run soak:kill -- [--minutes 10] [--seed S]: a hub and three devices as programs of their own, killed at random; the last line counts.
import { createServer } from 'vite';
import { build } from './lib/parts.mjs';
import { ensureNode, ROOT } from './node.mjs';

await ensureNode();
const option = (name, usual) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const code = await build(['main']);
if (code !== 0) process.exit(code);
const server = await createServer({ root: ROOT, configFile: false, logLevel: 'error', server: { middlewareMode: true, watch: null, ws: false }, appType: 'custom', optimizeDeps: { noDiscovery: true } });
const { killAtRandom } = await server.ssrLoadModule('/test/sync/support/killing.ts');
const { kills, writes, faults } = await killAtRandom(option('minutes', 10) * 60, option('seed', 1));
await server.close();
for (const fault of faults) console.log(fault);
console.log(`${writes} writes, ${kills} kills, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
