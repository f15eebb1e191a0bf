/** Where the time comes from. Tests put in a clock of their own. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** UTC ISO 8601 with milliseconds, the one spelling of a moment in the store and at the doors. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
