import type { PostProcessorModule } from 'i18next';
import { nested } from '../../src-shared/kernel/quotes.ts';

/** Has quotes in a value that a sentence puts into quotes become the inner ones: «ООО „Ромашка“», “OOO ‘Romashka’”. */
export const NEST_QUOTES: PostProcessorModule = {
  type: 'postProcessor',
  name: 'nest-quotes',
  process: (sentence: string, _key, values: Record<string, unknown>) => {
    if (typeof sentence !== 'string') return sentence;
    let done = sentence;
    for (const value of Object.values(values)) {
      if (typeof value !== 'string' || !/[«»“”„"]/.test(value)) continue;
      for (const [open, close] of [['«', '»'], ['“', '”']] as const) done = done.replaceAll(`${open}${value}${close}`, () => `${open}${nested(value, open, close)}${close}`);
    }
    return done;
  },
};
