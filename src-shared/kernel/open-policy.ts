import { ALLOWED, type RowPolicy } from './permissions.ts';

/** For rows that everybody may change whose role has the operation's permission. */
export const openPolicy: RowPolicy<Record<string, unknown>> = () => ALLOWED;
