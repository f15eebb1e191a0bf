/** What travel needs to know of a problem. */
export interface Roads {
  stepFrom: Int32Array;
  stepFactor: Int32Array;
}

const BASE = 1000;

/** Index of the step in force at a moment; -1 before the first. */
function stepAt(roads: Roads, moment: number): number {
  let low = 0;
  let high = roads.stepFrom.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((roads.stepFrom[middle] as number) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Moment of arrival for a way that takes `lasting` at the table's pace. The pace changes on the way when the hour does, so that who leaves
 * earlier never arrives later (Ichoua, Gendreau and Potvin, 2003).
 */
export function arrivalAt(roads: Roads, departure: number, lasting: number): number {
  const steps = roads.stepFrom.length;
  if (steps === 0 || lasting === 0) return departure + lasting;
  let step = stepAt(roads, departure);
  let moment = departure;
  let left = lasting;
  for (;;) {
    const factor = step < 0 ? BASE : (roads.stepFactor[step] as number);
    const needed = (left * factor) / BASE;
    const change = step + 1 < steps ? (roads.stepFrom[step + 1] as number) : Infinity;
    if (moment + needed <= change) return Math.ceil(moment + needed - 1e-9);
    left -= ((change - moment) * BASE) / factor;
    moment = change;
    step++;
  }
}

/** The latest moment not before `earliest` from which one arrives by `by`; `earliest` must arrive by then. */
export function latestDeparture(roads: Roads, earliest: number, by: number, lasting: number): number {
  if (roads.stepFrom.length === 0) return by - lasting;
  let low = earliest;
  let high = by;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (arrivalAt(roads, middle, lasting) <= by) low = middle;
    else high = middle - 1;
  }
  return low;
}
