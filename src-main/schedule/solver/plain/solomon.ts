import type { Plain } from './instance.ts';

/** How distances are rounded: truncated to one decimal, or kept and vehicles counted first. */
export type Convention = 'dimacs-1dp' | 'hierarchical-double';

/** An instance as the classical text has it; row 0 is the depot. */
export interface SolomonInstance {
  name: string;
  vehicles: number;
  capacity: number;
  /** number, x, y, demand, ready, due, service. */
  rows: readonly (readonly number[])[];
}

const DECIMAL_SCALE = 10;
const EXACT_SCALE = 10_000;
const FIELDS = 7;

/**
 * Reads the classical Solomon text.
 * @throws RangeError where it is not of that form
 */
export function readSolomon(text: string): SolomonInstance {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const name = lines.find((line) => line !== '') ?? '';
  const numbers = lines.map((line) => (/^[-\d.\s]+$/.test(line) && line !== '' ? line.split(/\s+/).map(Number) : []));
  const fleet = numbers.find((row) => row.length === 2);
  const rows = numbers.filter((row) => row.length === FIELDS);
  if (!fleet || rows.length < 2 || rows.some((row) => !row.every(Number.isFinite))) throw new RangeError('not an instance in the Solomon form');
  return { name, vehicles: fleet[0] ?? 0, capacity: fleet[1] ?? 0, rows };
}

/** Straight distance of two rows, unrounded. */
export const straight = (a: readonly number[], b: readonly number[]): number => Math.hypot((a[1] ?? 0) - (b[1] ?? 0), (a[2] ?? 0) - (b[2] ?? 0));

/** Distance of two rows under a convention, in the convention's own unit. */
export const between = (a: readonly number[], b: readonly number[], convention: Convention): number =>
  convention === 'dimacs-1dp' ? Math.floor(straight(a, b) * DECIMAL_SCALE + 1e-9) / DECIMAL_SCALE : straight(a, b);

/**
 * The instance as whole numbers, clients in an order that the file's order plays no part in (`order[client]` is the row). Truncated distances
 * become exact; the others are rounded up to a ten-thousandth, so that what is on time here is on time with the true distances.
 */
export function toPlain(instance: SolomonInstance, convention: Convention): { plain: Plain; order: number[]; scale: number } {
  const scale = convention === 'dimacs-1dp' ? DECIMAL_SCALE : EXACT_SCALE;
  const rows = instance.rows;
  const bySight = (a: number, b: number): number => {
    for (let field = 1; field < FIELDS; field++) {
      const gap = (rows[a]?.[field] ?? 0) - (rows[b]?.[field] ?? 0);
      if (gap !== 0) return gap;
    }
    return 0;
  };
  const order = [0, ...rows.map((_, row) => row).slice(1).sort(bySight)];
  const clients = order.length - 1;
  const shift = Math.ceil(Math.log2(clients + 1));
  const distance = new Int32Array((clients + 1) << shift);
  const duration = new Int32Array((clients + 1) << shift);
  const field = (client: number, at: number): number => rows[order[client] ?? 0]?.[at] ?? 0;
  for (let from = 0; from <= clients; from++) {
    for (let to = 0; to <= clients; to++) {
      const length = between(rows[order[from] ?? 0] ?? [], rows[order[to] ?? 0] ?? [], convention) * scale;
      const whole = convention === 'dimacs-1dp' ? Math.round(length) : Math.ceil(length - 1e-6);
      distance[(from << shift) | to] = whole;
      duration[(from << shift) | to] = whole + Math.round(field(from, 6) * scale);
    }
  }
  const column = (at: number, times: number): Int32Array => Int32Array.from({ length: clients + 1 }, (_, client) => Math.round(field(client, at) * times));
  const plain: Plain = { clients, shift, distance, duration, ready: column(4, scale), due: column(5, scale), demand: column(3, 1), capacity: instance.capacity, vehicles: Math.min(instance.vehicles, clients), symmetric: true };
  return { plain, order, scale };
}
