import { InvalidArgumentError, type Command } from 'commander';
import { fillWithDemo, seedBench, seedDemo, sizesAt } from '../seed/index.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { print } from './output.ts';
import { say } from './words.ts';

interface SeedOptions extends CommonOptions {
  size?: number;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0 || value > 10) throw new InvalidArgumentError('a number above 0, at most 10');
  return value;
}

/** `polevik seed-db`: demonstration data; with `--size` a generated firm (1 is 100,000 clients, 500,000 tickets, 1,000,000 notes). */
export function seedDbCommand(program: Command): void {
  withCommonOptions(program.command('seed-db').description('fill with demonstration data, or with a generated firm of any size'))
    .option('--size <factor>', '1 = 100 000 clients, 500 000 tickets, 1 000 000 notes', positive)
    .action((options: SeedOptions) =>
      runConnected(options, async ({ core }) => {
        if (!core) throw new AppError('CONFLICT', { detail: 'stop_first' });
        const { house } = core;
        const [organization] = house.organizations.list();
        if (options.demo && !organization) await seedDemo(house);
        else if (!organization) throw new AppError('CONFLICT', { detail: 'seed_needs_organization' });
        else if (options.size !== undefined) await seedBench(house, sizesAt(options.size), ({ done, total }) => process.stderr.write(`\r${Math.floor((done / total) * 100)} %`));
        else fillWithDemo(house.organizations.open(organization.id), house.clock.now());
        print(options.json ?? false, { seeded: true, data_dir: house.config.dataDir }, () => say('seeded', { dir: house.config.dataDir }));
      }),
    );
}
