/** A record of a delimited text, or what was wrong with it; `line` is the physical line where it begins, from 1. */
export type ScannedRecord = { line: number; cells: string[]; why?: undefined } | { line: number; cells: never[]; why: 'import_row_quotes' | 'import_row_long' };

/** Longest record in characters. An opened quote that finds no end within it is taken for a mistake of its line. */
const MAX_RECORD = 1_000_000;
const QUOTE = 0x22;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * Cuts delimited text (RFC 4180: doubled quotes, newlines inside quotes) into records as it arrives. A record that cannot be
 * read costs its own line only: reading goes on at the next one. Empty lines are passed over.
 */
export class CsvScanner {
  private readonly delimiter: number;
  private buffer = '';
  private at = 0;
  private line = 1;
  private final = false;
  /** Inside the rest of a line that was given up. */
  private skipping = false;

  constructor(delimiter: string) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  push(text: string): void {
    this.buffer = this.at < this.buffer.length ? this.buffer.slice(this.at) + text : text;
    this.at = 0;
  }
  end(): void {
    this.final = true;
  }
  /** How much of the text at hand is used up, 0 to 1. */
  get used(): number {
    return this.buffer.length === 0 ? 1 : this.at / this.buffer.length;
  }

  /** The next record, or null when more text is needed (after `end`: when there is none). */
  next(): ScannedRecord | null {
    while (this.at < this.buffer.length) {
      if (this.skipping) {
        if (!this.skipLine()) return null;
        continue;
      }
      const first = this.buffer.charCodeAt(this.at);
      if (first === NEWLINE || (first === RETURN && this.buffer.charCodeAt(this.at + 1) === NEWLINE)) {
        this.at += first === NEWLINE ? 1 : 2;
        this.line++;
        continue;
      }
      return this.record();
    }
    return null;
  }

  private skipLine(): boolean {
    const end = this.buffer.indexOf('\n', this.at);
    this.skipping = end < 0 && !this.final;
    if (end < 0) {
      this.at = this.buffer.length;
      return false;
    }
    this.at = end + 1;
    this.line++;
    return true;
  }

  private giveUp(why: 'import_row_quotes' | 'import_row_long'): ScannedRecord {
    const { line } = this;
    this.skipping = true;
    this.skipLine();
    return { line, cells: [], why };
  }

  /** Nothing to decide yet, unless the text has ended or the record outgrew its bounds. */
  private unfinished(why: 'import_row_quotes' | 'import_row_long'): ScannedRecord | null {
    return this.final || this.buffer.length - this.at > MAX_RECORD ? this.giveUp(why) : null;
  }

  private record(): ScannedRecord | null {
    const { buffer, delimiter } = this;
    const { length } = buffer;
    const cells: string[] = [];
    let newlines = 0;
    let i = this.at;
    for (;;) {
      let end: number;
      if (i < length && buffer.charCodeAt(i) === QUOTE) {
        const close = this.closingQuote(i + 1);
        // One more character must be known: a second quote or the end of a line may follow.
        if (close < 0 || (close + 2 >= length && !this.final)) return this.unfinished('import_row_quotes');
        const text = buffer.slice(i + 1, close);
        cells.push(text.includes('""') ? text.replaceAll('""', '"') : text);
        newlines += countNewlines(text);
        end = close + 1;
        while (end < length && buffer.charCodeAt(end) === SPACE) end++;
        if (end < length && buffer.charCodeAt(end) === RETURN) {
          if (end + 1 >= length && !this.final) return this.unfinished('import_row_quotes');
          if (end + 1 >= length || buffer.charCodeAt(end + 1) === NEWLINE) end++;
        }
        if (end < length && buffer.charCodeAt(end) !== delimiter && buffer.charCodeAt(end) !== NEWLINE) return this.giveUp('import_row_quotes');
      } else {
        end = i;
        while (end < length) {
          const code = buffer.charCodeAt(end);
          if (code === delimiter || code === NEWLINE) break;
          end++;
        }
        const last = buffer.charCodeAt(end) !== delimiter && end > i && buffer.charCodeAt(end - 1) === RETURN ? end - 1 : end;
        cells.push(buffer.slice(i, last));
      }
      if (end >= length && !this.final) return this.unfinished('import_row_long');
      if (end < length && buffer.charCodeAt(end) === delimiter) {
        i = end + 1;
        continue;
      }
      const { line } = this;
      this.line += newlines + 1;
      this.at = Math.min(end + 1, length);
      return { line, cells };
    }
  }

  private closingQuote(from: number): number {
    for (let close = this.buffer.indexOf('"', from); close >= 0; close = this.buffer.indexOf('"', close + 2)) {
      if (this.buffer.charCodeAt(close + 1) !== QUOTE) return close;
    }
    return -1;
  }
}
