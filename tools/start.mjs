// npm start -- [--demo] [--port N] [--data-dir DIR] [--headless]: builds, then opens the window; where that cannot be, serves the same
// program to the browser.
import { parseArgs } from 'node:util';
import { fetchElectron, installedElectron } from './lib/electron-binary.mjs';
import { build } from './lib/parts.mjs';
import { openWindow } from './lib/window.mjs';
import { say } from './lib/words.mjs';
import { ensureNode, runTool } from './node.mjs';

await ensureNode();
process.exitCode = await start(readOptions());

function readOptions() {
  const options = { demo: { type: 'boolean' }, headless: { type: 'boolean' }, port: { type: 'string' }, 'data-dir': { type: 'string' } };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const option = /'([^' <]+)/.exec(error.message)?.[1] ?? '';
    console.error(`${say('unknown_option', { option })} ${say('usage')}`);
    return process.exit(2);
  }
}

/** The words of the command line that mean the same to the window and to the server. */
function wordsOf({ demo, port, 'data-dir': folder }) {
  return [...(demo ? ['--demo'] : []), ...(port ? ['--port', port] : []), ...(folder ? ['--data-dir', folder] : [])];
}

async function start(options) {
  const code = await build(undefined, { announce: () => console.error(say('building')) });
  if (code !== 0) {
    console.error(say('build_failed'));
    return code;
  }
  if (!options.headless) {
    const window = await tryWindow(wordsOf(options));
    if (window.opened) return window.code;
    console.error(window.why);
  }
  return runTool('dist/main/polevik.mjs', ['serve', ...wordsOf(options)], { cwd: process.cwd() });
}

async function tryWindow(words) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { opened: false, why: say('no_display') };
  let electron = installedElectron();
  if (!electron) {
    console.error(say('fetching'));
    electron = await fetchElectron();
  }
  if (!electron) return { opened: false, why: say('no_binary') };
  const window = await openWindow(electron, words);
  return window.opened ? window : { opened: false, why: say('window_failed', { reason: window.reason }) };
}
