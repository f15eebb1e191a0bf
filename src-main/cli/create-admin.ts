import type { Command } from 'commander';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { print } from './output.ts';
import { readPassword } from './password.ts';
import { say } from './words.ts';

interface AdminOptions extends CommonOptions {
  email: string;
  name?: string;
}

/** `polevik create-admin` and `polevik reset-owner`. */
export function createAdminCommand(program: Command): void {
  withCommonOptions(program.command('create-admin').description('make an administrator; the first one founds the organisation'))
    .requiredOption('--email <email>', 'e-mail')
    .option('--name <name>', 'full name')
    .action((options: AdminOptions) =>
      runConnected(options, async ({ core }) => {
        if (!core) throw new AppError('CONFLICT', { detail: 'stop_first' });
        const made = await core.house.auth.ensureAdmin({ email: options.email, password: await readPassword(), name: options.name ?? options.email, organization: options.organization ?? process.env['ADMIN_ORGANIZATION'] ?? 'Polevik' });
        print(options.json ?? false, { email: options.email, created: made }, () => say(made ? 'admin_made' : 'admin_known', { email: options.email }));
      }),
    );
  withCommonOptions(program.command('reset-owner').description('last resort: a new password for an owner who lost everything; leaves a trace'))
    .requiredOption('--email <email>', 'e-mail of the owner')
    .action((options: AdminOptions) =>
      runConnected(options, async ({ core }) => {
        if (!core) throw new AppError('CONFLICT', { detail: 'stop_first' });
        await core.house.auth.resetOwner(options.email, await readPassword());
        print(options.json ?? false, { email: options.email, reset: true }, () => say('owner_reset', { email: options.email }));
      }),
    );
}
