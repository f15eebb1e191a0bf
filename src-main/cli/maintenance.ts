import type { Command } from 'commander';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { systemClock } from '../../src-shared/kernel/clock.ts';
import { contentsFolder, copyContents } from '../attachments/index.ts';
import { takeOwnership } from '../core/owner-lock.ts';
import { openApiDocument } from '../server/openapi.ts';
import { restore } from '../store/backup.ts';
import { MIGRATIONS } from '../store/migrate.ts';
import { openDb } from '../store/sqlite.ts';
import { readdirSync } from 'node:fs';
import { configOf, runCommand, runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { EXIT, print } from './output.ts';
import { say } from './words.ts';

interface FileOptions extends CommonOptions {
  out?: string;
  file?: string;
  contents?: string;
}

/** `backup`, `restore`, `migrations`, `openapi`, `doctor`, `diagnostics`. */
export function maintenanceCommands(program: Command): void {
  withCommonOptions(program.command('backup').description('online backup, verified by opening the copy'))
    .option('--out <file>', 'copy the backup there too')
    .option('--contents <folder>', 'bring the contents of files there as well; what is there already is left alone')
    .action((options: FileOptions) =>
      runConnected(options, async ({ client }) => {
        const made = await client.system.backup();
        if (options.out) await copyFile(made.file, options.out);
        const { total } = await client.attachments.summary({});
        const folder = contentsFolder(configOf(options).dataDir, (await client.organizations.current()).id);
        const files = options.contents ? await copyContents(folder, options.contents) : null;
        print(options.json ?? false, { ...made, ...(options.out ? { out: options.out } : {}), files: { total, folder, ...files } }, () => [
          say('backed_up', { file: options.out ?? made.file, size: Math.ceil(made.size / 1024) }),
          ...(files ? [say('backed_up_files', { count: files.contents, copied: files.copied, size: Math.ceil(files.bytes / 1024), folder: options.contents ?? '' })] : total > 0 ? [say('files_apart', { count: total, folder })] : []),
        ]);
      }),
    );

  withCommonOptions(program.command('restore').description('put a backup in the place of the organisation’s file; the program must not be running'))
    .requiredOption('--file <file>', 'the backup')
    .option('--contents <folder>', 'take the contents of files from there, where they are not here')
    .action((options: FileOptions) =>
      runCommand(options, async () => {
        const config = configOf(options);
        const lock = takeOwnership(config.dataDir);
        try {
          const target = config.singleFile ?? join(config.dataDir, 'organizations', `${options.organization ?? onlyOrganization(config.dataDir)}.sqlite`);
          const former = restore(options.file ?? '', target, systemClock);
          const files = options.contents ? await copyContents(options.contents, contentsFolder(config.dataDir, organizationIn(target))) : null;
          print(options.json ?? false, { restored: target, former, ...(files ? { files } : {}) }, () => [
            say(former ? 'restored' : 'restored_new', { file: target, former: former ?? '' }),
            ...(files ? [say('restored_files', { count: files.contents, copied: files.copied })] : []),
          ]);
        } finally {
          lock.release();
        }
      }),
    );

  withCommonOptions(program.command('migrations').description('migrations in order, with the moment of their application')).action((options: CommonOptions) =>
    runConnected(
      options,
      async ({ client }) => printMigrations(options, (await client.system.migrations()).items),
      () => printMigrations(options, MIGRATIONS.map(({ name }) => ({ name, applied_at: null }))),
    ),
  );

  withCommonOptions(program.command('openapi').description('the OpenAPI document of the REST door'))
    .option('--out <file>', 'write it there')
    .action((options: FileOptions) =>
      runCommand(options, async () => {
        const text = JSON.stringify(await openApiDocument(configOf(options).version), null, 2);
        if (options.out) await writeFile(options.out, text);
        else process.stdout.write(`${text}\n`);
      }),
    );

  withCommonOptions(program.command('doctor').description('check the store: pages, chain of the log, search index, space')).action((options: CommonOptions) =>
    runConnected(
      options,
      async ({ client }) => printChecks(options, await client.system.doctor()),
      () => printChecks(options, { ok: true, checks: [{ name: 'organizations', ok: true, message: '0' }] }),
    ),
  );

  withCommonOptions(program.command('diagnostics').description('facts for finding a fault, without personal data'))
    .option('--out <file>', 'write them there')
    .action((options: FileOptions) =>
      runConnected(options, async ({ client }) => {
        const text = JSON.stringify(await client.system.diagnostics(), null, 2);
        if (!options.out) return void process.stdout.write(`${text}\n`);
        await writeFile(options.out, text);
        print(options.json ?? false, { out: options.out }, () => say('diagnosed', { out: options.out ?? '' }));
      }),
    );
}

function printMigrations(options: CommonOptions, items: { name: string; applied_at: string | null }[]): void {
  print(options.json ?? false, { items }, () => items.map((item) => `${item.applied_at ?? say('pending')}  ${item.name}`));
}

function printChecks(options: CommonOptions, result: { ok: boolean; checks: { name: string; ok: boolean; message: string }[] }): number {
  print(options.json ?? false, result, () => result.checks.map((check) => `${check.ok ? 'ok ' : 'BAD'}  ${check.name}: ${check.message}`));
  return result.ok ? EXIT.ok : EXIT.failed;
}

/** Whose file it is, as it says itself. */
function organizationIn(file: string): string {
  const db = openDb(file, { readonly: true });
  try {
    return db.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id ?? '';
  } finally {
    db.close();
  }
}

function onlyOrganization(dataDir: string): string {
  const names = readdirSync(join(dataDir, 'organizations')).filter((name) => name.endsWith('.sqlite'));
  if (names.length !== 1) throw new AppError('INVALID', { field: 'organization', detail: 'organization_unknown' });
  return (names[0] as string).replace(/\.sqlite$/, '');
}
