import type { Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { invalid } from '../../src-shared/kernel/errors.ts';
import type { Plan } from '../../src-shared/schedule/contract.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import type { Client } from './connect.ts';
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
        const plan = await watched(client, options.json ?? false, (task_id) => client.schedule.optimize({ date: options.date, seconds, task_id, ...(options.until ? { until: options.until } : {}) }));
        const applied = options.apply ? await client.schedule.apply({ plan_id: plan.plan_id }) : null;
        print(options.json ?? false, { ...plan, applied }, () => [...lines(plan), ...(applied ? [say('optimize_applied', { count: applied.changed })] : [])]);
        return plan.unassigned.length + plan.problems.length > 0 ? EXIT.failed : EXIT.ok;
      }),
    );
}

const LOOK_MS = 200;

/** Tells on stderr whenever a better plan is found, and stops the thinking on Ctrl+C. */
async function watched(client: Client, json: boolean, work: (taskId: string) => Promise<Plan>): Promise<Plan> {
  const id = uuidv7();
  const began = Date.now();
  let told = Infinity;
  const look = setInterval(() => {
    void client.progress.list().then(
      ({ items }) => {
        const best = items.find((task) => task.id === id)?.best;
        if (typeof best !== 'number' || best >= told) return;
        told = best;
        const seconds = Math.round((Date.now() - began) / 100) / 10;
        process.stderr.write(json ? `${JSON.stringify({ progress: { seconds, cost: best } })}\n` : `${say('optimize_best', { seconds, minutes: Math.round(best / 60) })}\n`);
      },
      // The planning itself answers what is wrong.
      () => undefined,
    );
  }, LOOK_MS);
  const stop = (): void => void client.progress.cancel({ id }).catch(() => undefined);
  process.once('SIGINT', stop);
  try {
    return await work(id);
  } finally {
    clearInterval(look);
    process.off('SIGINT', stop);
  }
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
