import i18next from 'i18next';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NEST_QUOTES } from '../../src-renderer/kit/nestQuotes.ts';

export const LANGUAGES = ['ru', 'en'] as const;
const SHARED = join(import.meta.dirname, '../../src-shared');

/** Has the code of the pages speak a language, and that one alone: what it lacks is not borrowed from the other. */
export async function speak(language: (typeof LANGUAGES)[number]): Promise<void> {
  const features = readdirSync(SHARED).filter((feature) => existsSync(join(SHARED, feature, `messages.${language}.json`)));
  const messages = Object.fromEntries(features.map((feature) => [feature, JSON.parse(readFileSync(join(SHARED, feature, `messages.${language}.json`), 'utf8')) as Record<string, unknown>]));
  await i18next.use(NEST_QUOTES).init({ postProcess: [NEST_QUOTES.name], lng: language, resources: { [language]: messages }, ns: features, defaultNS: 'app', interpolation: { escapeValue: false } });
}
