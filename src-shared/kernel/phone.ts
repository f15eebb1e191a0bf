import { recent } from './recent.ts';
/** A phone as it was typed, with what could be made of it. */
export interface Phone {
  raw: string;
  /** `+` and 8 to 15 digits; null where the country or the area code cannot be known (local numbers, broken cells). */
  e164: string | null;
  extension: string | null;
  /** Digits of the number without its extension: those of `e164` if there is one, else as typed. */
  digits: string;
  /** Last ten digits: equal for `8 747 …` and `+7 747 …`. Empty below five digits, which is no phone. */
  match_key: string;
}

const NARROW_SPACE = '\u202f';
const MIN_PHONE_DIGITS = 5;
const MAX_PHONE_DIGITS = 15;

/** Country codes of neighbours whose numbers lose their plus in spreadsheets, with the full length that makes them certain. */
const BARE_COUNTRY_LENGTHS: Record<string, number> = { '373': 11, '374': 11, '375': 12, '380': 12, '992': 12, '993': 11, '994': 12, '995': 12, '996': 12, '998': 12 };

/** ITU-T E.164: 1 and 7 stand alone, these pairs are countries of two digits, all others have three. */
const COUNTRY_CODE = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

const APOSTROPHES = /^[\s'’`]+/;
const WORD_EXTENSION = /[\s,;(]*(?:доб(?:авочный|ав)?|внутр(?:енний)?|вн|ext(?:ension)?|#|;ext=)[\s.:=№]*(\d{1,6})[\s).]*$/iu;
/** `x12` only after a digit, so that words ending in x are left alone. */
const MARK_EXTENSION = /(?<=\d)\s*[xх]\s*(\d{1,6})[\s)]*$/iu;
const COMMA_EXTENSION = /\s*,\s*(\d{1,6})\s*$/;
/** `123-45-67/68`: the second ending of a pair of numbers. */
const SECOND_ENDING = /\/\s*\d{1,4}\s*$/;

const onlyDigits = (text: string): string => text.replace(/\D+/g, '');

function cutExtension(text: string): [string, string | null] {
  for (const pattern of [WORD_EXTENSION, MARK_EXTENSION, COMMA_EXTENSION]) {
    const found = pattern.exec(text);
    if (!found) continue;
    const head = text.slice(0, found.index);
    if (onlyDigits(head).length >= MIN_PHONE_DIGITS) return [head, found[1] ?? null];
  }
  return [text, null];
}

/** Area codes of the +7 zone begin with 3 to 9; 0, 1 and 2 are prefixes and services. */
const isNational = (digits: string): boolean => digits.length === 10 && digits >= '3';

function withPlus(digits: string): string | null {
  // +89… and +83… are no countries but a Russian 8 behind a plus; +84 is Vietnam and stays.
  if (/^8[39]\d{9}$/.test(digits)) return `+7${digits.slice(1)}`;
  if (digits.startsWith('7')) return digits.length === 11 && isNational(digits.slice(1)) ? `+${digits}` : null;
  return digits.length >= 8 && digits.length <= MAX_PHONE_DIGITS && !digits.startsWith('0') ? `+${digits}` : null;
}

function toE164(digits: string, plus: boolean): string | null {
  if (plus) return withPlus(digits);
  const abroad = /^(?:810|00)(\d{8,15})$/.exec(digits);
  if (abroad?.[1]) return withPlus(abroad[1]);
  if (digits.length === 11 && /^[78]/.test(digits) && isNational(digits.slice(1))) return `+7${digits.slice(1)}`;
  if (digits.length === 10 && /^[3489]/.test(digits)) return `+7${digits}`;
  return BARE_COUNTRY_LENGTHS[digits.slice(0, 3)] === digits.length ? `+${digits}` : null;
}

/**
 * Reads one phone as Russian people write it: a protecting apostrophe, `8` or `+7` in front, brackets, an extension. Never
 * throws; what cannot be read keeps its text and digits and has no `e164`. +7 covers Kazakhstan too.
 */
export const normalizePhone: (raw: string) => Readonly<Phone> = recent(2_000, normalize);

function normalize(raw: string): Phone {
  const [head, extension] = cutExtension(raw.normalize('NFKC').replace(APOSTROPHES, '').trim());
  const ending = SECOND_ENDING.exec(head);
  const body = ending && onlyDigits(head.slice(0, ending.index)).length >= MIN_PHONE_DIGITS ? head.slice(0, ending.index) : head;
  const typed = onlyDigits(body);
  const e164 = toE164(typed, /^[^\d]*\+[^\d]*\d/.test(body));
  const digits = e164 ? e164.slice(1) : typed;
  return { raw, e164, extension, digits, match_key: digits.length >= MIN_PHONE_DIGITS ? digits.slice(-10) : '' };
}

/** The spelling in which a phone is stored: `+74951234567`, `+74951234567 #12`, or the trimmed text where nothing is certain. */
export function canonicalPhone(raw: string): string {
  const phone = normalizePhone(raw);
  if (!phone.e164) return raw.replace(APOSTROPHES, '').trim();
  return phone.extension ? `${phone.e164} #${phone.extension}` : phone.e164;
}

/** Two whole numbers with nothing but a space between them. */
function splitAtSpaces(part: string): string[] {
  if (onlyDigits(part).length <= MAX_PHONE_DIGITS) return [part];
  const pieces = part.split(/\s+(?=\+|[78][\s(-]*\d{3})/);
  return pieces.every((piece) => toE164(onlyDigits(piece), piece.includes('+')) !== null) ? pieces : [part];
}

/**
 * Splits a cell that lists several phones (comma, semicolon, newline, slash, bar). A part with fewer than five digits is no phone:
 * it stays with its neighbour, as an extension or a remark. No digit of the cell is lost.
 */
export function splitPhones(cell: string): string[] {
  const text = cell.replace(APOSTROPHES, '').trim();
  const pieces = text.split(/([,;\n\r\t/|]+)/);
  const parts: string[] = [];
  let head = '';
  for (let i = 0; i < pieces.length; i += 2) {
    const part = pieces[i] ?? '';
    const separator = pieces[i - 1] ?? '';
    if (onlyDigits(part).length >= MIN_PHONE_DIGITS) {
      parts.push(head + part);
      head = '';
    } else if (parts.length > 0) parts[parts.length - 1] += separator + part;
    else head += part + (pieces[i + 1] ?? '');
  }
  if (parts.length === 0) return /\d/.test(text) ? [text] : [];
  return parts.flatMap((part) => splitAtSpaces(part.replace(APOSTROPHES, '').replace(/[,;\s/|]+$/, '').trim()));
}

/**
 * The phone for reading: `+7 999 123-45-67` with narrow no-break spaces; in English all groups are parted by spaces (E.123).
 * Takes what `canonicalPhone` stored; a text that is no international number comes back as it is.
 */
export function formatPhone(stored: string, language: 'ru' | 'en' = 'ru'): string {
  const found = /^\+(\d{8,15})(?: #(\d{1,6}))?$/.exec(stored);
  const digits = found?.[1];
  if (!digits) return stored;
  const extension = found[2] ? `${NARROW_SPACE}#${found[2]}` : '';
  const code = COUNTRY_CODE.exec(digits)?.[0] ?? '';
  if (code !== '7' && BARE_COUNTRY_LENGTHS[code] !== digits.length) {
    const groups = digits.slice(code.length).match(/\d{1,3}(?=(?:\d{3})*$)/g) ?? [];
    return [`+${code}`, ...groups].join(NARROW_SPACE) + extension;
  }
  const tail = digits.slice(-7);
  const local = [tail.slice(0, 3), tail.slice(3, 5), tail.slice(5)].join(language === 'ru' ? '-' : NARROW_SPACE);
  return ['+' + code, digits.slice(code.length, -7), local].filter((group) => group !== '').join(NARROW_SPACE) + extension;
}

/** Endings of 4 to 11 digits, longest first: stored beside the number, they let any tail of it be found by its beginning. */
export function phoneTails(digits: string): string[] {
  const tails: string[] = [];
  for (let length = Math.min(11, digits.length); length >= 4; length--) tails.push(digits.slice(-length));
  return tails;
}
