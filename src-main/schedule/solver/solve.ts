import { buildProblem } from './build.ts';
import type { Fit, Problem, ProblemInput, Solution, SolveOptions, SolveProgress } from './problem.ts';
import { explain, Fitting } from './rich/explain.ts';
import { unpackPlan } from './rich/run.ts';
import { plannedRoutes, schedule, type Scheduled } from './rich/schedule.ts';
import { runThreads } from './threads.ts';

const USUAL_MS = 5000;
const USUAL_WORKERS = 2;

type PlanInput = NonNullable<SolveOptions['warmStart']>;

function numbered(problem: Problem, plan: PlanInput): number[][] {
  const jobs = new Map(problem.jobKeys.map((key, job) => [key, job]));
  const byShift = new Map(plan.map((route) => [route.shift, route.jobs]));
  return problem.shiftKeys.map((key) => (byShift.get(key) ?? []).flatMap((job) => jobs.get(job) ?? []));
}

/**
 * Plans a day or several: who goes where and when. Hard rules are never broken; what has no place is answered with why and how it could fit.
 * With `iterations` the answer depends on the problem, the seed, the iterations and the number of workers only.
 * @throws RangeError for an input that does not fit together (see buildProblem)
 */
export async function solve(input: ProblemInput, options: SolveOptions = {}, onProgress: (progress: SolveProgress) => void = () => undefined, signal?: AbortSignal): Promise<Solution> {
  const began = Date.now();
  const problem = buildProblem(input);
  const iterations = options.iterations ?? 0;
  const progress: SolveProgress[] = [];
  const tell = (cost: number, unassigned: number, steps: number): void => {
    if (progress.length > 0 && cost >= (progress.at(-1)?.cost ?? Infinity)) return;
    const news = { elapsedMs: Date.now() - began, cost, unassigned, iterations: steps };
    progress.push(news);
    onProgress(news);
  };
  const task = { problem, seed: options.seed ?? 1, until: began + (options.timeMs ?? USUAL_MS), iterations, begin: numbered(problem, options.warmStart ?? []) };
  const cells = 3 * problem.jobs + problem.shifts + 2;
  const answers = await runThreads({ rich: task }, options.workers ?? USUAL_WORKERS, iterations > 0, cells, ({ cost, unassigned, steps }) => tell(cost, unassigned, steps), signal);
  const plans = answers.flatMap(({ best }) => (best ? [schedule(problem, unpackPlan(best.routes))] : []));
  const best = plans.reduce((least: Scheduled | null, plan) => (least && least.cost.total <= plan.cost.total ? least : plan), null);
  if (!best) throw new Error('no thread has answered');
  const steps = answers.reduce((sum, answer) => sum + answer.steps, 0);
  const unassigned = explain(problem, best);
  tell(best.cost.total, unassigned.length, steps);
  return { routes: plannedRoutes(problem, best), unassigned, cost: best.cost, progress, iterations: steps, elapsedMs: Date.now() - began };
}

/**
 * The ways to fit one job of the problem into a plan that leaves it out: the best of each shift, those that bend no rule first.
 * @throws RangeError where the job is unknown or the plan already holds it; Error where the plan itself breaks a rule
 */
export function findFits(input: ProblemInput, plan: PlanInput, job: string, most = Infinity): Fit[] {
  const problem = buildProblem(input);
  const index = problem.jobKeys.indexOf(job);
  const routes = numbered(problem, plan);
  if (index < 0 || routes.some((route) => route.includes(index))) throw new RangeError(`the job ${job} is unknown or has its place already`);
  return new Fitting(problem, scheduleOf(problem, routes)).fits(index, most);
}

function scheduleOf(problem: Problem, routes: number[][]): Scheduled {
  const free = { release: new Int32Array(problem.jobs).fill(-2_000_000_000), latest: new Int32Array(problem.jobs).fill(2_000_000_000) };
  return schedule(problem, { routes, ...free });
}
