import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { signFolder, writeKeyPair } from '../updates/index.ts';
import { translator } from '../../src-shared/kernel/translate.ts';
import type { UpdatesState } from '../../src-shared/updates/contract.ts';
import { runCommand, runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { cliLanguage, print } from './output.ts';
import { say } from './words.ts';

interface SignOptions {
  key: string;
  percent?: string;
  minimum?: string;
  days: string;
  notes?: string;
  notesEn?: string;
  json?: boolean;
}

const MAX_DAYS = 3_650;

/** @throws AppError INVALID for anything but a whole number within the bounds */
function wholeNumber(field: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < min || value > max) throw invalid(field, 'updates_number', { min, max });
  return value;
}

/** What is new, out of a text file; the same text stands for both languages unless there is one for each. */
function notesOf({ notes, notesEn }: SignOptions): { ru: string; en: string } | undefined {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      throw new AppError('NOT_FOUND', { field: 'notes', detail: 'updates_file_missing', params: { file } });
    }
  };
  const first = notes ?? notesEn;
  return first === undefined ? undefined : { ru: read(notes ?? first), en: read(notesEn ?? first) };
}

function tell(options: CommonOptions, state: UpdatesState): void {
  const t = translator(cliLanguage(), 'updates');
  const stage = state.unable ? t(`unable.${state.unable}`) : `${t(`stages.${state.stage}`, { version: state.found?.version ?? '' })}.`;
  print(options.json ?? false, state, () => say('updates_state', { version: state.version, stage, message: state.last_check?.message ?? '' }).trim());
}

/** `updates status`, `updates install`: the running program of this machine, for its administrator's scripts. */
function machineCommands(updates: Command): void {
  withCommonOptions(updates.command('status').description('the version of the running program, and the one that waits'))
    .option('--check', 'look for a newer version first')
    .action((options: CommonOptions & { check?: boolean }) => runConnected(options, async ({ client }) => tell(options, options.check ? await client.updates.check() : await client.updates.state())));
  withCommonOptions(updates.command('install').description('install the version that waits: the program ends and comes back')).action((options: CommonOptions) =>
    runConnected(options, async ({ client }) => tell(options, await client.updates.install({ when: 'now' }))),
  );
}

/** `updates keygen`, `updates sign`: what the publisher of the program does, no data folder is touched; and what is done on a machine. */
export function updatesCommands(program: Command): void {
  const updates = program.command('updates').description('new versions of the program: publish, look, install');
  machineCommands(updates);
  updates
    .command('keygen')
    .description('make the publisher’s key; its public half goes into the program')
    .requiredOption('--key <file>', 'where the private half is written; the public one beside it, with .pub')
    .option('--json', 'answer as one JSON object')
    .action((options: { key: string; json?: boolean }) =>
      runCommand(options, async () => {
        const made = writeKeyPair(options.key);
        print(options.json ?? false, made, () => say('updates_key_made', { ...made }));
      }),
    );
  updates
    .command('sign')
    .argument('<folder>', 'what electron-builder has made: latest.yml, the installer, its block map')
    .description('sign the feeds of a folder; signing again changes the share of a roll-out')
    .requiredOption('--key <file>', 'the publisher’s private key')
    .option('--percent <n>', 'how many of a hundred installations take it, 0 to 100')
    .option('--minimum <version>', 'the oldest version that may take it directly')
    .option('--days <n>', 'for how long the signature is good', '180')
    .option('--notes <file>', 'what is new, as plain text in Russian')
    .option('--notes-en <file>', 'the same in English')
    .option('--json', 'answer as one JSON object')
    .action((folder: string, options: SignOptions) =>
      runCommand(options, async () => {
        const signed = await signFolder(folder, {
          keyFile: options.key,
          percent: options.percent === undefined ? undefined : wholeNumber('percent', options.percent, 0, 100),
          minimum: options.minimum,
          days: wholeNumber('days', options.days, 1, MAX_DAYS),
          notes: notesOf(options),
          now: Date.now(),
        });
        print(options.json ?? false, { signed }, () => signed.map(({ feed, version, percent, expires_at }) => say('updates_signed', { feed, version, percent, expires_at: expires_at.slice(0, 10) })));
      }),
    );
}
