import type { Command } from 'commander';
import { runCommand, withCommonOptions, configOf, type CommonOptions } from './command.ts';
import { print } from './output.ts';
import { say } from './words.ts';
import { createCore, createLog } from '../core/core.ts';

/** `polevik init-db`: makes the data folder; an organisation too, when the environment names its admin. */
export function initDbCommand(program: Command): void {
  withCommonOptions(program.command('init-db').description('make the data folder; with ADMIN_* in the environment, the organisation and its owner too')).action((options: CommonOptions) =>
    runCommand(options, async () => {
      const config = configOf(options);
      const core = await createCore({ config: { ...config, admin: config.admin ?? adminFromEnvironment() }, log: createLog('warn') });
      try {
        const organizations = core.house.organizations.list();
        print(options.json ?? false, { data_dir: config.dataDir, organizations }, () => (organizations.length > 0 ? say('ready', { dir: config.dataDir, names: organizations.map((one) => one.name).join(', ') }) : say('ready_empty', { dir: config.dataDir })));
      } finally {
        await core.close();
      }
    }),
  );
}

function adminFromEnvironment(): { email: string; password: string; name: string; organization: string } | null {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password, ADMIN_NAME: name, ADMIN_ORGANIZATION: organization } = process.env;
  return email && password ? { email, password, name: name ?? email, organization: organization ?? 'Polevik' } : null;
}
