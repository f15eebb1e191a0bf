import { z } from 'zod';

/** What the installed program is made of: Windows' installer, or a single file under Linux. */
export type ProgramKind = 'nsis' | 'appimage';

/** What the core asks of the shell, which alone may start an installer. */
export type ShellOrder =
  | { type: 'update'; order: 'download'; url: string; version: string }
  | { type: 'update'; order: 'install'; restart: boolean }
  /** The answer to `quitting`. */
  | { type: 'update'; order: 'quit'; install: boolean };

export const shellEvent = z.discriminatedUnion('event', [
  z.object({ type: z.literal('update'), event: z.literal('downloaded'), file: z.string() }),
  z.object({ type: z.literal('update'), event: z.literal('failed'), code: z.string(), message: z.string() }),
  /** The program is about to end: may the version that waits be installed then? */
  z.object({ type: z.literal('update'), event: z.literal('quitting') }),
]);
/** What the shell tells the core. */
export type ShellEvent = z.infer<typeof shellEvent>;

const order = z.discriminatedUnion('order', [
  z.object({ type: z.literal('update'), order: z.literal('download'), url: z.string(), version: z.string() }),
  z.object({ type: z.literal('update'), order: z.literal('install'), restart: z.boolean() }),
  z.object({ type: z.literal('update'), order: z.literal('quit'), install: z.boolean() }),
]);

/** An order out of whatever the core has posted; null for everything else. */
export const orderOf = (message: unknown): ShellOrder | null => order.safeParse(message).data ?? null;
