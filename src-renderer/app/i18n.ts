import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { NEST_QUOTES } from '../kit/nestQuotes.ts';
import { setClientLanguage } from './client.ts';

const files = import.meta.glob('../../src-shared/*/messages.*.json', { eager: true, import: 'default' }) as Record<string, Record<string, unknown>>;
const LANGUAGE_KEY = 'polevik.language';

const resources: Record<string, Record<string, Record<string, unknown>>> = { ru: {}, en: {} };
for (const [path, messages] of Object.entries(files)) {
  const [, feature = '', language = ''] = /([^/]+)\/messages\.(\w+)\.json$/.exec(path) ?? [];
  (resources[language] ??= {})[feature] = messages;
}

/** Language before anybody has signed in: the last one used here, else the system's. */
function firstLanguage(): string {
  const kept = localStorage.getItem(LANGUAGE_KEY);
  return kept ?? (navigator.language.startsWith('en') ? 'en' : 'ru');
}

export async function startI18n(): Promise<void> {
  const language = firstLanguage();
  setClientLanguage(language);
  await i18next.use(initReactI18next).use(NEST_QUOTES).init({ postProcess: [NEST_QUOTES.name], lng: language, fallbackLng: 'ru', resources, ns: Object.keys(resources['ru'] ?? {}), defaultNS: 'app', interpolation: { escapeValue: false } });
  document.documentElement.lang = language;
}

export function setLanguage(language: 'ru' | 'en'): void {
  localStorage.setItem(LANGUAGE_KEY, language);
  setClientLanguage(language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
