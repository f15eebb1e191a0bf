// npm run dist -- [--win | --linux | --mac] [--dir] [--artifact-name PATTERN]: builds the program and packs it for a system.
// ELECTRON_DIST names a folder with Electron's files, where they cannot be fetched; POLEVIK_ARTIFACT_NAME is the option's other form.
import { parseArgs } from 'node:util';
import { build } from './lib/parts.mjs';
import { ensureNode, runTool } from './node.mjs';

await ensureNode();
const { values } = parseArgs({ options: { win: { type: 'boolean' }, linux: { type: 'boolean' }, mac: { type: 'boolean' }, dir: { type: 'boolean' }, 'artifact-name': { type: 'string' }, output: { type: 'string' } } });
const { ELECTRON_DIST: electronDist, POLEVIK_ARTIFACT_NAME } = process.env;
const artifact = values['artifact-name'] ?? POLEVIK_ARTIFACT_NAME;
const words = [
  ...['win', 'linux', 'mac', 'dir'].filter((name) => values[name]).map((name) => `--${name}`),
  '--publish',
  'never',
  '--config',
  'electron-builder.yml',
  ...(electronDist ? [`-c.electronDist=${electronDist}`] : []),
  ...(artifact ? [`-c.artifactName=${artifact}`, `-c.nsis.artifactName=${artifact}`] : []),
  ...(values.output ? [`-c.directories.output=${values.output}`] : []),
];
const code = await build();
process.exitCode = code || (await runTool('node_modules/electron-builder/cli.js', words));
