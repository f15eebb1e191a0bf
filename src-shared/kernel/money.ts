/** Signs and words by which a sum names its currency, longest first. */
const CURRENCIES: readonly [RegExp, string][] = [
  [/₽|\bRUB\b|\bRUR\b|(?<!\p{L})(?:рублей|рубля|рубль|руб|р)(?!\p{L})\.?/iu, 'RUB'],
  [/₸|\bKZT\b|(?<!\p{L})(?:тенге|тг)(?!\p{L})\.?/iu, 'KZT'],
  [/₴|\bUAH\b|(?<!\p{L})(?:гривен|гривны|гривна|грн)(?!\p{L})\.?/iu, 'UAH'],
  [/\bBYN\b/i, 'BYN'],
  [/\bUZS\b/i, 'UZS'],
  [/€|\bEUR\b/i, 'EUR'],
  [/\$|\bUSD\b/i, 'USD'],
];

const NARROW_SPACE = '\u202f';

/** ISO code of the currency that a cell or a column's title names (`Бюджет ₸`, `100 руб.`), or null. */
export function currencyOf(text: string): string | null {
  return CURRENCIES.find(([mark]) => mark.test(text))?.[1] ?? null;
}

/** The number's text with a dot before the fraction and nothing between thousands; null where that is ambiguous or broken. */
function plainNumber(text: string): string | null {
  const last = Math.max(text.lastIndexOf(','), text.lastIndexOf('.'));
  if (last < 0) return /^\d+$/.test(text) ? text : null;
  const sign = text[last] as string;
  const [whole = '', fraction = ''] = [text.slice(0, last), text.slice(last + 1)];
  const other = sign === ',' ? '.' : ',';
  if (text.split(sign).length > 2) {
    // 1,234,567: the sign parts thousands.
    return new RegExp(`^\\d{1,3}(?:\\${sign}\\d{3})+$`).test(text) ? text.replaceAll(sign, '') : null;
  }
  if (whole.includes(other)) {
    return new RegExp(`^\\d{1,3}(?:\\${other}\\d{3})+$`).test(whole) && /^\d{1,2}$/.test(fraction) ? `${whole.replaceAll(other, '')}.${fraction}` : null;
  }
  // 1,234 may be a thousand or a fraction: only a person knows.
  return /^\d*$/.test(whole) && /^\d{1,2}$/.test(fraction) ? `${whole || '0'}.${fraction}` : null;
}

/**
 * Reads a sum in kopecks: `1 234,50 ₽`, `1234.5`, `1.234,50`, `-100`. Null for what is no sum, is ambiguous (`1,234`) or is too
 * large to be counted exactly.
 */
export function parseMoney(text: string): number | null {
  let body = text.normalize('NFKC').replace(/^'/, '');
  for (const [mark] of CURRENCIES) body = body.replace(mark, ' ');
  body = body.replace(/[\s'’_]+/g, '').replace(/[−–—]/g, '-');
  const negative = body.startsWith('-');
  const number = plainNumber(body.replace(/^[+-]/, ''));
  if (number === null) return null;
  const [roubles = '0', fraction = ''] = number.split('.');
  const kopecks = Number(roubles) * 100 + Number(fraction.padEnd(2, '0'));
  if (!Number.isSafeInteger(kopecks)) return null;
  return negative && kopecks !== 0 ? -kopecks : kopecks;
}

const SIGNS: Record<string, string> = { RUB: '₽', KZT: '₸', UAH: '₴', EUR: '€', USD: '$' };

/**
 * Writes kopecks for reading: `1 234,50 ₽` in Russian, `1 234.50 ₽` in English, with narrow no-break spaces. Whole sums show no
 * kopecks unless `exact`.
 */
export function formatMoney(kopecks: number, language: 'ru' | 'en' = 'ru', options: { currency?: string; exact?: boolean } = {}): string {
  const { currency = 'RUB', exact = false } = options;
  const size = Math.abs(Math.round(kopecks));
  const whole = String(Math.floor(size / 100)).replace(/\B(?=(?:\d{3})+$)/g, NARROW_SPACE);
  const rest = size % 100;
  const fraction = rest !== 0 || exact ? (language === 'ru' ? ',' : '.') + String(rest).padStart(2, '0') : '';
  const sign = currency === '' ? '' : `${NARROW_SPACE}${SIGNS[currency] ?? currency}`;
  return `${kopecks < 0 && size !== 0 ? '−' : ''}${whole}${fraction}${sign}`;
}
