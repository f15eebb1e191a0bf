import { stemRussian } from './russian-stem.ts';

const MAX_CACHED = 30_000;
/** Words repeat: nearly every one of a bulk import is found here. Emptied when full. */
const cache = new Map<string, string>();

const RUSSIAN = /^[а-я]+$/;
const ENGLISH = /^[a-z]+$/;
const HAS_VOWEL = /[aeiouy]/;

/** Takes off plural, -ing, -ed and a final e: enough for `printers`, `printing`, `configured` to meet their base. */
function stemEnglish(word: string): string {
  let stem = word;
  if (stem.endsWith('ies') && stem.length > 4) stem = `${stem.slice(0, -3)}y`;
  else if (/(?:ss|x|ch|sh)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (/[^suia]s$/.test(stem)) stem = stem.slice(0, -1);
  const base = stem.replace(/(?:ing|ed)$/, '');
  if (base !== stem && base.length >= 3 && HAS_VOWEL.test(base)) stem = base.replace(/([bdfgmnprt])\1$/, '$1');
  return stem.length > 4 && stem.endsWith('e') ? stem.slice(0, -1) : stem;
}

/** Stem of a folded word: Russian, English, or the word itself where it is neither. */
export function stemWord(word: string): string {
  if (word.length < 4) return word;
  const known = cache.get(word);
  if (known !== undefined) return known;
  const stem = RUSSIAN.test(word) ? stemRussian(word) : ENGLISH.test(word) ? stemEnglish(word) : word;
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(word, stem);
  return stem;
}
