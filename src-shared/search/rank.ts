import { readMark } from '../kernel/mark.ts';
import { normalizePhone } from '../kernel/phone.ts';
import { foldText, searchTokens, tokenize } from '../kernel/search-text.ts';

/** What a person looks for, taken apart once for all candidates. */
export interface Wanted {
  folded: string;
  /** Each word with its forms. */
  words: string[][];
  /** The row number that was meant, when the query is one. */
  no: number | null;
  /** The end of an id that the query names by its mark. */
  mark: string | null;
  /** The query in one piece, as part numbers, tax numbers and phones are kept. */
  keys: string[];
}

const MAX_NO = 1e12;

export function wantedOf(query: string): Wanted {
  const words = tokenize(query);
  const [only] = words;
  const digits = query.replace(/\D/g, '');
  const phone = digits.length >= 5 ? normalizePhone(query).digits : '';
  return {
    folded: foldText(query),
    words: words.map((word) => searchTokens(word).split(' ')),
    no: words.length === 1 && only !== undefined && /^\d{1,12}$/.test(only) && Number(only) < MAX_NO ? Number(only) : null,
    mark: readMark(query),
    keys: [...new Set([words.join(''), digits, phone])].filter((key) => key.length >= 4),
  };
}

export interface Candidate {
  /** How much the kind of thing counts by itself. */
  weight: number;
  id: string;
  no: number | null;
  title: string;
  /** Numbers by which the thing is known: phones, INN, serial numbers. */
  keys: string;
  /** Still to be done, or in force. */
  open: boolean;
  /** Days since it was last touched. */
  age: number;
}

const RECENCY = 60;
const HALF_LIFE_DAYS = 60;

/** How well a candidate fits: its number first, then its title by whole and by words, then what is open and fresh. */
export function score(candidate: Candidate, wanted: Wanted): number {
  const recency = RECENCY * 2 ** (-Math.max(0, candidate.age) / HALF_LIFE_DAYS);
  return candidate.weight + recency + (candidate.open ? 40 : 0) + Math.max(byNumber(candidate, wanted), byTitle(candidate.title, wanted));
}

function byNumber(candidate: Candidate, wanted: Wanted): number {
  if (wanted.no !== null && candidate.no === wanted.no) return 1000;
  if (wanted.mark !== null && candidate.id.endsWith(wanted.mark)) return 1000;
  if (wanted.keys.length === 0 || candidate.keys === '') return 0;
  const known = new Set(searchTokens(candidate.keys).split(' '));
  return wanted.keys.some((key) => known.has(key)) ? 800 : 0;
}

function byTitle(title: string, wanted: Wanted): number {
  const folded = foldText(title);
  if (folded === wanted.folded) return 700;
  const tokens = searchTokens(title).split(' ');
  const known = new Set(tokens);
  let points = 0;
  for (const [index, forms] of wanted.words.entries()) {
    if (forms.some((form) => known.has(form))) points += 2;
    else if (index === wanted.words.length - 1 && tokens.some((token) => token.startsWith(forms[0] as string))) points += 1;
  }
  const all = 2 * wanted.words.length;
  const starts = wanted.folded !== '' && folded.startsWith(wanted.folded) ? 100 : 0;
  return all === 0 ? 0 : starts + (points === all ? 400 : points === all - 1 && all > 0 ? 320 : (200 * points) / all);
}
