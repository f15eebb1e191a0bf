import { Rng } from '../../../src-main/schedule/solver/rng.ts';

export interface Made {
  text: string;
  rows: number[][];
  capacity: number;
}

/** A random instance in which a vehicle for each client would do; rows are number, x, y, demand, ready, due, service. */
export function makeInstance(clients: number, seed: number, vehicles = clients): Made {
  const rng = new Rng(seed);
  const rows = [[0, 50, 50, 0, 0, 400, 0]];
  for (let client = 1; client <= clients; client++) {
    const x = rng.below(100);
    const y = rng.below(100);
    const far = Math.ceil(Math.hypot(x - 50, y - 50));
    const ready = far + rng.below(200);
    rows.push([client, x, y, 1 + rng.below(30), ready, Math.min(380 - far, ready + 20 + rng.below(80)), 10]);
  }
  return { rows, capacity: 60, text: textOf(rows, vehicles, 60) };
}

/** The classical text of rows, in the order given. */
export function textOf(rows: readonly (readonly number[])[], vehicles: number, capacity: number): string {
  return ['MADE', '', 'VEHICLE', 'NUMBER     CAPACITY', `  ${vehicles}  ${capacity}`, '', 'CUSTOMER', 'CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME', '', ...rows.map((row) => `  ${row.join('  ')}`)].join('\n');
}

const lengthOf = (a: readonly number[], b: readonly number[]): number => Math.floor(Math.hypot((a[1] ?? 0) - (b[1] ?? 0), (a[2] ?? 0) - (b[2] ?? 0)) * 10) / 10;

/** Length of a route in tenths cut off, or null where a window or the load is broken. */
export function lengthOfRoute({ rows, capacity }: Made, route: readonly number[]): number | null {
  let time = 0;
  let length = 0;
  let load = 0;
  let from = rows[0] ?? [];
  for (const number of [...route, 0]) {
    const to = rows[number] ?? [];
    const leg = lengthOf(from, to);
    length += leg;
    time = Math.max(time + leg, number === 0 ? 0 : (to[4] ?? 0));
    if (time > (to[5] ?? 0) + 1e-6) return null;
    if (number !== 0) time += to[6] ?? 0;
    load += to[3] ?? 0;
    from = to;
  }
  return load > capacity ? null : length;
}

/** The shortest way to serve everybody, by trying all orders of all groups. */
export function bruteForce(made: Made): number {
  const clients = made.rows.length - 1;
  const best = new Float64Array(1 << clients).fill(Infinity);
  const tryOrders = (route: number[], mask: number): void => {
    for (let client = 1; client <= clients; client++) {
      const bit = 1 << (client - 1);
      if (mask & bit) continue;
      const longer = [...route, client];
      const length = lengthOfRoute(made, longer);
      if (length !== null) best[mask | bit] = Math.min(best[mask | bit] ?? Infinity, length);
      tryOrders(longer, mask | bit);
    }
  };
  tryOrders([], 0);
  for (let mask = 1; mask < best.length; mask++) {
    for (let part = (mask - 1) & mask; part > 0; part = (part - 1) & mask) best[mask] = Math.min(best[mask] ?? Infinity, (best[part] ?? Infinity) + (best[mask ^ part] ?? Infinity));
  }
  return best[best.length - 1] ?? Infinity;
}
