import type { Neighbours, Plain } from './instance.ts';
import { Tour } from './tour.ts';
import type { Rng } from '../rng.ts';

const EPSILON = 0.001;
/** Longest chains that are moved, and exchanged for. */
const CHAIN = 3;
const EXCHANGE = 2;
const TAILS = 9;
const REVERSE = 8;

/**
 * Moves until none is better. Every move makes the arc v → u: chains of up to three from u on go behind v, alone or in exchange for up to two
 * that stood there; tails are swapped; stretches reversed. A move's new distance is compared first; lateness is reckoned only where that could
 * still win.
 */
export class LocalSearch extends Tour {
  private readonly neighbours: Neighbours;
  private readonly order: Int32Array;
  private readonly changed: Int32Array;
  private readonly tested: Int32Array;
  private readonly sequence: Int32Array;
  private readonly rng: Rng;
  private clock = 0;
  private time = 0;
  private warp = 0;
  private last = 0;

  constructor(plain: Plain, neighbours: Neighbours, rng: Rng) {
    super(plain);
    this.neighbours = neighbours;
    this.rng = rng;
    this.order = Int32Array.from({ length: plain.clients }, (_, index) => index + 1);
    this.changed = new Int32Array(plain.vehicles);
    this.tested = new Int32Array(plain.clients + 1);
    this.sequence = new Int32Array(plain.clients + 2);
  }

  /** Improves the loaded routes until no move helps. */
  run(): void {
    const { clients } = this.plain;
    this.clock = 1;
    this.changed.fill(1);
    this.tested.fill(0);
    this.rng.shuffle(this.order);
    let moved = true;
    let round = 0;
    while (moved) {
      moved = false;
      for (let at = 0; at < clients; at++) {
        const u = this.order[at] as number;
        let tries = 0;
        while (this.improve(u, round) && tries++ < clients) moved = true;
      }
      if (round === 0) moved = true;
      round++;
    }
  }

  private improve(u: number, round: number): boolean {
    const { route, prev, changed } = this;
    const { size, before } = this.neighbours;
    const clients = this.plain.clients;
    const since = this.tested[u] as number;
    this.tested[u] = this.clock;
    const own = route[u] as number;
    const ownChanged = (changed[own] as number) > since;
    for (let at = u * size, end = at + size; at < end; at++) {
      const v = before[at] as number;
      const other = route[v] as number;
      if (!ownChanged && (changed[other] as number) <= since) continue;
      const p = prev[v] as number;
      if (other === own) {
        if (this.tryWithin(u, v) || (p > clients && p !== prev[u] && this.tryWithin(u, p))) return true;
      } else if (this.tryBetween(u, v) || (p > clients && this.tryBetween(u, p))) return true;
    }
    if (round > 0 && ownChanged) {
      for (let empty = 0; empty < this.routes; empty++) {
        if ((this.routeSize[empty] as number) > 0) continue;
        return this.tryBetween(u, this.startOf(empty));
      }
    }
    return false;
  }

