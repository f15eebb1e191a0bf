import { findNeighbours, type Neighbours, type Plain, type PlainSolution } from './instance.ts';
import { snapshot, toSolution, type Individual } from './population.ts';
import { Rng } from '../rng.ts';
import { Tour } from './tour.ts';

const MEAN_REMOVED = 10;
const LONGEST_STRING = 10;
const HOT = 0.02;
const COLD = 0.0002;
const ROUND = 20_000;

/**
 * Fewer vehicles by ruin and recreate: a route is dissolved, and strings of neighbouring clients are taken out and put back until nobody is
 * left over. Clients that were left over often count more, so that the hard ones find a place first (Christiaens and Vanden Berghe, 2020).
 */
export class FleetSearch {
  private readonly plain: Plain;
  private readonly tour: Tour;
  private readonly neighbours: Neighbours;
  private readonly rng: Rng;
  private readonly misses: Float64Array;
  private absent: number[] = [];

  constructor(plain: Plain, seed: number) {
    this.plain = plain;
    this.tour = new Tour(plain);
    this.neighbours = findNeighbours(plain, 1);
    this.rng = new Rng(seed);
    this.misses = new Float64Array(plain.clients + 1).fill(1);
  }

  /** Fewest vehicles that the load alone would need. */
  get floor(): number {
    let load = 0;
    for (const demand of this.plain.demand) load += demand;
    return Math.max(1, Math.ceil(load / this.plain.capacity));
  }

  /** Dissolves route after route while `goesOn` allows; the solution with the fewest, or null where not everybody fits at all. */
  run(goesOn: (steps: number, routes: number) => boolean, onFewer: (best: PlainSolution) => void): PlainSolution | null {
    const { tour, plain } = this;
    let best: Individual | null = null;
    this.absent = Array.from({ length: plain.clients }, (_, index) => index + 1);
    this.recreate();
    let steps = 0;
    let routes = tour.routes;
    let kept = snapshot(tour);
    let keptAbsent = [...this.absent];
    let heat = 1;
    let weight = this.weigh(keptAbsent);
    const scale = Math.max(1, kept.distance);
    while (goesOn(steps, best ? best.bounds.length - 1 : plain.vehicles + 1)) {
      if (keptAbsent.length === 0) {
        best = kept;
        onFewer(toSolution(best));
        routes = best.bounds.length - 1;
        if (routes <= this.floor) break;
        keptAbsent = this.dissolve(routes - 1);
        kept = snapshot(tour);
        weight = this.weigh(keptAbsent);
        heat = 1;
      }
      steps++;
      heat = Math.max(COLD / HOT, heat * (1 - 5 / ROUND));
      this.ruin();
      this.recreate();
      const now = snapshot(tour);
      const nowWeight = this.weigh(this.absent);
      for (const client of this.absent) this.misses[client] = (this.misses[client] as number) + 1;
      const better = this.absent.length === keptAbsent.length ? now.distance < kept.distance - HOT * heat * (scale / 20) * Math.log(this.rng.real() + 1e-12) : nowWeight < weight || this.absent.length === 0;
      if (better) {
        kept = now;
        keptAbsent = [...this.absent];
        weight = nowWeight;
      } else {
        this.load(kept);
        this.absent = [...keptAbsent];
      }
    }
    return keptAbsent.length === 0 && (!best || kept.bounds.length < best.bounds.length) ? toSolution(kept) : best && toSolution(best);
  }

  private weigh(absent: readonly number[]): number {
    let sum = 0;
    for (const client of absent) sum += this.misses[client] as number;
    return sum;
  }

  private load(one: Individual): void {
    this.tour.clear();
    for (let route = 0; route + 1 < one.bounds.length; route++) this.tour.fill(route, one.order, one.bounds[route], one.bounds[route + 1]);
  }

  /** Empties the route whose clients are the easiest to place, and leaves `limit` routes. */
  private dissolve(limit: number): number[] {
    const { tour } = this;
    let chosen = -1;
    let least = Infinity;
    for (let route = 0; route < tour.routes; route++) {
      const size = tour.routeSize[route] as number;
      if (size === 0) continue;
      let sum = 0;
      for (let node = tour.next[tour.startOf(route)] as number; node <= this.plain.clients; node = tour.next[node] as number) sum += this.misses[node] as number;
      if (sum < least) {
        least = sum;
        chosen = route;
      }
    }
    const gone: number[] = [];
    for (let node = tour.next[tour.startOf(chosen)] as number; node <= this.plain.clients; node = tour.next[node] as number) gone.push(node);
    for (const client of gone) tour.remove(client);
    tour.limit = limit;
    this.absent = gone;
    return [...gone];
  }

  private ruin(): void {
    const { tour, plain, rng } = this;
    const { clients } = plain;
    const used: number[] = [];
    let mean = 0;
    let routes = 0;
    for (let route = 0; route < tour.routes; route++) {
      mean += tour.routeSize[route] as number;
      if ((tour.routeSize[route] as number) > 0) routes++;
    }
    mean /= Math.max(1, routes);
    const longest = Math.min(LONGEST_STRING, mean);
    const strings = Math.floor(1 + rng.real() * ((4 * MEAN_REMOVED) / (1 + longest)));
    const seed = 1 + rng.below(clients);
    for (let rank = -1; rank < clients - 1 && used.length < strings; rank++) {
      const client = rank < 0 ? seed : (this.neighbours.near[seed * clients + rank] as number);
      const route = tour.route[client] as number;
      if (route < 0 || used.includes(route)) continue;
      used.push(route);
      const size = tour.routeSize[route] as number;
      const length = Math.floor(1 + rng.real() * Math.min(longest, size));
      this.takeString(client, route, size, Math.min(size, length));
    }
  }

  private takeString(client: number, route: number, size: number, length: number): void {
    const { tour, rng } = this;
    const kept = rng.below(2) === 0 && length < size ? 1 + rng.below(Math.max(1, size - length)) : 0;
    const span = Math.min(size, length + kept);
    const at = tour.pos[client] as number;
    const lowest = Math.max(1, at - span + 1);
    const first = lowest + rng.below(Math.min(at, size - span + 1) - lowest + 1);
    const holeFrom = first + (kept > 0 ? rng.below(length + 1) : 0);
    const gone: number[] = [];
    let node = tour.next[tour.startOf(route)] as number;
    for (let pos = 1; pos < first + span; pos++) {
      if (pos >= first && (kept === 0 || pos < holeFrom || pos >= holeFrom + kept)) gone.push(node);
      node = tour.next[node] as number;
    }
    for (const one of gone) tour.remove(one);
    this.absent.push(...gone);
  }

  private recreate(): void {
    const { tour, plain, rng } = this;
    const kind = rng.below(11);
    const key = (client: number): number => {
      if (kind < 4) return 0;
      if (kind < 6) return -(plain.demand[client] as number);
      if (kind < 7) return -(plain.distance[client] as number);
      if (kind < 8) return plain.distance[client] as number;
      if (kind < 10) return (plain.due[client] as number) - (plain.ready[client] as number);
      return kind === 10 ? (plain.ready[client] as number) : -(plain.due[client] as number);
    };
    const waiting = this.absent.map((client) => ({ client, key: key(client), lot: rng.next() })).sort((a, b) => a.key - b.key || a.lot - b.lot);
    this.absent = [];
    for (const { client } of waiting) {
      tour.cheapest(client, true, rng);
      if (tour.place < 0) this.absent.push(client);
      else tour.insertAfter(client, tour.place);
    }
  }
}
