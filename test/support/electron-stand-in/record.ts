/** What the program has asked of Electron, in the order it asked. */
export interface Recorded {
  what: string;
  [detail: string]: unknown;
}

const recorded: Recorded[] = [];

/** Writes down a request of the program. */
export const record = (what: string, details: Record<string, unknown> = {}): void => void recorded.push({ what, ...details });

export const everythingRecorded = (): readonly Recorded[] => recorded;