  /** The best move that makes v → u between two routes. */
  private tryBetween(u: number, v: number): boolean {
    const { next, prev, col, row, start, warpTo, warpFrom, latest, loadTo, routeLoad, demand, penalty } = this;
    const { distance, duration, capacity, clients } = this.plain;
    const warpPrice = this.penalties.warp;
    const loadPrice = this.penalties.load;
    const own = this.route[u] as number;
    const other = this.route[v] as number;
    const now = (penalty[own] as number) + (penalty[other] as number);
    const p = prev[u] as number;
    const y = next[v] as number;
    const rowP = row[p] as number;
    const rowV = row[v] as number;
    const colU = col[u] as number;
    const colY = col[y] as number;
    const base = (distance[rowV + colU] as number) - (distance[rowP + colU] as number) - (distance[rowV + colY] as number);
    if (base >= now) return false;
    const distPY = distance[rowP + colY] as number;
    let best = -EPSILON;
    let bestN = 0;
    let bestM = 0;
    const loadOwn = routeLoad[own] as number;
    const loadOther = routeLoad[other] as number;
    let delta = base + distPY - now;
    if (delta < best) {
      const over1 = (loadTo[v] as number) + loadOwn - (loadTo[p] as number) - capacity;
      const over2 = (loadTo[p] as number) + loadOther - (loadTo[v] as number) - capacity;
      if (over1 > 0) delta += over1 * loadPrice;
      if (over2 > 0) delta += over2 * loadPrice;
      if (delta < best) {
        let warp = (warpTo[v] as number) + (warpFrom[u] as number) + (warpTo[p] as number) + (warpFrom[y] as number);
        const late1 = (start[v] as number) + (duration[rowV + colU] as number) - (latest[u] as number);
        const late2 = (start[p] as number) + (duration[rowP + colY] as number) - (latest[y] as number);
        if (late1 > 0) warp += late1;
        if (late2 > 0) warp += late2;
        delta += warp * warpPrice;
        if (delta < best) {
          best = delta;
          bestN = TAILS;
        }
      }
    }
    let moving = 0;
    let e = u;
    for (let n = 1; n <= CHAIN && e <= clients; n++) {
      moving += (demand[e] as number);
      const x = next[e] as number;
      const colX = col[x] as number;
      const rowE = row[e] as number;
      const open = base - (distance[rowE + colX] as number) - now;
      delta = open + (distance[rowP + colX] as number) + (distance[rowE + colY] as number);
      if (delta < best) {
        const over1 = loadOwn - moving - capacity;
        const over2 = loadOther + moving - capacity;
        if (over1 > 0) delta += over1 * loadPrice;
        if (over2 > 0) delta += over2 * loadPrice;
        if (delta < best) {
          let warp = (warpTo[p] as number) + (warpFrom[x] as number) as number;
          const late = (start[p] as number) + (duration[rowP + colX] as number) - (latest[x] as number);
          if (late > 0) warp += late;
          delta += warp * warpPrice;
          if (delta < best) {
            delta += this.warpThrough(v, u, e, y) * warpPrice;
            if (delta < best) {
              best = delta;
              bestN = n;
              bestM = 0;
            }
          }
        }
      }
      let f = y;
      let coming = 0;
      for (let m = 1; m <= EXCHANGE && f <= clients; m++) {
        coming += (demand[f] as number);
        const z = next[f] as number;
        const rowF = row[f] as number;
        const colZ = col[z] as number;
        delta = open + distPY + (distance[rowF + colX] as number) + (distance[rowE + colZ] as number) - (distance[rowF + colZ] as number);
        if (delta < best) {
          const over1 = loadOwn - moving + coming - capacity;
          const over2 = loadOther + moving - coming - capacity;
          if (over1 > 0) delta += over1 * loadPrice;
          if (over2 > 0) delta += over2 * loadPrice;
          if (delta < best) {
            delta += this.warpThrough(p, y, f, x) * warpPrice;
            if (delta < best) {
              delta += this.warpThrough(v, u, e, z) * warpPrice;
              if (delta < best) {
                best = delta;
                bestN = n;
                bestM = m;
              }
            }
          }
        }
        f = z;
      }
      e = x;
    }
    if (bestN === 0) return false;
    if (bestN === TAILS) this.swapTails(p, u, v, y, own, other);
    else this.exchange(p, u, v, bestN, bestM);
    this.refresh(own);
    this.refresh(other);
    this.changed[own] = this.changed[other] = ++this.clock;
    return true;
  }

  /** Warp of: the way up to `from`, then the chain `first` … `end`, then on from `to`. */
  private warpThrough(from: number, first: number, end: number, to: number): number {
    const { next, col, row, ready, due } = this;
    const duration = this.plain.duration;
    let time = this.start[from] as number;
    let warp = this.warpTo[from] as number;
    let at = row[from] as number;
    for (let node = first; ; node = (next[node] as number)) {
      time += (duration[at + (col[node] as number)] as number);
      if (time > (due[node] as number)) {
        warp += time - (due[node] as number);
        time = due[node] as number;
      } else if (time < (ready[node] as number)) time = ready[node] as number;
      at = row[node] as number;
      if (node === end) break;
    }
    time += (duration[at + (col[to] as number)] as number);
    const late = time - (this.latest[to] as number);
    return warp + (this.warpFrom[to] as number) + (late > 0 ? late : 0);
  }

  private link(a: number, b: number): void {
    this.next[a] = b;
    this.prev[b] = a;
  }

  private ahead(node: number, steps: number): number {
    let at = node;
    for (let step = 0; step < steps; step++) at = this.next[at] as number;
    return at;
  }

  private exchange(p: number, u: number, v: number, n: number, m: number): void {
    const e = this.ahead(u, n - 1);
    const x = this.next[e] as number;
    const y = this.next[v] as number;
    if (m === 0) {
      this.link(p, x);
      this.link(v, u);
      this.link(e, y);
      return;
    }
    const f = this.ahead(y, m - 1);
    const z = this.next[f] as number;
    this.link(p, y);
    this.link(f, x);
    this.link(v, u);
    this.link(e, z);
  }

  private swapTails(p: number, u: number, v: number, y: number, own: number, other: number): void {
    const ownEnd = this.endOf(own);
    const otherEnd = this.endOf(other);
    const ownLast = this.prev[ownEnd] as number;
    const otherLast = this.prev[otherEnd] as number;
    this.link(v, u);
    this.link(ownLast, otherEnd);
    if (y === otherEnd) this.link(p, ownEnd);
    else {
      this.link(p, y);
      this.link(otherLast, ownEnd);
    }
  }

