import { foldText } from '../kernel/fold.ts';
import { recent } from '../kernel/recent.ts';

/** A company's name taken apart for comparison. */
export interface CompanyName {
  /** Legal form as a group: the kinds of joint-stock companies are one, they rename themselves into each other. Null if unnamed. */
  form: string | null;
  /** Folded words without the legal form, in the order of the name. */
  words: readonly string[];
}

/** Written-out legal forms, longest first; on the right the group. */
const PHRASES: readonly [string, string][] = (
  [
    ['общество с ограниченной ответственностью', 'ооо'],
    ['общество с дополнительной ответственностью', 'ооо'],
    ['непубличное акционерное общество', 'ао'],
    ['публичное акционерное общество', 'ао'],
    ['закрытое акционерное общество', 'ао'],
    ['открытое акционерное общество', 'ао'],
    ['акционерное общество', 'ао'],
    ['индивидуальный предприниматель', 'ип'],
    ['глава крестьянского фермерского хозяйства', 'кфх'],
    ['крестьянское фермерское хозяйство', 'кфх'],
    ['автономная некоммерческая организация', 'ано'],
    ['некоммерческое партнерство', 'нп'],
    ['товарищество собственников жилья', 'тсж'],
    ['производственный кооператив', 'пк'],
    ['федеральное государственное унитарное предприятие', 'гуп'],
    ['государственное унитарное предприятие', 'гуп'],
    ['муниципальное унитарное предприятие', 'муп'],
    ['федеральное государственное бюджетное учреждение', 'гу'],
    ['государственное бюджетное учреждение', 'гу'],
    ['государственное казенное учреждение', 'гу'],
    ['муниципальное бюджетное учреждение', 'му'],
    ['муниципальное казенное учреждение', 'му'],
    ['limited liability company', 'ооо'],
  ] as [string, string][]
).sort((a, b) => b[0].length - a[0].length);

const FORMS = new Map<string, string>([
  ...['ооо', 'ooo', 'одо', 'llc', 'ltd', 'limited', 'too', 'тоо', 'gmbh'].map((word) => [word, 'ооо'] as const),
  ...['ао', 'пао', 'оао', 'зао', 'нао', 'ao', 'oao', 'zao', 'pao', 'jsc', 'pjsc', 'inc', 'corp', 'plc'].map((word) => [word, 'ао'] as const),
  ...['ип', 'ip', 'чп', 'пбоюл'].map((word) => [word, 'ип'] as const),
  ...['ано', 'нп', 'тсж', 'тсн', 'снт', 'гск', 'жск', 'кфх', 'муп', 'пк', 'нко', 'чоу'].map((word) => [word, word] as const),
  ...['гуп', 'фгуп'].map((word) => [word, 'гуп'] as const),
  ...['гбу', 'гку', 'гау', 'фгбу', 'фгку', 'фгау', 'гбоу', 'гбуз', 'фгбоу', 'огбу', 'обуз'].map((word) => [word, 'гу'] as const),
  ...['мбу', 'мку', 'мау', 'мбоу', 'мбдоу', 'маоу', 'мкоу'].map((word) => [word, 'му'] as const),
]);

/** Latin letters that look like Russian ones, for words in which somebody mixed the two. */
const LATIN_TWINS: Record<string, string> = { a: 'а', b: 'в', c: 'с', e: 'е', h: 'н', k: 'к', m: 'м', o: 'о', p: 'р', t: 'т', x: 'х', y: 'у' };

const oneAlphabet = (word: string): string => (/[а-я]/.test(word) && /[a-z]/.test(word) ? word.replace(/[a-z]/g, (letter) => LATIN_TWINS[letter] ?? letter) : word);

/** Takes a company's name apart: case, quotes and punctuation go, the legal form is recognised at either end. */
export const parseCompanyName: (name: string) => CompanyName = recent(1_000, parse);

