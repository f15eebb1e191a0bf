// npm test: everything that is checked before a change is kept, each step with its time, and one line at the end.
// npm run lint | types | … : one of the steps; further words go to its tool.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages, makesWindowsPrograms, runsWindowsPrograms } from './lib/debian.mjs';
import { installedElectron } from './lib/electron-binary.mjs';
import { build } from './lib/parts.mjs';
import { ensureNode, ROOT, runTool } from './node.mjs';

await ensureNode();

const RESULTS = join(ROOT, 'dist', 'test-results');
const playwright = (project, words, env = {}) => runTool('node_modules/@playwright/test/cli.js', ['test', '--project', project, '--reporter', 'list,json', ...words], { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(RESULTS, `${project}.json`), ...env } });

const vitest = (name, words) => runTool('node_modules/vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(RESULTS, `${name}.json`)}`, ...words]);

const STEPS = {
  lint: async (words) => (await runTool('node_modules/oxlint/bin/oxlint', words)) || (await runTool('tools/messages.mjs')),
  types: (words) => runTool('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json', ...words]),
  boundaries: (words) => runTool('tools/boundaries.mjs', words),
  dead: (words) => runTool('node_modules/knip/bin/knip.js', words),
  build: async () => ensureDebianPackages() || build(),
  unit: (words) => vitest('unit', words),
  windows,
  e2e: (words) => playwright('e2e', words),
};
const COUNTED = ['unit', 'windows', 'e2e'];
/** Steps that want a built program. */
const NEEDS_BUILD = ['unit', 'windows', 'e2e', 'desktop'];

const [wanted, ...words] = process.argv.slice(2);
mkdirSync(RESULTS, { recursive: true });
process.exitCode = wanted ? await runOne(wanted) : await runAll();

async function runOne(name) {
  const step = name === 'desktop' ? desktop : STEPS[name];
  if (!step) {
    console.error(`No such step: ${name}. There are ${[...Object.keys(STEPS), 'desktop'].join(', ')}.`);
    return 2;
  }
  const built = NEEDS_BUILD.includes(name) ? await build() : 0;
  return built || step(words);
}

/** The window itself, on machines that have Electron's executable. */
async function desktop(words) {
  if (installedElectron()) return playwright('desktop', words);
  console.error('Electron is not here. Fetch it with: npx install-electron --no');
  return 2;
}

/** What is made for Windows, run as Windows programs. */
async function windows(words) {
  if (runsWindowsPrograms() && makesWindowsPrograms()) return vitest('windows', ['--config', 'vitest.windows.config.ts', ...words]);
  console.log('NOT RUN: the tests of Windows programs. They want Windows, or the Debian packages wine, wine64 and gcc-mingw-w64-x86-64 on a 64-bit PC.');
  return 0;
}

async function runAll() {
  const outcomes = [];
  for (const [name, step] of Object.entries(STEPS)) {
    console.log(`\n== ${name}`);
    rmSync(join(RESULTS, `${name}.json`), { force: true });
    const started = Date.now();
    const broken = outcomes.some((outcome) => outcome.name === 'build' && outcome.code !== 0);
    const code = broken && NEEDS_BUILD.includes(name) ? 1 : await step([]);
    outcomes.push({ name, code, seconds: (Date.now() - started) / 1000, counts: COUNTED.includes(name) ? countsOf(name) : null });
  }
  return summarize(outcomes);
}

/** Tests passed and failed, as the step's own report tells. */
function countsOf(name) {
  try {
    const report = JSON.parse(readFileSync(join(RESULTS, `${name}.json`), 'utf8'));
    const { stats } = report;
    return stats
      ? { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
      : { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** A step that fails without a failed test (a lint fault, a file that does not load) counts as one failure: the last line never says less than the exit code. */
function summarize(outcomes) {
  console.log('');
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, code, seconds, counts } of outcomes) {
    const told = counts ? ` · ${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}` : '';
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s${told}`);
    for (const key of Object.keys(total)) total[key] += counts?.[key] ?? 0;
    if (code !== 0 && !counts?.failed) total.failed += 1;
  }
  console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
  return total.failed === 0 ? 0 : 1;
}
