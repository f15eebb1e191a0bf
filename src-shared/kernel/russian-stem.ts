/**
 * Stemmer for Russian after the published description of the Snowball algorithm. The word must be in lower case with ё written
 * as е. RV begins after the first vowel; an ending is only taken off inside it. In each class the longest ending that fits
 * decides: if its condition fails, no shorter one is tried.
 */
interface EndingClass {
  /** Taken off only behind а or я, which stays. */
  afterA: ReadonlySet<string>;
  free: ReadonlySet<string>;
  longest: number;
}

function endings(free: string, afterA = ''): EndingClass {
  const list = (text: string): string[] => text.split(' ').filter((ending) => ending !== '');
  const all = [...list(free), ...list(afterA)];
  return { free: new Set(list(free)), afterA: new Set(list(afterA)), longest: Math.max(...all.map((ending) => ending.length)) };
}

const GERUND = endings('ив ивши ившись ыв ывши ывшись', 'в вши вшись');
const ADJECTIVE = endings('ее ие ые ое ими ыми ей ий ый ой ем им ым ом его ого ему ому их ых ую юю ая яя ою ею');
const PARTICIPLE = endings('ивш ывш ующ', 'ем нн вш ющ щ');
const REFLEXIVE = endings('ся сь');
const VERB = endings(
  'ила ыла ена ейте уйте ите или ыли ей уй ил ыл им ым ен ило ыло ено ят ует уют ит ыт ены ить ыть ишь ую ю',
  'ла на ете йте ли й л ем н ло но ет ют ны ть ешь нно',
);
const NOUN = endings('а ев ов ие ье е иями ями ами еи ии и ией ей ой ий й иям ям ием ем ам ом о у ах иях ях ы ь ию ью ю ия ья я');
const SUPERLATIVE = endings('ейш ейше');

/** Length of the word without an ending of the class, or -1 where none may go. */
function without(word: string, rv: number, kind: EndingClass): number {
  for (let length = Math.min(kind.longest, word.length - rv); length > 0; length--) {
    const at = word.length - length;
    const ending = word.slice(at);
    if (kind.free.has(ending)) return at;
    if (kind.afterA.has(ending)) return at > rv && (word[at - 1] === 'а' || word[at - 1] === 'я') ? at : -1;
  }
  return -1;
}

const isVowel = (code: string | undefined): boolean => code !== undefined && 'аеиоуыэюя'.includes(code);

function regions(word: string): { rv: number; r2: number } {
  let i = 0;
  const past = (vowel: boolean): boolean => {
    while (i < word.length && isVowel(word[i]) !== vowel) i++;
    return i++ < word.length;
  };
  if (!past(true)) return { rv: word.length, r2: word.length };
  const rv = i;
  return { rv, r2: past(false) && past(true) && past(false) ? i : word.length };
}

function withoutInflection(word: string, rv: number): string {
  const cut = (kind: EndingClass, text: string): string | null => {
    const at = without(text, rv, kind);
    return at < 0 ? null : text.slice(0, at);
  };
  const gerund = cut(GERUND, word);
  if (gerund !== null) return gerund;
  const plain = cut(REFLEXIVE, word) ?? word;
  const adjective = cut(ADJECTIVE, plain);
  if (adjective !== null) return cut(PARTICIPLE, adjective) ?? adjective;
  return cut(VERB, plain) ?? cut(NOUN, plain) ?? plain;
}

/** Stem of one Russian word in lower case, ё as е. Words without a vowel come back as they are. */
export function stemRussian(word: string): string {
  const { rv, r2 } = regions(word);
  if (rv >= word.length) return word;
  let stem = withoutInflection(word, rv);
  const endsInRv = (ending: string): boolean => stem.endsWith(ending) && stem.length - ending.length >= rv;
  if (endsInRv('и')) stem = stem.slice(0, -1);
  for (const ending of ['ость', 'ост']) {
    if (endsInRv(ending)) {
      if (stem.length - ending.length >= r2) stem = stem.slice(0, -ending.length);
      break;
    }
  }
  const superlative = without(stem, rv, SUPERLATIVE);
  if (superlative >= 0) stem = stem.slice(0, superlative);
  if (endsInRv('нн')) return stem.slice(0, -1);
  return superlative < 0 && endsInRv('ь') ? stem.slice(0, -1) : stem;
}
