/** Small random numbers with a seed (xorshift, 32 bits): the same seed gives the same row on every machine. */
export class Rng {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
    for (let turn = 0; turn < 8; turn++) this.next();
  }

  /** A whole number from 0 to 2³²−1. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** A real number from 0 to below 1. */
  real(): number {
    return this.next() / 4294967296;
  }

  /** Puts the first `length` cells in a random order. */
  shuffle(cells: Int32Array, length = cells.length): void {
    for (let at = length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      const kept = cells[at] as number;
      cells[at] = cells[other] as number;
      cells[other] = kept;
    }
  }
}
