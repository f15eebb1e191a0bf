import { ORPCError } from '@orpc/client';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, notFound: 3, refused: 4, unavailable: 5, cancelled: 130 } as const;

/** Language of what the command line prints: `POLEVIK_LANGUAGE`, else the system's. */
export function cliLanguage(env: NodeJS.ProcessEnv = process.env): 'ru' | 'en' {
  const wanted = env['POLEVIK_LANGUAGE'] ?? env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? Intl.DateTimeFormat().resolvedOptions().locale;
  return /^ru/i.test(wanted) ? 'ru' : 'en';
}

/** Prints the answer of a command: one JSON object with `--json`, else lines for a person. */
export function print(json: boolean, value: unknown, lines: () => string | string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${[lines()].flat().join('\n')}\n`);
}

/** Prints a refusal and says which exit code it deserves. */
export function printError(error: unknown, json: boolean): number {
  const language = cliLanguage();
  const known = error instanceof AppError ? { code: error.code as string, message: translateError(language, error.code, error.data), data: error.data as unknown } : null;
  const remote = error instanceof ORPCError ? { code: String(error.code), message: error.message, data: error.data as unknown } : null;
  const shown = known ?? remote ?? { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), data: undefined };
  process.stderr.write(json ? `${JSON.stringify({ error: shown })}\n` : `${shown.message}\n`);
  return exitCodeOf(shown.code);
}

function exitCodeOf(code: string): number {
  switch (code) {
    case 'NOT_FOUND':
    case 'REFERENCE_NOT_FOUND':
      return EXIT.notFound;
    case 'FORBIDDEN':
    case 'UNAUTHENTICATED':
      return EXIT.refused;
    case 'STORE_UNAVAILABLE':
    case 'CONFLICT':
      return EXIT.unavailable;
    case 'INVALID':
    case 'BAD_REQUEST':
      return EXIT.usage;
    case 'CANCELLED':
      return EXIT.cancelled;
    default:
      return EXIT.failed;
  }
}
