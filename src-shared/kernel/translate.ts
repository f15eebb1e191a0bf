import type { ErrorCode, ErrorData } from './errors.ts';
import { nested } from './quotes.ts';

interface Messages {
  [key: string]: string | Messages;
}

const files = import.meta.glob('../*/messages.*.json', { eager: true, import: 'default' }) as Record<string, Messages>;

/** All `errors.*` sentences of all features, per language. */
const SENTENCES: Record<'ru' | 'en', Record<string, string>> = { ru: {}, en: {} };
/** What the operating system calls a fault of the network, in words, per language. */
const NETWORK: Record<'ru' | 'en', Record<string, string>> = { ru: {}, en: {} };
/** What permissions are called where they are given, per language. */
const RIGHTS: Record<'ru' | 'en', Record<string, string>> = { ru: {}, en: {} };
for (const [path, messages] of Object.entries(files)) {
  const language = path.includes('.ru.') ? 'ru' : 'en';
  for (const [table, part] of [[SENTENCES, messages['errors']], [NETWORK, messages['network']]] as const)
    if (typeof part === 'object') for (const [key, sentence] of Object.entries(part)) if (typeof sentence === 'string') table[language][key] = sentence;
  for (const [area, deeds] of Object.entries(typeof messages['permissions'] === 'object' ? messages['permissions'] : {}))
    if (typeof deeds === 'object') for (const [deed, words] of Object.entries(deeds)) if (typeof words === 'string') RIGHTS[language][`${area}.${deed}`] = words;
}

/** Puts values into the `{{name}}` places of a sentence; quotes in a value that stands in quotes become the inner ones. */
export function fill(sentence: string, params: Record<string, string | number> = {}): string {
  return sentence.replace(/([«“]?)\{\{(\w+)\}\}([»”]?)/g, (whole, open: string, name: string, close: string) => (name in params ? `${open}${nested(String(params[name]), open, close)}${close}` : whole));
}

/** The sentence for a refusal: of its detail where there is one, else of its code. */
export function translateError(language: 'ru' | 'en', code: ErrorCode, data: ErrorData = {}): string {
  const table = SENTENCES[language];
  const sentence = (data.detail && table[data.detail]) || table[code] || code;
  const { reason, permission } = data.params ?? {};
  const words: Params = { ...(typeof reason === 'string' ? { reason: NETWORK[language][reason] ?? reason } : {}), ...(typeof permission === 'string' ? { permission: RIGHTS[language][permission] ?? permission } : {}) };
  return fill(sentence, { field: data.field ?? '', correlation_id: data.correlation_id ?? '', ...data.params, ...words });
}

type Params = Record<string, string | number>;

/** Sentences of one feature by key (`recurrence.every_day`); a `count` chooses the plural form of the language. */
export function translator(language: 'ru' | 'en', feature: string): (key: string, params?: Params) => string {
  const messages = files[`../${feature}/messages.${language}.json`] ?? {};
  const plural = new Intl.PluralRules(language);
  const find = (key: string): string | undefined => {
    const found = key.split('.').reduce<string | Messages | undefined>((node, part) => (typeof node === 'object' ? node[part] : undefined), messages);
    return typeof found === 'string' ? found : undefined;
  };
  return (key, params = {}) => {
    const { count } = params;
    const form = typeof count === 'number' ? find(`${key}_${plural.select(count)}`) : undefined;
    return fill(form ?? find(key) ?? key, params);
  };
}
