import { foldLetters } from './fold.ts';
import { switchLayout } from './keyboard-layout.ts';
import { normalizePhone, phoneTails } from './phone.ts';
import { compoundEnd, wordsOf, type Word } from './search-words.ts';
import { stemWord } from './stem.ts';

export { foldText, sortKey } from './fold.ts';
export { switchLayout } from './keyboard-layout.ts';
export { tokenize } from './search-words.ts';

/** Ten or eleven digits in the groups and brackets in which phones are written; abroad, a plus and up to 15 digits. */
const PHONE_LIKE = /(?<![\d.])(?:\+\d(?:[ ()\-.\u2010]{0,3}\d){7,14}|(?:[78][ ()\-.\u2010]{0,3})?\d(?:[ ()\-.\u2010]{0,3}\d){9}|\d{1,3}-\d\d-\d\d)(?![\d])/g;
const LOCAL_PHONE = /^\d{1,3}-\d\d-\d\d$/;
/** `12 500`: people look for it as 12500. */
const THOUSANDS = /(?<!\d ?)\d{1,3}(?: \d{3})+(?! ?\d)/g;
const INNER_NUMBER = /\d{4,}/g;

/** A number can be found by its beginning and by any ending of four digits or more. */
function addNumber(out: Set<string>, digits: string): void {
  out.add(digits);
  if (digits.length > 4) for (const tail of phoneTails(digits)) out.add(tail);
}

function addWrittenApart(out: Set<string>, folded: string): void {
  for (const [found] of folded.matchAll(PHONE_LIKE)) {
    const phone = normalizePhone(found);
    if (phone.e164 || LOCAL_PHONE.test(found)) addNumber(out, phone.digits);
  }
  for (const [found] of folded.matchAll(THOUSANDS)) out.add(found.replaceAll(' ', ''));
}

const joined = (words: readonly Word[]): string => words.map((word) => word.text).join('');

/**
 * The words under which a text is found, parted by spaces, for an FTS5 index with `unicode61 remove_diacritics 0`: every
 * folded word and its stem, part numbers also in one piece, numbers and phones with their endings.
 */
export function searchTokens(text: string): string {
  const folded = foldLetters(text);
  const words = wordsOf(folded);
  const out = new Set<string>();
  let digits = 0;
  let next = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word;
    if (word.kind === 'letters') {
      out.add(word.text);
      out.add(stemWord(word.text));
    } else if (word.kind === 'digits') {
      addNumber(out, word.text);
      digits += word.text.length;
    } else {
      out.add(word.text);
      for (const [number] of word.text.matchAll(INNER_NUMBER)) addNumber(out, number);
    }
    if (i >= next) {
      const end = compoundEnd(folded, words, i);
      if (end > i) out.add(joined(words.slice(i, end)));
      next = Math.max(end, i + 1);
    }
  }
  if (digits >= 4) addWrittenApart(out, folded);
  return [...out].join(' ');
}

/** Words too common to ask for; the last one is always asked for, it may be a beginning. */
const STOP_WORDS = new Set('и в во на с со к ко у о об от по за из для не the a an of to in on at and or for'.split(' '));
const MAX_TERMS = 16;
/** Longer queries are cut: nobody types them. */
const MAX_QUERY = 500;

/** Tokens are letters and digits only, so a quoted one cannot say anything else to FTS5. */
const exact = (token: string): string => `"${token}"`;
const prefix = (token: string): string => `"${token}"*`;

function anyOf(terms: readonly string[]): string {
  const unique = [...new Set(terms)];
  return unique.length === 1 ? (unique[0] as string) : `(${unique.join(' OR ')})`;
}
const allOf = (terms: readonly string[]): string => (terms.length === 1 ? (terms[0] as string) : `(${terms.join(' AND ')})`);

function wordTerm(word: Word, last: boolean): string {
  if (word.kind === 'letters') return anyOf([last ? prefix(word.text) : exact(word.text), exact(stemWord(word.text))]);
  if (word.kind === 'digits') return anyOf(numberTerms(word.text, last));
  const pieces = word.text.match(/\d+|\D+/g) ?? [];
  return anyOf([prefix(word.text), allOf(pieces.map((piece, i) => (last && i === pieces.length - 1 ? prefix(piece) : exact(piece))))]);
}

function numberTerms(digits: string, last: boolean): string[] {
  const terms = [digits.length >= 4 || last ? prefix(digits) : exact(digits)];
  // Phones are kept with +7; many people begin to type them with 8.
  if (digits.startsWith('8') && digits.length >= 5 && digits.length <= 11) terms.push(prefix(`7${digits.slice(1)}`));
  if (digits.length > 11) terms.push(exact(digits.slice(-11)));
  return terms;
}

/** Index behind the last of the digit groups that may be one number: parted by spaces, brackets, hyphens, dots. */
function numberEnd(folded: string, words: readonly Word[], from: number): number {
  let end = from;
  while (end < words.length && words[end]?.kind === 'digits' && (end === from || /^[ ()\-.\u2010]{1,3}$/.test(folded.slice(words[end - 1]?.end, words[end]?.start)))) end++;
  return end;
}

function terms(folded: string, all: readonly Word[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < all.length && out.length < MAX_TERMS; ) {
    const word = all[i] as Word;
    const isNumber = word.kind === 'digits';
    const end = Math.max(isNumber ? numberEnd(folded, all, i) : i, compoundEnd(folded, all, i), i + 1);
    const group = all.slice(i, end);
    const single = group.map((part, k) => wordTerm(part, i + k === all.length - 1));
    if (group.length === 1) {
      if (end === all.length || all.length === 1 || !STOP_WORDS.has(word.text)) out.push(single[0] as string);
    } else {
      const whole = joined(group);
      const asOne = /^\d+$/.test(whole) ? (whole.length >= 4 ? numberTerms(whole, true) : []) : [prefix(whole)];
      out.push(anyOf([...asOne, allOf(single)]));
    }
    i = end;
  }
  return out;
}

function matchOf(query: string): string {
  const folded = foldLetters(query);
  return terms(folded, wordsOf(folded)).join(' AND ');
}

/** What is asked of the index, and what to try when it finds nothing. */
export interface SearchMatch {
  /** FTS5 MATCH expression; empty where the query holds neither letter nor digit. */
  match: string;
  /** Expressions for the same keys typed in the other layout. */
  alternatives: string[];
  /** The texts that `alternatives` stand for, in the same order. */
  corrected: string[];
}

/**
 * Turns what a person typed into FTS5 MATCH expressions over `searchTokens`: all words must be there in any form, the last one
 * may be a beginning; numbers and phones fit by beginning, middle or end. Safe for any input. The expression names no column,
 * so it must be matched against the table.
 */
export function matchQuery(query: string): SearchMatch {
  const typed = query.slice(0, MAX_QUERY).toWellFormed().trim();
  const match = matchOf(typed);
  const other = switchLayout(typed);
  const alternative = other === typed ? '' : matchOf(other);
  return alternative === '' || alternative === match ? { match, alternatives: [], corrected: [] } : { match, alternatives: [alternative], corrected: [other] };
}
