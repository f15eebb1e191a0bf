import { foldLetters } from './fold.ts';

/** A run of letters and digits in a folded text. */
export interface Word {
  text: string;
  start: number;
  end: number;
  kind: 'letters' | 'digits' | 'mixed';
}

/** Longer runs are cut in the index and in queries alike. */
const MAX_WORD = 64;
const SEPARATOR = 0;
const LETTER = 1;
const DIGIT = 2;

/** Class of every character below U+0600; what lies above goes through a regular expression. */
const CLASSES = Uint8Array.from({ length: 0x600 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return DIGIT;
  return /[\p{L}\p{N}]/u.test(String.fromCharCode(code)) ? LETTER : SEPARATOR;
});
const BEYOND = /[\u0600-\uffff]/;
const ANY_WORD = /[\p{L}\p{N}]+/gu;

function wordAt(folded: string, start: number, end: number, seen: number): Word {
  const cut = end - start > MAX_WORD ? start + MAX_WORD : end;
  return { text: folded.slice(start, cut), start, end, kind: seen === DIGIT ? 'digits' : seen === LETTER ? 'letters' : 'mixed' };
}

/** Words of a folded text in order. */
export function wordsOf(folded: string): Word[] {
  const words: Word[] = [];
  if (BEYOND.test(folded)) {
    for (const found of folded.matchAll(ANY_WORD)) {
      const text = Array.from(found[0]).slice(0, MAX_WORD).join('');
      const seen = (/\d/.test(text) ? DIGIT : 0) | (/\D/.test(text) ? LETTER : 0);
      words.push({ ...wordAt(folded, found.index, found.index + found[0].length, seen), text });
    }
    return words;
  }
  let start = -1;
  let seen = 0;
  for (let i = 0; i < folded.length; i++) {
    const kind = CLASSES[folded.charCodeAt(i)] as number;
    if (kind === SEPARATOR) {
      if (start >= 0) words.push(wordAt(folded, start, i, seen));
      start = -1;
      seen = 0;
    } else {
      if (start < 0) start = i;
      seen |= kind;
    }
  }
  if (start >= 0) words.push(wordAt(folded, start, folded.length, seen));
  return words;
}

/** Folded words of a text, as they stand in the index. */
export function tokenize(text: string): string[] {
  return wordsOf(foldLetters(text)).map((word) => word.text);
}

const MAX_COMPOUND = 32;

/**
 * Words written together through `-`, `/`, `.` or `_` that people also write as one: part numbers (`HL-2130`), `wi-fi`.
 * Returns the index behind the last word of the compound that starts at `from`, or `from` where there is none.
 */
export function compoundEnd(folded: string, words: readonly Word[], from: number): number {
  let end = from + 1;
  let length = words[from]?.text.length ?? 0;
  let letters = words[from]?.kind !== 'digits';
  let digits = words[from]?.kind !== 'letters';
  let short = length <= 2;
  for (; end < words.length; end++) {
    const word = words[end] as Word;
    const before = words[end - 1] as Word;
    const sign = folded.charCodeAt(before.end);
    if (word.start !== before.end + 1 || (sign !== 0x2d && sign !== 0x2e && sign !== 0x2f && sign !== 0x5f && sign !== 0x2010)) break;
    length += word.text.length;
    letters ||= word.kind !== 'digits';
    digits ||= word.kind !== 'letters';
    short = (short || word.text.length <= 2) && (sign === 0x2d || sign === 0x2010);
  }
  return end > from + 1 && length <= MAX_COMPOUND && letters && (digits || short) ? end : from;
}
