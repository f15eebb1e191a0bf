import type { Plain } from './instance.ts';
import type { Rng } from '../rng.ts';

const BLINK = 100;

/** Cost of one unit of lateness and of overload. */
export interface Penalties {
  warp: number;
  load: number;
}

/**
 * Routes as linked lists, and for each node what is known of the way up to it and on from it. A late arrival is put right by going back in
 * time ("time warp"), at a price, so that routes that break a window can be passed through on the way to better ones (Nagata, Bräysy and
 * Dullaert, 2010; Vidal and others, 2013). Nodes: clients, then the start depots of all routes, then their end depots.
 */
export class Tour {
  readonly plain: Plain;
  readonly routes: number;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  readonly route: Int32Array;
  readonly pos: Int32Array;
  /** Column and row of a node in the tables. */
  readonly col: Int32Array;
  readonly row: Int32Array;
  readonly ready: Int32Array;
  readonly due: Int32Array;
  readonly demand: Int32Array;
  /** Up to and with the node: begin of service, warp, load. */
  readonly start: Int32Array;
  readonly warpTo: Int32Array;
  readonly loadTo: Int32Array;
  /** From the node on: the latest arrival that adds no warp, and the warp that remains. */
  readonly latest: Int32Array;
  readonly warpFrom: Int32Array;
  readonly routeLoad: Int32Array;
  readonly routeWarp: Int32Array;
  readonly routeSize: Int32Array;
  readonly penalty: Float64Array;
  penalties: Penalties = { warp: 1, load: 1 };
  /** Routes that may be used; an empty one is opened only below it. */
  limit: number;
  /** Behind which node `cheapest` would put the client; -1 = nowhere. */
  place = -1;

  constructor(plain: Plain) {
    const { clients, vehicles } = plain;
    const nodes = clients + 1 + 2 * vehicles;
    this.plain = plain;
    this.routes = vehicles;
    this.limit = vehicles;
    const table = (): Int32Array => new Int32Array(nodes);
    this.next = table();
    this.prev = table();
    this.route = table();
    this.pos = table();
    this.col = table();
    this.row = table();
    this.ready = table().fill(plain.ready[0] ?? 0);
    this.due = table().fill(plain.due[0] ?? 0);
    this.demand = table();
    this.start = table();
    this.warpTo = table();
    this.loadTo = table();
    this.latest = table();
    this.warpFrom = table();
    this.routeLoad = new Int32Array(vehicles);
    this.routeWarp = new Int32Array(vehicles);
    this.routeSize = new Int32Array(vehicles);
    this.penalty = new Float64Array(vehicles);
    for (let client = 1; client <= clients; client++) {
      this.col[client] = client;
      this.row[client] = client << plain.shift;
      this.ready[client] = plain.ready[client] ?? 0;
      this.due[client] = plain.due[client] ?? 0;
      this.demand[client] = plain.demand[client] ?? 0;
    }
    this.clear();
  }

  startOf(route: number): number {
    return this.plain.clients + 1 + route;
  }

  endOf(route: number): number {
    return this.plain.clients + 1 + this.routes + route;
  }

  /** Makes all routes empty. */
  clear(): void {
    this.route.fill(-1);
    for (let route = 0; route < this.routes; route++) {
      const from = this.startOf(route);
      const to = this.endOf(route);
      this.next[from] = to;
      this.prev[to] = from;
      this.refresh(route);
    }
  }

  /** Puts clients into an empty route in this order. */
  fill(route: number, clients: ArrayLike<number>, from = 0, to = clients.length): void {
    let last = this.startOf(route);
    for (let at = from; at < to; at++) {
      const client = clients[at] as number;
      this.next[last] = client;
      this.prev[client] = last;
      last = client;
    }
    const end = this.endOf(route);
    this.next[last] = end;
    this.prev[end] = last;
    this.refresh(route);
  }