  /** Goes on from where `time`, `warp` and `last` stand, along a stretch of the route. */
  private walk(first: number, end: number, links: Int32Array): void {
    const { row, col, ready, due } = this;
    const duration = this.plain.duration;
    for (let node = first; ; node = (links[node] as number)) {
      this.time += (duration[this.last + (col[node] as number)] as number);
      if (this.time > (due[node] as number)) {
        this.warp += this.time - (due[node] as number);
        this.time = due[node] as number;
      } else if (this.time < (ready[node] as number)) this.time = ready[node] as number;
      this.last = row[node] as number;
      if (node === end) return;
    }
  }

  private begin(from: number): void {
    this.time = this.start[from] as number;
    this.warp = this.warpTo[from] as number;
    this.last = this.row[from] as number;
  }

  private finish(to: number): number {
    const late = this.time + (this.plain.duration[this.last + (this.col[to] as number)] as number) - (this.latest[to] as number);
    return this.warp + (this.warpFrom[to] as number) + (late > 0 ? late : 0);
  }

  /** The best move that makes v → u within one route. */
  private tryWithin(u: number, v: number): boolean {
    const { next, prev, col, row, pos } = this;
    const { distance, clients } = this.plain;
    const own = this.route[u] as number;
    const warpPrice = this.penalties.warp;
    const p = prev[u] as number;
    if (v === p) return false;
    const y = next[v] as number;
    const earlier = (pos[v] as number) < (pos[u] as number);
    const now = (this.routeWarp[own] as number) * warpPrice;
    const rowP = row[p] as number;
    const rowV = row[v] as number;
    const colY = col[y] as number;
    const base = (distance[rowV + (col[u] as number)] as number) - (distance[rowP + (col[u] as number)] as number) - (distance[rowV + colY] as number);
    if (base >= now) return false;
    let best = -EPSILON;
    let bestN = 0;
    let bestM = 0;
    let e = u;
    for (let n = 1; n <= CHAIN && e <= clients; n++) {
      const x = next[e] as number;
      if (!earlier && (pos[v] as number) <= (pos[e] as number)) break;
      const rowE = row[e] as number;
      const open = base - (distance[rowE + (col[x] as number)] as number) - now;
      let delta = open + (distance[rowP + (col[x] as number)] as number) + (distance[rowE + colY] as number);
      if (delta < best) {
        if (earlier) {
          this.begin(v);
          this.walk(u, e, next);
          this.walk(y, p, next);
          delta += warpPrice * this.finish(x);
        } else {
          this.begin(p);
          this.walk(x, v, next);
          this.walk(u, e, next);
          delta += warpPrice * this.finish(y);
        }
        if (delta < best) {
          best = delta;
          bestN = n;
          bestM = 0;
        }
      }
      let f = y;
      for (let m = 1; m <= EXCHANGE && f <= clients; m++) {
        if (earlier && (pos[f] as number) >= (pos[p] as number)) break;
        const z = next[f] as number;
        delta = open + (distance[rowP + colY] as number) + (distance[(row[f] as number) + (col[x] as number)] as number) + (distance[rowE + (col[z] as number)] as number) - (distance[(row[f] as number) + (col[z] as number)] as number);
        if (delta < best) {
          if (earlier) {
            this.begin(v);
            this.walk(u, e, next);
            this.walk(z, p, next);
            this.walk(y, f, next);
            delta += warpPrice * this.finish(x);
          } else {
            this.begin(p);
            this.walk(y, f, next);
            this.walk(x, v, next);
            this.walk(u, e, next);
            delta += warpPrice * this.finish(z);
          }
          if (delta < best) {
            best = delta;
            bestN = n;
            bestM = m;
          }
        }
        f = z;
      }
      e = x;
    }
    if (earlier && this.plain.symmetric) {
      const x = next[u] as number;
      let delta = (distance[rowV + (col[u] as number)] as number) + (distance[(row[y] as number) + (col[x] as number)] as number) - (distance[rowV + colY] as number) - (distance[(row[u] as number) + (col[x] as number)] as number) - now;
      if (delta < best) {
        this.begin(v);
        this.walk(u, y, prev);
        delta += warpPrice * this.finish(x);
        if (delta < best) {
          best = delta;
          bestN = REVERSE;
        }
      }
    }
    if (bestN === 0) return false;
    if (bestN === REVERSE) this.reverse(v, u);
    else this.exchange(p, u, v, bestN, bestM);
    this.refresh(own);
    this.changed[own] = ++this.clock;
    return true;
  }

  private reverse(v: number, u: number): void {
    const after = this.next[u] as number;
    let length = 0;
    for (let node = u; node !== v; node = (this.prev[node] as number)) this.sequence[length++] = node;
    let last = v;
    for (let at = 0; at < length; at++) {
      this.link(last, (this.sequence[at] as number));
      last = this.sequence[at] as number;
    }
    this.link(last, after);
  }
}
