const WAIT_MS = 1000;
const END_OF_ROUTE = -1;

/** Memory that the threads of one run share. */
export interface SharedMemory {
  /** Cell 0: stop; 1: threads; then per thread: turns posted, whether it is done, fewest routes it knows. */
  control: SharedArrayBuffer;
  /** Per thread and parity of the turn: cost. */
  costs: SharedArrayBuffer;
  /** Per thread and parity: length, then routes, each closed by −1. */
  routes: SharedArrayBuffer;
}

const HEAD = 2;
const PER_THREAD = 3;

/** Memory for `threads` threads whose solutions have at most `cells` jobs and routes together. */
export function shareMemory(threads: number, cells: number): SharedMemory {
  const control = new Int32Array(new SharedArrayBuffer(4 * (HEAD + PER_THREAD * threads)));
  control[1] = threads;
  for (let thread = 0; thread < threads; thread++) control[HEAD + PER_THREAD * thread + 2] = 1 << 30;
  return { control: control.buffer as SharedArrayBuffer, costs: new SharedArrayBuffer(16 * threads), routes: new SharedArrayBuffer(8 * threads * (cells + 2)) };
}

/** Tells all threads to stop and answer with what they have. */
export const stopAll = (memory: SharedMemory): void => void Atomics.store(new Int32Array(memory.control), 0, 1);

/**
 * Lets threads see each other's best. With `inStep` both wait for each other at every turn, so that what is seen depends on the number of
 * steps only and a run can be repeated exactly; without, whatever is there is taken.
 */
export class Exchange {
  private readonly control: Int32Array;
  private readonly costs: Float64Array;
  private readonly routes: Int32Array;
  private readonly room: number;
  private readonly thread: number;
  private readonly inStep: boolean;
  private turn = 0;

  constructor(memory: SharedMemory, thread: number, inStep: boolean) {
    this.control = new Int32Array(memory.control);
    this.costs = new Float64Array(memory.costs);
    this.routes = new Int32Array(memory.routes);
    this.room = this.routes.length / (2 * this.threads);
    this.thread = thread;
    this.inStep = inStep;
  }

  get threads(): number {
    return Atomics.load(this.control, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.control, 0) === 1;
  }

  /** Fewest routes that any thread has found; told by `tellRoutes`. */
  get fewestRoutes(): number {
    let fewest = 1 << 30;
    for (let thread = 0; thread < this.threads; thread++) fewest = Math.min(fewest, Atomics.load(this.control, HEAD + PER_THREAD * thread + 2));
    return fewest;
  }

  tellRoutes(count: number): void {
    Atomics.store(this.control, HEAD + PER_THREAD * this.thread + 2, count);
  }

  /** Shows one's best (null: none yet) and returns the best of the others, null where none is there. */
  swap(own: { cost: number; routes: readonly (readonly number[])[] } | null): { cost: number; routes: number[][] } | null {
    this.turn++;
    const parity = this.turn & 1;
    this.write(parity, own);
    const cell = this.turnsOf(this.thread);
    Atomics.store(this.control, cell, this.turn);
    Atomics.notify(this.control, cell);
    let best: { cost: number; routes: number[][] } | null = null;
    for (let other = 0; other < this.threads; other++) {
      if (other === this.thread) continue;
      if (this.inStep) this.awaitTurn(other);
      const seen = this.inStep ? this.turn : Atomics.load(this.control, this.turnsOf(other));
      if (seen === 0 || (this.inStep && Atomics.load(this.control, this.turnsOf(other)) < this.turn)) continue;
      const found = this.read(other, seen & 1);
      const intact = this.inStep || Atomics.load(this.control, this.turnsOf(other)) === seen;
      if (found && intact && (!best || found.cost < best.cost)) best = found;
    }
    return best;
  }

  /** Says that this thread posts no more, so that nobody waits for it. */
  finish(): void {
    Atomics.store(this.control, this.turnsOf(this.thread) + 1, 1);
    Atomics.notify(this.control, this.turnsOf(this.thread));
  }

  private turnsOf(thread: number): number {
    return HEAD + PER_THREAD * thread;
  }

  private awaitTurn(other: number): void {
    const cell = this.turnsOf(other);
    for (;;) {
      const seen = Atomics.load(this.control, cell);
      if (seen >= this.turn || this.stopped || Atomics.load(this.control, cell + 1) === 1) return;
      Atomics.wait(this.control, cell, seen, WAIT_MS);
    }
  }

  private write(parity: number, own: { cost: number; routes: readonly (readonly number[])[] } | null): void {
    const at = (2 * this.thread + parity) * this.room;
    let length = 0;
    for (const route of own?.routes ?? []) {
      for (const job of route) this.routes[at + 1 + length++] = job;
      this.routes[at + 1 + length++] = END_OF_ROUTE;
    }
    this.routes[at] = own ? length : -1;
    this.costs[2 * this.thread + parity] = own?.cost ?? Infinity;
  }

  private read(other: number, parity: number): { cost: number; routes: number[][] } | null {
    const at = (2 * other + parity) * this.room;
    const length = this.routes[at] ?? -1;
    if (length < 0) return null;
    const routes: number[][] = [];
    let route: number[] = [];
    for (let cell = 0; cell < length; cell++) {
      const job = this.routes[at + 1 + cell] as number;
      if (job !== END_OF_ROUTE) route.push(job);
      else {
        routes.push(route);
        route = [];
      }
    }
    return { cost: this.costs[2 * other + parity] ?? Infinity, routes };
  }
}
