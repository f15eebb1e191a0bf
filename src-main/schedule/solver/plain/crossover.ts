import type { Neighbours } from './instance.ts';
import type { Individual } from './population.ts';
import type { Rng } from '../rng.ts';
import type { Tour } from './tour.ts';

/**
 * Selective route exchange (Nagata and Kobayashi, 2010): a region's routes of one parent are replaced by the other's. Clients that are then
 * missing are put where they cost least; those that would be served twice lose their place either in the new routes or in the old ones, and
 * the cheaper of the two children is left in the tour.
 */
export class RouteExchange {
  private readonly tour: Tour;
  private readonly neighbours: Neighbours;
  private readonly rng: Rng;
  private readonly routeInA: Int32Array;
  private readonly routeInB: Int32Array;
  private readonly chosenA: Uint8Array;
  private readonly chosenB: Uint8Array;
  private readonly inA: Uint8Array;
  private readonly inB: Uint8Array;
  private readonly scratch: Int32Array;
  private readonly missing: Int32Array;

  constructor(tour: Tour, neighbours: Neighbours, rng: Rng) {
    const { clients } = tour.plain;
    this.tour = tour;
    this.neighbours = neighbours;
    this.rng = rng;
    this.routeInA = new Int32Array(clients + 1);
    this.routeInB = new Int32Array(clients + 1);
    this.chosenA = new Uint8Array(clients + 1);
    this.chosenB = new Uint8Array(clients + 1);
    this.inA = new Uint8Array(clients + 1);
    this.inB = new Uint8Array(clients + 1);
    this.scratch = new Int32Array(clients + 1);
    this.missing = new Int32Array(clients + 1);
  }

  /** Leaves a child of both parents in the tour. */
  cross(a: Individual, b: Individual): void {
    const { clients } = this.tour.plain;
    this.locate(a, this.routeInA);
    this.locate(b, this.routeInB);
    const fewest = Math.min(a.bounds.length, b.bounds.length) - 1;
    const count = 1 + this.rng.below(Math.max(1, fewest >> 1));
    const centre = 1 + this.rng.below(clients);
    this.choose(centre, count, this.routeInA, this.chosenA);
    this.choose(centre, count, this.routeInB, this.chosenB);
    for (let client = 1; client <= clients; client++) {
      this.inA[client] = this.chosenA[this.routeInA[client] as number] as number;
      this.inB[client] = this.chosenB[this.routeInB[client] as number] as number;
    }
    const first = this.build(a, b, true);
    const second = this.build(a, b, false);
    if (first < second) this.build(a, b, true);
  }

  private locate(one: Individual, into: Int32Array): void {
    for (let route = 0; route + 1 < one.bounds.length; route++) {
      for (let at = one.bounds[route] as number; at < (one.bounds[route + 1] as number); at++) into[one.order[at] as number] = route;
    }
  }

  /** Marks the `count` routes nearest to a client. */
  private choose(centre: number, count: number, routeOf: Int32Array, chosen: Uint8Array): void {
    const { clients } = this.tour.plain;
    chosen.fill(0);
    chosen[routeOf[centre] as number] = 1;
    let marked = 1;
    for (let rank = 0; rank < clients - 1 && marked < count; rank++) {
      const route = routeOf[this.neighbours.near[centre * clients + rank] as number] as number;
      if (chosen[route] === 1) continue;
      chosen[route] = 1;
      marked++;
    }
  }

  /** Loads one of the two children; returns its cost. */
  private build(a: Individual, b: Individual, trimNew: boolean): number {
    const { tour, scratch, missing, inA, inB } = this;
    const { clients } = tour.plain;
    tour.clear();
    let used = 0;
    for (let route = 0; route + 1 < a.bounds.length; route++) {
      if (this.chosenA[route] === 1) continue;
      let length = 0;
      for (let at = a.bounds[route] as number; at < (a.bounds[route + 1] as number); at++) {
        const client = a.order[at] as number;
        if (trimNew || inB[client] === 0) scratch[length++] = client;
      }
      if (length > 0) tour.fill(used++, scratch, 0, length);
    }
    for (let route = 0; route + 1 < b.bounds.length; route++) {
      if (this.chosenB[route] === 0) continue;
      let length = 0;
      for (let at = b.bounds[route] as number; at < (b.bounds[route + 1] as number); at++) {
        const client = b.order[at] as number;
        if (!trimNew || inA[client] === 1) scratch[length++] = client;
      }
      if (length > 0 && used < tour.routes) tour.fill(used++, scratch, 0, length);
    }
    let left = 0;
    for (let client = 1; client <= clients; client++) if ((tour.route[client] as number) < 0) missing[left++] = client;
    this.rng.shuffle(missing, left);
    for (let at = 0; at < left; at++) {
      tour.cheapest((missing[at] as number), false);
      tour.insertAfter((missing[at] as number), tour.place);
    }
    const { distance, warp, excess } = tour.totals();
    return distance + warp * tour.penalties.warp + excess * tour.penalties.load;
  }
}
