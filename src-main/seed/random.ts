/** A small generator of pseudo-random numbers: the same seed gives the same data on every machine. */
export interface Random {
  /** 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** Whole number, both ends included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the keys, each as likely as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** Text of decimal digits; the first is not zero. */
  digits(count: number): string;
  /** UUIDv7 of a moment in milliseconds, its random part from this generator. */
  uuid(ms: number): string;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Mulberry32: 32 bits of state, enough for made-up data and quick. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = (): number => word() / 4_294_967_296;
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const byte = (value: number, shift: number): string => HEX[(value >>> shift) & 255] as string;
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    weighted: (weights) => {
      const entries = Object.entries(weights) as [keyof typeof weights, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return (entries.at(-1) as [keyof typeof weights, number])[0];
    },
    digits: (count) => {
      let text = String(int(1, 9));
      while (text.length < count) text += String(int(0, 9));
      return text;
    },
    uuid: (ms) => {
      const time = Math.floor(ms).toString(16).padStart(12, '0');
      const [a, b, c] = [word(), word(), word()];
      const version = `7${byte(a, 0)[0] as string}${byte(a, 8)}`;
      const variant = (((b & 63) | 128) & 255).toString(16) + byte(b, 8);
      return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${byte(b, 16)}${byte(b, 24)}${byte(c, 0)}${byte(c, 8)}${byte(c, 16)}${byte(c, 24)}`;
    },
  };
}
