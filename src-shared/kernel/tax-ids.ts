/** What a check of a registration number says; `why` is a message key below `errors.`. */
export type IdCheck<Kind extends string = never> = { ok: true; value: string; kind: Kind } | { ok: false; value: string; why: IdFault };
export type IdFault = 'inn_characters' | 'inn_length' | 'inn_zeros' | 'inn_checksum' | 'kpp_format' | 'ogrn_characters' | 'ogrn_length' | 'ogrn_zeros' | 'ogrn_checksum';

/** `foreign`: an organisation of another country registered for taxes, INN beginning with 9909. */
export type InnKind = 'organization' | 'foreign' | 'person';

const WHOLE_INN = /^(?:\d{10}|\d{12})$/;
const INN_10 = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const INN_11 = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
const INN_12 = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/** Spaces, a spreadsheet's apostrophe and the number's own name go. */
function clean(raw: string): string {
  return raw
    .normalize('NFKC')
    .replace(/[\s'’`]+/g, '')
    .replace(/^(?:инн|кпп|огрнип|огрн|inn|kpp|ogrnip|ogrn)[:№.]*/i, '');
}

const control = (value: string, weights: number[]): string => String((weights.reduce((sum, weight, i) => sum + weight * Number(value[i]), 0) % 11) % 10);

/**
 * Checks an INN: 10 digits (organisation) or 12 (person, sole trader), with the control digits of the tax service. `value` is the
 * cleaned text in either case: real data holds wrong numbers, and whether one is refused is the caller's decision.
 */
export function checkInn(raw: string): IdCheck<InnKind> {
  const value = clean(raw);
  if (!/^\d+$/.test(value)) return { ok: false, value, why: 'inn_characters' };
  if (value.length !== 10 && value.length !== 12) return { ok: false, value, why: 'inn_length' };
  if (/^0+$/.test(value)) return { ok: false, value, why: 'inn_zeros' };
  const fits = value.length === 10 ? control(value, INN_10) === value[9] : control(value, INN_11) === value[10] && control(value, INN_12) === value[11];
  if (!fits) return { ok: false, value, why: 'inn_checksum' };
  return { ok: true, value, kind: value.length === 12 ? 'person' : value.startsWith('9909') ? 'foreign' : 'organization' };
}

/** Gives back the leading zero that a spreadsheet took: 9 digits become 10, 11 become 12, if the control digits then fit. */
export function padInn(raw: string): string {
  if (WHOLE_INN.test(raw)) return raw;
  const value = clean(raw);
  if (!/^(?:\d{9}|\d{11})$/.test(value)) return value;
  const padded = `0${value}`;
  return checkInn(padded).ok ? padded : value;
}

/** Cyrillic letters that look like the Latin ones of a reason code. */
const LOOKALIKES: Record<string, string> = { А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', У: 'Y', Х: 'X' };

/** Checks a KPP: four digits of the tax office, two digits or Latin capitals of the reason, three digits. It has no checksum. */
export function checkKpp(raw: string): IdCheck<'kpp'> {
  const value = clean(raw)
    .toUpperCase()
    .replace(/[АВЕКМНОРСТУХ]/g, (letter) => LOOKALIKES[letter] ?? letter);
  const fits = /^\d{4}[\dA-Z]{2}\d{3}$/.test(value) && !/^0+$/.test(value);
  return fits ? { ok: true, value, kind: 'kpp' } : { ok: false, value, why: 'kpp_format' };
}

/** Checks an OGRN (13 digits, organisation) or OGRNIP (15 digits, sole trader): the last digit is the rest of the others. */
export function checkOgrn(raw: string): IdCheck<'organization' | 'person'> {
  const value = clean(raw);
  if (!/^\d+$/.test(value)) return { ok: false, value, why: 'ogrn_characters' };
  if (value.length !== 13 && value.length !== 15) return { ok: false, value, why: 'ogrn_length' };
  if (/^0+$/.test(value)) return { ok: false, value, why: 'ogrn_zeros' };
  const rest = Number(value.slice(0, -1)) % (value.length - 2);
  if (rest % 10 !== Number(value.at(-1))) return { ok: false, value, why: 'ogrn_checksum' };
  return { ok: true, value, kind: value.length === 13 ? 'organization' : 'person' };
}
