import { parseArgs } from 'node:util';

/** What was asked of the program when it was started. */
export type Launch = { kind: 'command' } | ({ kind: 'window' } & WindowLaunch);

export interface WindowLaunch {
  dataDir: string | undefined;
  demo: boolean;
  /** Port of the HTTP door on loopback, where one was asked for. */
  port: string | undefined;
  /** No window at the start, only the sign beside the clock. */
  hidden: boolean;
  /** Deep link as it was written; nobody has checked it yet. */
  link: string | null;
}

const OWN = { demo: { type: 'boolean' }, 'data-dir': { type: 'string' }, port: { type: 'string' }, hidden: { type: 'boolean' } } as const;
/** Switches that ask the command line for an answer, with no command before them. */
const ANSWERS = new Set(['--version', '-V', '--help', '-h']);
/** Commands that are known as switches too. */
const COMMAND_SWITCH = /^--sync-anydesk-id(=|$)/;
const LINK = /^polevik:/i;

/** The words after the program's own: in development Electron is given the folder of the program first, after switches of its own. */
export function wordsOf(argv: readonly string[], inDevelopment: boolean): string[] {
  const words = argv.slice(1);
  return inDevelopment ? words.slice(words.findIndex((word) => !word.startsWith('-')) + 1) : words;
}

/**
 * Reads the command line. A first word that is no switch and no link is a command (`serve`, `backup`, …) and wants no window. Switches
 * that are not ours belong to Chromium, which adds some of its own.
 */
export function readCommandLine(words: readonly string[]): Launch {
  const { values, tokens } = parseArgs({ args: [...words], options: OWN, strict: false, allowPositionals: true, tokens: true });
  const plain = tokens.filter((token) => token.kind === 'positional').map((token) => token.value);
  const link = plain.find((word) => LINK.test(word)) ?? null;
  if (words.some((word) => ANSWERS.has(word) || COMMAND_SWITCH.test(word)) || plain.some((word) => !LINK.test(word))) return { kind: 'command' };
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  return { kind: 'window', dataDir: text(values['data-dir']), demo: values.demo === true, port: text(values.port), hidden: values.hidden === true, link };
}

/** What a second start handed over. It comes from another process, so that nothing of it is taken on trust. */
export function linkOfSecondStart(data: unknown): string | null {
  const link = typeof data === 'object' && data !== null && 'link' in data ? data.link : null;
  return typeof link === 'string' ? link : null;
}
