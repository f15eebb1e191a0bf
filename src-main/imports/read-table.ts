import { invalid } from '../../src-shared/kernel/errors.ts';
import { CsvScanner, type ScannedRecord } from './csv-scanner.ts';
import { detectEncoding, readChunks, sizeOf, type TableEncoding } from './text-source.ts';

export const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** A row that cannot be used; `why` is a message key below `errors.`. */
export interface BadRow {
  why: 'import_row_quotes' | 'import_row_long' | 'import_row_columns';
  params?: { found: number; expected: number };
}

export interface TableRow {
  /** Physical line of the file on which the row begins; the header stands on line 1 unless empty lines precede it. */
  line: number;
  /** As many cells as there are headers; empty for a bad row. */
  cells: string[];
  /** Bytes of the file used up so far, for the progress bar. */
  bytesRead: number;
  bad: BadRow | null;
}

export interface Table {
  encoding: TableEncoding;
  delimiter: Delimiter;
  headers: string[];
  totalBytes: number;
  /** Reads the rows below the header, from the beginning each time it is called. Rows without any value are passed over. */
  rows(): AsyncGenerator<TableRow>;
}

/** Longest beginning of the file, in characters, in which the header is looked for. */
const MAX_HEADER = 1_000_000;

interface Positioned {
  record: ScannedRecord;
  bytesRead: number;
}

async function* scan(source: string | Uint8Array, encoding: TableEncoding, delimiter: Delimiter): AsyncGenerator<Positioned> {
  const decoder = new TextDecoder(encoding);
  const scanner = new CsvScanner(delimiter);
  let before = 0;
  for await (const chunk of readChunks(source)) {
    const size = chunk.length;
    scanner.push(decoder.decode(chunk, { stream: true }));
    for (let record = scanner.next(); record; record = scanner.next()) yield { record, bytesRead: before + Math.round(size * scanner.used) };
    before += size;
  }
  scanner.push(decoder.decode());
  scanner.end();
  for (let record = scanner.next(); record; record = scanner.next()) yield { record, bytesRead: before };
}

/** Text up to the end of the header, quotes respected; at most a million characters. */
async function readHead(source: string | Uint8Array, encoding: TableEncoding): Promise<string> {
  const decoder = new TextDecoder(encoding);
  let head = '';
  for await (const chunk of readChunks(source)) {
    head += decoder.decode(chunk, { stream: true });
    if (head.length > MAX_HEADER || /\S[^\n]*\n/.test(head)) break;
  }
  return head.slice(0, MAX_HEADER);
}

/** The separator that stands most often on the first line outside quotes; a comma where none does. */
export function sniffDelimiter(head: string): Delimiter {
  const counts: Record<Delimiter, number> = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (const sign of head.trimStart()) {
    if (sign === '"') quoted = !quoted;
    else if (sign === '\n' && !quoted) break;
    else if (!quoted && sign in counts) counts[sign as Delimiter]++;
  }
  return DELIMITERS.reduce((best, sign) => (counts[sign] > counts[best] ? sign : best));
}

function withoutEmptyEnd(cells: readonly string[]): string[] {
  let length = cells.length;
  while (length > 0 && (cells[length - 1] as string).trim() === '') length--;
  return cells.slice(0, length);
}

/** Fits a record to the headers, or says why it does not fit. Further cells that are empty do no harm. */
function fit(cells: string[], expected: number): string[] | BadRow {
  if (cells.length === expected) return cells;
  if (cells.length > expected && withoutEmptyEnd(cells).length <= expected) return cells.slice(0, expected);
  return { why: 'import_row_columns', params: { found: cells.length, expected } };
}

const isEmpty = (cells: readonly string[]): boolean => cells.every((cell) => cell === '' || cell.trim() === '');

/**
 * Opens a delimited text: encoding by its bytes, separator by its header. Rows are streamed; a bad one is reported with its line
 * and never stops the rest. Throws INVALID for a file that is empty, binary, a workbook or not readable.
 */
export async function openTable(source: string | Uint8Array, options: { delimiter?: Delimiter; encoding?: TableEncoding } = {}): Promise<Table> {
  const totalBytes = await sizeOf(source);
  const encoding = options.encoding ?? (await detectEncoding(source));
  const head = await readHead(source, encoding);
  if (head.trim() === '') throw invalid('file', 'import_empty');
  const delimiter = options.delimiter ?? sniffDelimiter(head);

  let headers: string[] | null = null;
  for await (const { record } of scan(source, encoding, delimiter)) {
    headers = record.why ? null : withoutEmptyEnd(record.cells).map((cell) => cell.trim());
    break;
  }
  if (!headers || headers.length === 0) throw invalid('file', 'import_no_header');
  const expected = headers.length;

  async function* rows(): AsyncGenerator<TableRow> {
    let isHeader = true;
    for await (const { record, bytesRead } of scan(source, encoding, delimiter)) {
      const { line, why } = record;
      if (isHeader) isHeader = false;
      else if (why) yield { line, cells: [], bytesRead, bad: { why } };
      else if (!isEmpty(record.cells)) {
        const cells = fit(record.cells, expected);
        yield Array.isArray(cells) ? { line, cells, bytesRead, bad: null } : { line, cells: [], bytesRead, bad: cells };
      }
    }
  }
  return { encoding, delimiter, headers, totalBytes, rows };
}
