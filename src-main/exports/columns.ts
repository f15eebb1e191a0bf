/** Columns of an exported row that say nothing outside this copy. */
const LEFT_OUT = new Set(['version']);

/** A cell that a spreadsheet would run as a formula is kept from it by a quote; only an export does this, the base keeps the text. */
const FORMULA = /^[=+\-@\t\r]/;

/** One value as a CSV cell, separated by semicolons. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) && !/^\+?\d[\d\s()-]*$/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const exportedColumns = (row: Record<string, unknown>): string[] => Object.keys(row).filter((column) => !LEFT_OUT.has(column));
export const csvLine = (row: Record<string, unknown>, columns: readonly string[]): string => `${columns.map((column) => csvCell(row[column])).join(';')}\r\n`;
