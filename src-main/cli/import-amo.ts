import type { Command } from 'commander';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { ImportInfo, ImportRow } from '../../src-shared/imports/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import type { Client } from './connect.ts';
import { cliLanguage, EXIT, print } from './output.ts';
import { say } from './words.ts';

interface ImportOptions extends CommonOptions {
  csv: string;
  dryRun?: boolean;
  zone?: string;
}

const LOOK_MS = 200;
const SHOWN_FAULTS = 50;
const MOVING = new Set(['checking', 'running', 'undoing']);

/** `polevik import-amo`: companies and contacts out of an amoCRM file; `--dry-run` only says what would happen. */
export function importAmoCommand(program: Command): void {
  withCommonOptions(program.command('import-amo').description('import companies and contacts from an amoCRM CSV'))
    .requiredOption('--csv <file>', 'the file')
    .option('--dry-run', 'only say what would be created, joined, skipped, and why')
    .option('--zone <zone>', 'time zone of the dates in the file')
    .action((options: ImportOptions) =>
      runConnected(options, async ({ client }) => {
        const file = new File([await readable(options.csv)], basename(options.csv), { type: 'text/csv' });
        const uploaded = await client.imports.upload({ file });
        const how = { id: uploaded.id, ...(options.zone ? { time_zone: options.zone } : {}) };
        await (options.dryRun ? client.imports.check(how) : client.imports.run(how));
        const info = await followed(client, uploaded.id);
        const faults = (await client.imports.rows({ id: info.id, verdict: 'error', limit: SHOWN_FAULTS })).items;
        print(options.json ?? false, { ...info, faults }, () => [say(options.dryRun ? 'import_checked' : 'import_done', { ...info.counts, file: info.file_name }), ...faults.map(faultLine)]);
        return info.state === 'failed' ? EXIT.failed : info.state === 'cancelled' ? EXIT.cancelled : EXIT.ok;
      }),
    );
}

async function readable(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch {
    throw new AppError('INVALID', { field: 'csv', detail: 'import_unreadable', params: { file: path } });
  }
}

/** Waits for the import's end. Ctrl+C stops it, which takes back what it wrote; a second one does not wait for that. */
async function followed(client: Client, id: string): Promise<ImportInfo> {
  let stopping: Promise<unknown> | null = null;
  process.once('SIGINT', () => (stopping = client.imports.cancel({ id })));
  for (;;) {
    if (stopping) await stopping;
    const info = await client.imports.get({ id });
    if (process.stderr.isTTY) process.stderr.write(`\r${Math.floor(info.progress * 100)} %`);
    if (!MOVING.has(info.state)) {
      if (process.stderr.isTTY) process.stderr.write('\r');
      return info;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const faultLine = (row: ImportRow): string => say('import_fault', { line: row.line, why: translateError(cliLanguage(), 'INVALID', { detail: row.reason, params: row.params }) });
