import { recent } from './recent.ts';

/** Texts made of plain ASCII, Russian letters and common quotes need no Unicode normalisation. */
const PLAIN = /^[\x20-\x7e\n\r\tА-Яа-яЁё«»—–]*$/;
/** NFKC would glue it to the number as `no`. */
const NUMERO = /№/g;
const LATIN_WITH_MARKS = /[\u00c0-\u024f\u1e00-\u1eff]/g;
/** Marks, and the few letters that SQLite's unicode61 takes for separators. */
const DROPPED = /[\p{M}\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]+/gu;
const NOT_WORD = /[^\p{L}\p{N}]+/gu;
/** The same for a folded plain text, at a fraction of the cost. */
const NOT_PLAIN_WORD = /[^0-9a-zа-я]+/g;

/**
 * Letters as they are compared: NFKC, lower case, ё as е, й kept, accents of Latin letters dropped. Punctuation stays, so
 * that phones and part numbers can still be recognised.
 */
export function foldLetters(raw: string): string {
  const text = raw.replace(NUMERO, ' ');
  if (PLAIN.test(text)) return text.toLowerCase().replaceAll('ё', 'е');
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(LATIN_WITH_MARKS, (letter) => letter.normalize('NFD').charAt(0))
    .replace(DROPPED, '')
    .replaceAll('ё', 'е');
}

/** The comparison form of a text: folded letters and digits, everything else a single space. */
export const foldText: (text: string) => string = recent(2_000, (text) => {
  const folded = foldLetters(text);
  return folded.replace(PLAIN.test(folded) ? NOT_PLAIN_WORD : NOT_WORD, ' ').trim();
});

/** Sorts before every character that a folded text can hold. */
const TIE = '\u0001';

/**
 * Key by which names are ordered, compared byte by byte: case and punctuation do not matter, ё stands with е, and after it
 * where nothing else differs. Latin goes before Cyrillic.
 */
export function sortKey(name: string): string {
  const folded = foldText(name);
  if (folded === '') return name.toWellFormed().toLowerCase().trim();
  const lower = name.toLowerCase();
  return lower.includes('ё') ? `${folded}${TIE}${lower.replace(NOT_WORD, ' ').trim()}` : folded;
}
