import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { EXPORTABLE, type ExportInfo } from '../../src-shared/exports/contract.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { EXIT, print } from './output.ts';
import { say } from './words.ts';

interface ExportOptions extends CommonOptions {
  entity: string;
  format: string;
  out?: string;
}

const LOOK_MS = 100;

/** `polevik export`: all rows of an entity into a file. */
export function exportCommand(program: Command): void {
  withCommonOptions(program.command('export').description('write all rows of an entity into a file'))
    .requiredOption('--entity <name>', EXPORTABLE.join(', '))
    .option('--format <format>', 'csv or json', 'csv')
    .option('--out <file>', 'where to; by default a name with the date, here')
    .action((options: ExportOptions) =>
      runConnected(options, async ({ client }) => {
        const entity = EXPORTABLE.find((name) => name === options.entity);
        if (!entity) throw invalid('entity', 'not_one_of', { values: EXPORTABLE.join(', ') });
        if (options.format !== 'csv' && options.format !== 'json') throw invalid('format', 'not_one_of', { values: 'csv, json' });
        let info: ExportInfo = await client.exports.start({ entity, format: options.format });
        while (info.state === 'running') {
          await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
          info = await client.exports.get({ id: info.id });
        }
        if (info.state !== 'done') return EXIT.failed;
        const target = options.out ?? info.file_name;
        const file = await client.exports.download({ id: info.id });
        await writeFile(target, file.stream());
        print(options.json ?? false, { ...info, out: target }, () => say('exported', { rows: info.rows, out: target }));
        return EXIT.ok;
      }),
    );
}