function parse(name: string): CompanyName {
  let text = foldText(name);
  let form: string | null = null;
  for (const [phrase, group] of PHRASES) {
    if (text === phrase || text.startsWith(`${phrase} `) || text.endsWith(` ${phrase}`)) {
      text = text.replace(phrase, '').trim();
      form = group;
      break;
    }
  }
  const words = text.split(' ').filter((word) => word !== '').map(oneAlphabet);
  const take = (word: string | undefined): boolean => {
    const group = word === undefined ? undefined : FORMS.get(word);
    if (group === undefined || words.length < 2) return false;
    form ??= group;
    return true;
  };
  if (take(words[0])) words.shift();
  if (take(words.at(-1))) words.pop();
  return { form, words };
}

/** Damerau–Levenshtein distance, given up (`limit + 1`) as soon as it exceeds the limit. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] as number) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] as number;
}

const sorted = (words: readonly string[]): string => [...words].sort().join(' ');
const numbersOf = (words: readonly string[]): string => sorted(words.filter((word) => /\d/.test(word)));

/** `Иванов И. И.` beside `Иванов Иван Иванович`: the same surname, initials that fit. */
function fitsInitials(a: readonly string[], b: readonly string[]): boolean {
  if (a.length < 2 || a.length !== b.length || a[0] !== b[0]) return false;
  let initials = 0;
  for (let i = 1; i < a.length; i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x === y) continue;
    if ((x.length > 1 && y.length > 1) || x[0] !== y[0]) return false;
    initials++;
  }
  return initials > 0;
}

/** How much two names say that it is one company: the same words, nearly the same, or nothing. */
export function compareNames(a: CompanyName, b: CompanyName): 'exact' | 'similar' | null {
  if (a.words.length === 0 || b.words.length === 0) return null;
  const [left, right] = [sorted(a.words), sorted(b.words)];
  const formsFit = a.form === null || b.form === null || a.form === b.form;
  if (left === right || a.words.join('') === b.words.join('')) return formsFit ? 'exact' : 'similar';
  // School 12 is not School 13, however alike they are written.
  if (numbersOf(a.words) !== numbersOf(b.words)) return null;
  if (fitsInitials(a.words, b.words)) return 'similar';
  const longest = Math.max(left.length, right.length);
  const slips = longest >= 9 ? 2 : longest >= 5 ? 1 : 0;
  if (slips > 0 && editDistance(left, right, slips) <= slips) return 'similar';
  const shared = a.words.filter((word) => word.length > 1 && b.words.includes(word)).length;
  return shared >= 2 && shared / new Set([...a.words, ...b.words]).size >= 0.66 ? 'similar' : null;
}

const VOICELESS: Record<string, string> = { б: 'п', в: 'ф', г: 'к', д: 'т', ж: 'ш', з: 'с' };

/** Consonants as they sound, doubled ones once: brings names with a wrong vowel together. Empty where too little is left. */
function sound(words: readonly string[]): string {
  const heard = words
    .map((word) => word.replace(/[аеиоуыэюяйьъaeiouy]/g, '').replace(/[бвгджз]/g, (letter) => VOICELESS[letter] ?? letter).replace(/(.)\1+/g, '$1'))
    .filter((word) => word !== '');
  return heard.join('').length >= 3 ? sorted(heard) : '';
}

/** Keys under which companies of the same or a nearly equal name are stored. */
export const nameKeys: (name: string) => readonly string[] = recent(1_000, keysOf);

function keysOf(name: string): string[] {
  const { words, form } = parseCompanyName(name);
  if (words.length === 0) return [];
  const keys = [`name:${sorted(words)}`, `name:${words.join('')}`];
  const heard = sound(words);
  if (heard) keys.push(`sound:${heard}`);
  if (form === 'ип' && words.length > 1) keys.push(`person:${words[0]} ${words.slice(1).map((word) => word[0]).join('')}`);
  return keys;
}
