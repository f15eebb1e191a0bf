/** A pair of typewriter quotes around words; the mark of inches behind a number is none. */
const STRAIGHT = /(^|[\s([—–-])"(\S(?:[^"]*\S)?)"(?=$|[\s.,;:!?)\]…»”])/g;

/** A text that is going to stand in quotes of the language: its own become the inner ones, „ “ in Russian and ‘ ’ in English. */
export function innerQuotes(text: string, language: 'ru' | 'en'): string {
  if (language === 'ru') return text.replace(/“([^“”]*)”/g, '„$1“').replaceAll('«', '„').replaceAll('»', '“').replace(STRAIGHT, '$1„$2“');
  return text.replace(/„([^„“]*)“/g, '‘$1’').replace(/[«“]/g, '‘').replace(/[»”]/g, '’').replace(STRAIGHT, '$1‘$2’');
}

/** A value for a place of a sentence that has quotes around it, or has none. */
export const nested = (value: string, open: string, close: string): string => (open === '«' && close === '»' ? innerQuotes(value, 'ru') : open === '“' && close === '”' ? innerQuotes(value, 'en') : value);
