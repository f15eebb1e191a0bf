import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { print } from './output.ts';
import { say } from './words.ts';

interface SheetOptions extends CommonOptions {
  date: string;
  engineer?: string;
  out?: string;
}

/** `polevik sheet`: day sheets as PDF, of everybody who goes somewhere or of one engineer. */
export function sheetCommand(program: Command): void {
  withCommonOptions(program.command('sheet').description('day sheets of engineers as PDF'))
    .requiredOption('--date <date>', 'the day, YYYY-MM-DD')
    .option('--engineer <who>', 'only this one: number, e-mail or full name')
    .option('--out <file>', 'where to; by default a name with the date, here')
    .action((options: SheetOptions) =>
      runConnected(options, async ({ client }) => {
        const file = await client.schedule.sheet({ date: options.date, ...(options.engineer ? { engineer: options.engineer } : {}) });
        const out = options.out ?? file.name;
        await writeFile(out, file.stream());
        print(options.json ?? false, { out, bytes: file.size }, () => say('sheet_written', { out }));
      }),
    );
}