  /** Reckons a route anew after its links have changed. */
  refresh(route: number): void {
    const { next, prev, col, row, ready, due, start, warpTo, loadTo, latest, warpFrom } = this;
    const duration = this.plain.duration;
    const first = this.startOf(route);
    const end = this.endOf(route);
    let node = first;
    let time = ready[first] as number;
    let warp = 0;
    let load = 0;
    let pos = 0;
    this.route[first] = route;
    this.pos[first] = 0;
    start[first] = time;
    warpTo[first] = 0;
    loadTo[first] = 0;
    while (node !== end) {
      const to = next[node] as number;
      time += (duration[(row[node] as number) + (col[to] as number)] as number);
      if (time > (due[to] as number)) {
        warp += time - (due[to] as number);
        time = due[to] as number;
      } else if (time < (ready[to] as number)) time = ready[to] as number;
      load += (this.demand[to] as number);
      node = to;
      this.route[node] = route;
      this.pos[node] = ++pos;
      start[node] = time;
      warpTo[node] = warp;
      loadTo[node] = load;
    }
    this.routeLoad[route] = load;
    this.routeWarp[route] = warp;
    this.routeSize[route] = pos - 1;
    this.penalty[route] = this.penalties.warp * warp + this.penalties.load * Math.max(0, load - this.plain.capacity);
    let last = due[end] as number;
    let left = 0;
    latest[end] = last;
    warpFrom[end] = 0;
    while (node !== first) {
      const from = prev[node] as number;
      last -= (duration[(row[from] as number) + (col[node] as number)] as number);
      if (last < (ready[from] as number)) {
        left += (ready[from] as number) - last;
        last = ready[from] as number;
      } else if (last > (due[from] as number)) last = due[from] as number;
      node = from;
      latest[node] = last;
      warpFrom[node] = left;
    }
  }

  /** Takes other prices for lateness and overload. */
  setPenalties(penalties: Penalties): void {
    this.penalties = penalties;
    for (let route = 0; route < this.routes; route++) this.penalty[route] = penalties.warp * (this.routeWarp[route] as number) + penalties.load * Math.max(0, (this.routeLoad[route] as number) - this.plain.capacity);
  }

  /** Takes a client out. */
  remove(client: number): void {
    const before = this.prev[client] as number;
    const after = this.next[client] as number;
    this.next[before] = after;
    this.prev[after] = before;
    const route = this.route[client] as number;
    this.route[client] = -1;
    this.refresh(route);
  }

  /** Puts a client behind a node. */
  insertAfter(client: number, before: number): void {
    const after = this.next[before] as number;
    this.next[before] = client;
    this.prev[client] = before;
    this.next[client] = after;
    this.prev[after] = client;
    this.refresh((this.route[before] as number));
  }

  /** Distance, lateness and overload of all routes. */
  totals(): { distance: number; warp: number; excess: number } {
    let distance = 0;
    let warp = 0;
    let excess = 0;
    for (let route = 0; route < this.routes; route++) {
      const end = this.endOf(route);
      for (let node = this.startOf(route); node !== end; node = (this.next[node] as number)) distance += (this.plain.distance[(this.row[node] as number) + (this.col[this.next[node] as number] as number)] as number);
      warp += (this.routeWarp[route] as number);
      excess += Math.max(0, (this.routeLoad[route] as number) - this.plain.capacity);
    }
    return { distance, warp, excess };
  }

  /** What a client adds where it adds least, prices included; `place` says where. With `blinks`, one place in a hundred is overlooked. */
  cheapest(client: number, onlyFeasible: boolean, blinks?: Rng): number {
    const { next, col, row, ready, due, start, warpTo, latest, warpFrom, routeLoad, penalty, penalties } = this;
    const { distance, duration, capacity } = this.plain;
    const demand = this.demand[client] as number;
    const ownRow = row[client] as number;
    const ownCol = col[client] as number;
    const open = ready[client] as number;
    const close = due[client] as number;
    let best = Infinity;
    let emptySeen = false;
    if (this.limit < this.routes) {
      let used = 0;
      for (let route = 0; route < this.routes; route++) if ((this.routeSize[route] as number) > 0) used++;
      emptySeen = used >= this.limit;
    }
    this.place = -1;
    for (let route = 0; route < this.routes; route++) {
      const empty = this.routeSize[route] === 0;
      if (empty && emptySeen) continue;
      if (empty) emptySeen = true;
      const over = (routeLoad[route] as number) + demand - capacity;
      if (onlyFeasible && over > 0) continue;
      const fixed = (over > 0 ? over * penalties.load : 0) - (penalty[route] as number);
      const end = this.endOf(route);
      for (let node = this.startOf(route); node !== end; node = (next[node] as number)) {
        const to = next[node] as number;
        const added = (distance[(row[node] as number) + ownCol] as number) + (distance[ownRow + (col[to] as number)] as number) - (distance[(row[node] as number) + (col[to] as number)] as number) + fixed;
        if (added >= best) continue;
        if (blinks && blinks.below(BLINK) === 0) continue;
        let warp = (warpTo[node] as number) + (warpFrom[to] as number);
        let time = (start[node] as number) + (duration[(row[node] as number) + ownCol] as number);
        if (time > close) {
          warp += time - close;
          time = close;
        } else if (time < open) time = open;
        time += (duration[ownRow + (col[to] as number)] as number);
        if (time > (latest[to] as number)) warp += time - (latest[to] as number);
        if (onlyFeasible && warp > 0) continue;
        const cost = added + warp * penalties.warp;
        if (cost < best) {
          best = cost;
          this.place = node;
        }
      }
    }
    return best;
  }
}
