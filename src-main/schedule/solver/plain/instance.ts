/**
 * One depot, equal vehicles, one load, one window each: the classical problem, which has a search of its own because so much less has to be
 * looked at per move. Client 0 is the depot; clients are numbered from 1.
 */
export interface Plain {
  clients: number;
  /** Cell of an arc in both tables: (from << shift) | to. */
  shift: number;
  distance: Int32Array;
  /** Service at `from` and travel from there. */
  duration: Int32Array;
  ready: Int32Array;
  due: Int32Array;
  demand: Int32Array;
  capacity: number;
  /** At most this many routes. */
  vehicles: number;
  /** Whether an arc costs and lasts the same both ways. */
  symmetric: boolean;
}

/** Candidate predecessors of each client, and everybody by nearness. */
export interface Neighbours {
  size: number;
  /** Client c: cells c × size and on; the best to stand before c come first. */
  before: Int32Array;
  /** Client c: cells c × clients and on, all others by distance. */
  near: Int32Array;
}

/** Weight of waiting in the nearness of two clients; being late weighs 1. */
const WAIT_WEIGHT = 0.2;

/** Nearness as distance + waiting that cannot be avoided + lateness that cannot be avoided (Vidal and others, 2013). */
export function findNeighbours(plain: Plain, wanted: number): Neighbours {
  const { clients, shift, distance, duration, ready, due } = plain;
  const size = Math.min(wanted, Math.max(0, clients - 1));
  const before = new Int32Array((clients + 1) * size);
  const near = new Int32Array((clients + 1) * clients);
  const score = new Float64Array(clients + 1);
  for (let to = 0; to <= clients; to++) {
    const others: number[] = [];
    for (let from = 1; from <= clients; from++) {
      if (from === to) continue;
      others.push(from);
      const cell = (from << shift) | to;
      const lasting = duration[cell] as number;
      const wait = (ready[to] as number) - lasting - (due[from] as number);
      const late = (ready[from] as number) + lasting - (due[to] as number);
      score[from] = (distance[cell] as number) + WAIT_WEIGHT * Math.max(0, wait) + Math.max(0, late);
    }
    others.sort((a, b) => (score[a] as number) - (score[b] as number) || a - b);
    for (let rank = 0; rank < size; rank++) before[to * size + rank] = others[rank] ?? 0;
    others.sort((a, b) => (distance[(to << shift) | a] as number) - (distance[(to << shift) | b] as number) || a - b);
    for (let rank = 0; rank < others.length; rank++) near[to * clients + rank] = others[rank] ?? 0;
  }
  return { size, before, near };
}

/** Routes without the depot, with what they cost. */
export interface PlainSolution {
  routes: number[][];
  distance: number;
  /** Lateness and overload that remain; both 0 in a solution that may be used. */
  warp: number;
  excess: number;
}
