/** The same keys of a US and of a Russian keyboard, in order; quotes and signs that both layouts print are left out. */
const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~";
const CYRILLIC = 'йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ';

const toCyrillic = new Map([...LATIN].map((key, i) => [key, CYRILLIC[i] as string]));
const toLatin = new Map([...CYRILLIC].map((key, i) => [key, LATIN[i] as string]));

/**
 * What the same keys would have written in the other layout: `ghbynth` → `принтер`, `руддщ` → `hello`. The direction follows
 * the letters that prevail; a text without letters comes back as it is.
 */
export function switchLayout(text: string): string {
  const latin = text.match(/[a-z]/gi)?.length ?? 0;
  const cyrillic = text.match(/[а-яё]/gi)?.length ?? 0;
  if (latin + cyrillic === 0) return text;
  const table = latin >= cyrillic ? toCyrillic : toLatin;
  return Array.from(text, (key) => table.get(key) ?? key).join('');
}
