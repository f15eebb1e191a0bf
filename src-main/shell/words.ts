import { app } from 'electron';
import { translator } from '../../src-shared/kernel/translate.ts';

/** Language of the shell's own few words: the system's, Russian or else English. The page speaks its user's. */
export const shellLanguage = (): 'ru' | 'en' => (/^ru/i.test(process.env['POLEVIK_LANGUAGE'] ?? app.getLocale()) ? 'ru' : 'en');

/** A sentence of `src-shared/shell`, e.g. `say('trouble.retry')`. Works once the program is ready. */
export const say = (key: string, params: Record<string, string | number> = {}): string => translator(shellLanguage(), 'shell')(key, params);
