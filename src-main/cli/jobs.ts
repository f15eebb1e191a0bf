import type { Command } from 'commander';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { EXIT, print } from './output.ts';
import { say } from './words.ts';

/** `jobs` (what the program does by itself, and how it last ended), `jobs run NAME`. */
export function jobsCommands(program: Command): void {
  const jobs = withCommonOptions(program.command('jobs').description('what the program does by itself: last run, next run')).action((options: CommonOptions) =>
    runConnected(options, async ({ client }) => {
      const { items } = await client.jobs.list();
      print(options.json ?? false, { items }, () =>
        items.map(({ name, enabled, last_run, next_run_at }) => say('job_line', { name, state: enabled ? 'on' : 'off', last: last_run ? `${last_run.started_at} ${last_run.outcome}` : '—', next: next_run_at ?? '—' })),
      );
    }),
  );
  withCommonOptions(jobs.command('run <name>').description('run one now and wait for its end')).action((name: string, _options: CommonOptions, command: Command) => {
    // Both commands know the common options; whichever of them was given, this one obeys.
    const options = command.optsWithGlobals<CommonOptions>();
    return runConnected(options, async ({ client }) => {
      const run = await client.jobs.run({ name });
      print(options.json ?? false, run, () => (run.outcome === 'done' ? say('job_done') : say('job_failed', { error: run.error ?? '' })));
      return run.outcome === 'done' ? EXIT.ok : EXIT.failed;
    });
  });
}
