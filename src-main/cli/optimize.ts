import type { Command } from 'commander';
import { invalid } from '../../src-shared/kernel/errors.ts';
import type { Plan } from '../../src-shared/schedule/contract.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { cliLanguage, EXIT, print } from './output.ts';
import { say } from './words.ts';

interface OptimizeOptions extends CommonOptions {
  date: string;
  until?: string;
  seconds?: string;
  apply?: boolean;
}

/** `polevik optimize`: proposes who goes where and when on a date; `--apply` writes it. 1 when something has no place. */
export function optimizeCommand(program: Command): void {
  withCommonOptions(program.command('optimize').description('plan the appointments of a date: order, engineers, times'))
    .requiredOption('--date <date>', 'the day, YYYY-MM-DD')
    .option('--until <date>', 'last day, where several are planned at once')
    .option('--seconds <n>', 'longest time to think', '5')
    .option('--apply', 'write the plan as one change')
    .action((options: OptimizeOptions) =>
      runConnected(options, async ({ client }) => {
        const seconds = Number(options.seconds);
        if (!(seconds > 0)) throw invalid('seconds', 'too_small', { min: 0 });
        const plan = await client.schedule.optimize({ date: options.date, seconds, ...(options.until ? { until: options.until } : {}) });
        const applied = options.apply ? await client.schedule.apply({ plan_id: plan.plan_id }) : null;
        print(options.json ?? false, { ...plan, applied }, () => [...lines(plan), ...(applied ? [say('optimize_applied', { count: applied.changed })] : [])]);
        return plan.unassigned.length + plan.problems.length > 0 ? EXIT.failed : EXIT.ok;
      }),
    );
}

function lines(plan: Plan): string[] {
  const time = new Intl.DateTimeFormat(cliLanguage() === 'ru' ? 'ru-RU' : 'en-GB', { timeZone: plan.time_zone, hour: '2-digit', minute: '2-digit' });
  const at = (moment: string): string => time.format(new Date(moment));
  const { before, after, changed } = plan.comparison;
  return [
    ...plan.routes
      .filter((route) => route.stops.length > 0)
      .flatMap((route) => [
        say('optimize_route', { name: route.engineer_name, date: route.date, from: at(route.departs_at), to: at(route.finishes_at), travel: route.travel_minutes, km: route.distance_km }),
        ...route.stops.map((stop) => `  ${at(stop.starts_at)}–${at(stop.ends_at)}  ${stop.title}${stop.client_name ? ` — ${stop.client_name}` : ''}${stop.changed === 'same' ? '' : ' *'}`),
      ]),
    ...plan.unassigned.flatMap((one) => [say('optimize_left', { title: one.title, why: one.sentence }), ...one.fits.slice(0, 1).map((way) => `  → ${way.sentence}`)]),
    ...plan.problems.map((one) => say('optimize_left', { title: one.title, why: one.sentence })),
    say('optimize_compared', { before: before.travel_minutes, after: after.travel_minutes, changed }),
  ];
}
