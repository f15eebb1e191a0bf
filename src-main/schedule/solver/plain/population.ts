import type { PlainSolution } from './instance.ts';
import type { Rng } from '../rng.ts';
import type { Penalties, Tour } from './tour.ts';

/** A solution in the population: routes one behind the other, and each client's neighbours for comparing. */
export interface Individual {
  order: Int32Array;
  /** Where each route begins in `order`; one cell more than routes. */
  bounds: Int32Array;
  after: Int32Array;
  before: Int32Array;
  distance: number;
  warp: number;
  excess: number;
  slot: number;
  fitness: number;
}

const SMALLEST = 25;
const GENERATION = 40;
const ELITE = 4;
const CLOSE = 5;
const SLOTS = 256;

/** What the routes of a tour are, as a solution to keep. */
export function snapshot(tour: Tour): Individual {
  const { clients } = tour.plain;
  const order = new Int32Array(clients);
  const after = new Int32Array(clients + 1);
  const before = new Int32Array(clients + 1);
  const bounds: number[] = [0];
  let length = 0;
  for (let route = 0; route < tour.routes; route++) {
    if (tour.routeSize[route] === 0) continue;
    let last = 0;
    for (let node = tour.next[tour.startOf(route)] as number; node <= clients; node = (tour.next[node] as number)) {
      order[length++] = node;
      before[node] = last;
      if (last > 0) after[last] = node;
      last = node;
    }
    bounds.push(length);
  }
  return { order: order.slice(0, length), bounds: Int32Array.from(bounds), after, before, ...tour.totals(), slot: -1, fitness: 0 };
}

export const isFeasible = (one: Individual): boolean => one.warp === 0 && one.excess === 0;
const priced = (one: Individual, prices: Penalties): number => one.distance + prices.warp * one.warp + prices.load * one.excess;

export function toSolution(one: Individual): PlainSolution {
  const routes: number[][] = [];
  for (let route = 0; route + 1 < one.bounds.length; route++) routes.push([...one.order.subarray(one.bounds[route], one.bounds[route + 1])]);
  return { routes, distance: one.distance, warp: one.warp, excess: one.excess };
}

/** Share of clients whose neighbours differ. */
function difference(a: Individual, b: Individual): number {
  let broken = 0;
  const clients = a.after.length - 1;
  for (let client = 1; client <= clients; client++) {
    const next = a.after[client] as number;
    if (next !== b.after[client] && next !== b.before[client]) broken++;
    if (a.before[client] === 0 && b.before[client] !== 0 && b.after[client] !== 0) broken++;
  }
  return broken / clients;
}

/**
 * Two groups of solutions, usable and not. Who survives is decided by cost and by how much they add to variety (Vidal and others, 2012).
 */
export class Population {
  private readonly groups: [Individual[], Individual[]] = [[], []];
  private readonly apart = new Float64Array(SLOTS * SLOTS);
  private readonly free: number[] = Array.from({ length: SLOTS }, (_, slot) => SLOTS - 1 - slot);
  private readonly closest = new Float64Array(CLOSE);

  get size(): number {
    return this.groups[0].length + this.groups[1].length;
  }

  /** Takes a solution in; when its group has grown by a generation, the least useful leave. */
  add(one: Individual, prices: Penalties): void {
    const group = this.groups[isFeasible(one) ? 0 : 1];
    one.slot = this.free.pop() ?? 0;
    for (const other of group) this.apart[one.slot * SLOTS + other.slot] = this.apart[other.slot * SLOTS + one.slot] = difference(one, other);
    group.push(one);
    if (group.length < SMALLEST + GENERATION) return;
    while (group.length > SMALLEST) this.dropWorst(group, prices);
  }

  /** The better of two drawn at random. */
  pick(rng: Rng): Individual {
    const a = this.draw(rng);
    const b = this.draw(rng);
    return a.fitness < b.fitness ? a : b;
  }

  /** Ranks everybody anew; called before parents are picked. */
  rank(prices: Penalties): void {
    for (const group of this.groups) this.rankGroup(group, prices);
  }

  clear(): void {
    for (const group of this.groups) for (const one of group.splice(0)) this.free.push(one.slot);
  }

  private draw(rng: Rng): Individual {
    const [usable, others] = this.groups;
    const at = rng.below(this.size);
    return (at < usable.length ? usable[at] : others[at - usable.length]) as Individual;
  }

  /** Mean distance to the nearest few. */
  private variety(one: Individual, group: Individual[]): number {
    const closest = this.closest.fill(2);
    for (const other of group) {
      if (other === one) continue;
      let value = this.apart[one.slot * SLOTS + other.slot] as number;
      for (let at = 0; at < CLOSE; at++) {
        const kept = closest[at] as number;
        if (value >= kept) continue;
        closest[at] = value;
        value = kept;
      }
    }
    let sum = 0;
    const count = Math.min(CLOSE, group.length - 1);
    for (let at = 0; at < count; at++) sum += (closest[at] as number);
    return count > 0 ? sum / count : 1;
  }

  private rankGroup(group: Individual[], prices: Penalties): void {
    if (group.length === 0) return;
    const byCost = group.map((one) => ({ one, cost: priced(one, prices), variety: this.variety(one, group), rank: 0 })).sort((a, b) => a.cost - b.cost || a.one.slot - b.one.slot);
    group.splice(0, group.length, ...byCost.map(({ one }) => one));
    for (const [rank, row] of byCost.entries()) row.rank = rank;
    byCost.sort((a, b) => b.variety - a.variety || a.rank - b.rank);
    const last = Math.max(1, group.length - 1);
    for (const [at, { one, rank }] of byCost.entries()) one.fitness = group.length <= ELITE ? rank : rank / last + (1 - ELITE / group.length) * (at / last);
  }

  private dropWorst(group: Individual[], prices: Penalties): void {
    this.rankGroup(group, prices);
    let worst = group.length - 1;
    let worstClone = false;
    for (let at = 1; at < group.length; at++) {
      const one = group[at] as Individual;
      const clone = group.some((other) => other !== one && (this.apart[one.slot * SLOTS + other.slot] as number) < 1e-9);
      if (clone && !worstClone) {
        worstClone = true;
        worst = at;
      } else if (clone === worstClone && one.fitness > (group[worst] as Individual).fitness) worst = at;
    }
    const [gone] = group.splice(worst, 1);
    if (gone) this.free.push(gone.slot);
  }
}
