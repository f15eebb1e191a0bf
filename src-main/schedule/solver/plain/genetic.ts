import { RouteExchange } from './crossover.ts';
import { findNeighbours, type Plain, type PlainSolution } from './instance.ts';
import { LocalSearch } from './local-search.ts';
import { isFeasible, Population, snapshot, toSolution, type Individual } from './population.ts';
import { Rng } from '../rng.ts';

const NEIGHBOURS = 32;
const INITIAL = 24;
const TARGET_SHARE = 0.35;
const ADAPT_EVERY = 25;
/** Below this share of usable results prices rise in leaps. */
const RARE = 0.1;
const RESTART_AFTER = 8_000;
const REPAIR_FACTOR = 10;
const PRICE_MIN = 0.01;
const PRICE_MAX = 100_000;

export interface GeneticLimits {
  seed: number;
  /** Asked before each step with the number of steps done. */
  goesOn: (steps: number) => boolean;
  /** Told every better usable solution. */
  onBetter: (best: PlainSolution) => void;
  /** A solution from outside, if a new one is there; asked now and then. */
  fromOutside?: (steps: number, best: PlainSolution | null) => PlainSolution | null;
  begin?: PlainSolution | null;
}

/**
 * Hybrid genetic search (Vidal, 2022; with windows: Kool and others, 2022): children of two good and different solutions are improved by local
 * search; prices of lateness and overload follow the share of usable results.
 */
export class Genetic {
  private readonly plain: Plain;
  private readonly limits: GeneticLimits;
  private readonly rng: Rng;
  private readonly search: LocalSearch;
  private readonly crossing: RouteExchange;
  private readonly population = new Population();
  private readonly order: Int32Array;
  private prices: { warp: number; load: number };
  private best: Individual | null = null;
  private tried = 0;
  private onTime = 0;
  private inLoad = 0;
  private idle = 0;

  constructor(plain: Plain, limits: GeneticLimits) {
    this.plain = plain;
    this.limits = limits;
    this.rng = new Rng(limits.seed);
    const neighbours = findNeighbours(plain, NEIGHBOURS);
    this.search = new LocalSearch(plain, neighbours, this.rng);
    this.crossing = new RouteExchange(this.search, neighbours, this.rng);
    this.order = Int32Array.from({ length: plain.clients }, (_, index) => index + 1);
    let far = 0;
    let heavy = 1;
    for (let client = 1; client <= plain.clients; client++) {
      far = Math.max(far, (plain.distance[client] as number), (plain.distance[client << plain.shift] as number));
      heavy = Math.max(heavy, (plain.demand[client] as number));
    }
    this.prices = { warp: 2, load: Math.max(0.1, far / heavy) };
  }

  /** Runs to its limit; null where nothing usable was found. */
  run(): PlainSolution | null {
    let steps = 0;
    if (this.limits.begin) this.take(this.limits.begin);
    else this.firstUsable();
    while (this.limits.goesOn(steps)) {
      steps++;
      this.search.setPenalties(this.prices);
      if (this.population.size < INITIAL) this.construct();
      else {
        this.population.rank(this.prices);
        const a = this.population.pick(this.rng);
        let b = this.population.pick(this.rng);
        for (let turn = 0; turn < 10 && b === a; turn++) b = this.population.pick(this.rng);
        this.crossing.cross(a, b);
      }
      this.educate();
      if (this.tried >= ADAPT_EVERY) this.adapt();
      if (this.idle > RESTART_AFTER) {
        this.population.clear();
        this.idle = 0;
      }
      const visitor = this.limits.fromOutside?.(steps, this.best ? toSolution(this.best) : null);
      if (visitor) this.take(visitor);
    }
    return this.best ? toSolution(this.best) : null;
  }

  private take(solution: PlainSolution): void {
    this.search.setPenalties(this.prices);
    this.search.clear();
    for (const [route, clients] of solution.routes.entries()) if (route < this.search.routes) this.search.fill(route, clients);
    for (let client = 1; client <= this.plain.clients; client++) this.place(client);
    this.keep(snapshot(this.search));
  }

  private place(client: number): void {
    if ((this.search.route[client] as number) >= 0) return;
    this.search.cheapest(client, false);
    this.search.insertAfter(client, this.search.place);
  }

  /** Something that can be used from the first moment on, where simple insertion finds it. */
  private firstUsable(): void {
    const { due } = this.plain;
    this.search.clear();
    const byDue = this.order.toSorted((a, b) => (due[a] as number) - (due[b] as number) || a - b);
    for (const client of byDue) {
      this.search.cheapest(client, true);
      if (this.search.place < 0) return;
      this.search.insertAfter(client, this.search.place);
    }
    this.keep(snapshot(this.search));
  }

  /** Clients in a random order, each where it costs least. */
  private construct(): void {
    this.search.clear();
    this.rng.shuffle(this.order);
    for (const client of this.order) this.place(client);
  }

  private educate(): void {
    this.search.run();
    let one = snapshot(this.search);
    this.tried++;
    if (one.warp === 0) this.onTime++;
    if (one.excess === 0) this.inLoad++;
    this.keep(one);
    if (isFeasible(one) || this.rng.below(2) === 0) return;
    this.search.setPenalties({ warp: this.prices.warp * REPAIR_FACTOR, load: this.prices.load * REPAIR_FACTOR });
    this.search.run();
    one = snapshot(this.search);
    if (isFeasible(one)) this.keep(one);
  }

  private keep(one: Individual): void {
    this.population.add(one, this.prices);
    this.idle++;
    if (!isFeasible(one) || (this.best && one.distance >= this.best.distance)) return;
    this.best = one;
    this.idle = 0;
    this.limits.onBetter(toSolution(one));
  }

  private adapt(): void {
    const next = (price: number, share: number): number => Math.min(PRICE_MAX, Math.max(PRICE_MIN, share < TARGET_SHARE - 0.05 ? price * (share < RARE ? 1.6 : 1.2) + 0.01 : share > TARGET_SHARE + 0.05 ? price * 0.85 : price));
    this.prices = { warp: next(this.prices.warp, this.onTime / this.tried), load: next(this.prices.load, this.inLoad / this.tried) };
    this.tried = this.onTime = this.inLoad = 0;
  }
}
