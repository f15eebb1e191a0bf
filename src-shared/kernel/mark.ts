/** Letters of an id's end that stand for a number; a UUID ends in random bits. */
const LETTERS = 6;

/** What stands for the number of a row until the authority gives it one: the end of its id, which stays, so that what was printed is found again. */
export const markOf = (id: string): string => `*${id.slice(-LETTERS).toUpperCase()}`;

/** The end of an id that was typed as such a mark; null for anything else. */
export const readMark = (typed: string): string | null => /^\s*\*\s*([0-9a-f]{6})\s*$/i.exec(typed)?.[1]?.toLowerCase() ?? null;
