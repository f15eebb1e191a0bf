import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../node.mjs';

/** Language of what the tools print: `POLEVIK_LANGUAGE`, else the system's. */
function language(env = process.env) {
  const wanted = env.POLEVIK_LANGUAGE || env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  return /^ru/i.test(wanted) ? 'ru' : 'en';
}

/** A sentence of `src-shared/shell` under `start.`, with its `{{places}}` filled. */
export function say(key, params = {}) {
  const messages = JSON.parse(readFileSync(join(ROOT, 'src-shared', 'shell', `messages.${language()}.json`), 'utf8'));
  return messages.start[key].replace(/\{\{(\w+)\}\}/g, (whole, name) => params[name] ?? whole);
}
