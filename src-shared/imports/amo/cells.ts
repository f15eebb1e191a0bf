const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi;
const NAMED: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'", nbsp: ' ', laquo: '«', raquo: '»', ndash: '–', mdash: '—', hellip: '…', bull: '•', copy: '©', reg: '®', trade: '™', deg: '°', sect: '§', euro: '€', shy: '' };

/** An apostrophe before a number or a formula, or one that has no pair. */
const PROTECTION = /^'(?=[+\-=@(\d]|[^']*$)/;

/** Most cells have none of these. */
const UNTIDY = /^'|[\p{Cc}\u00a0\u202f\u2007\u200b\ufeff]/u;

/** Resolves HTML entities once; what is none stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

/** A cell as a person meant it: without the apostrophe that protects numbers, entities resolved, spaces and line ends in order. */
export function cleanCell(cell: string): string {
  const text = decodeEntities(cell).trim();
  if (!UNTIDY.test(text)) return text;
  return text
    .replace(PROTECTION, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u00a0\u202f\u2007]/g, ' ')
    .replace(/[\u200b\ufeff]/g, '')
    .replaceAll('\0', '')
    .trim();
}

/** Values of a cell that lists several: tags, fields of activity. Each once, in the order of the cell. */
export function splitList(cell: string, separator: RegExp): string[] {
  return [...new Set(cell.split(separator).map((value) => value.trim()))].filter((value) => value !== '');
}

/**
 * A responsible's name as exported, sometimes behind the branch in brackets: `(ЕКБ) Иванов Иван` → branch `ЕКБ`, name
 * `Иванов Иван`.
 */
export function splitResponsible(cell: string): { branch: string | null; name: string } {
  const found = /^\(([^)]*)\)\s*(.+)$/s.exec(cell.trim());
  return found ? { branch: found[1]?.trim() || null, name: (found[2] ?? '').trim() } : { branch: null, name: cell.trim() };
}
