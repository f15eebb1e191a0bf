import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CsvScanner, type ScannedRecord } from '../../src-main/imports/csv-scanner.ts';
import { openTable, sniffDelimiter, type TableRow } from '../../src-main/imports/read-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'polevik-table-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a text in windows-1251, as Excel in Russia does. */
function cp1251(text: string): Buffer {
  const table = new Map(Array.from(new TextDecoder('windows-1251').decode(Uint8Array.from({ length: 256 }, (_, i) => i)), (letter, i) => [letter, i]));
  return Buffer.from(Array.from(text, (letter) => table.get(letter) ?? 0x3f));
}
async function read(source: string | Uint8Array): Promise<{ headers: string[]; rows: TableRow[]; encoding: string; delimiter: string; totalBytes: number }> {
  const table = await openTable(source);
  const rows: TableRow[] = [];
  for await (const row of table.rows()) rows.push(row);
  return { ...table, rows };
}
const told = (rows: TableRow[]): unknown[] => rows.map((row) => [row.line, row.bad?.why ?? row.cells]);

describe('openTable', () => {
  it.each<[string, Uint8Array, string, string]>([
    ['UTF-8 with a mark', Buffer.from('\ufeffИмя,Город\nПётр,Омск\n'), 'utf-8', ','],
    ['UTF-8 without one', Buffer.from('Имя;Город\r\nПётр;Омск\r\n'), 'utf-8', ';'],
    ['windows-1251', cp1251('Имя;Город\r\nПётр;Омск\r\n'), 'windows-1251', ';'],
    ['UTF-16', Buffer.from('\ufeffИмя\tГород\nПётр\tОмск', 'utf16le'), 'utf-16le', '\t'],
    ['no newline at the end', Buffer.from('Имя,Город\nПётр,Омск'), 'utf-8', ','],
  ])('%s', async (_, bytes, encoding, delimiter) => {
    const table = await read(bytes);
    expect(table).toMatchObject({ encoding, delimiter, headers: ['Имя', 'Город'], totalBytes: bytes.length });
    expect(told(table.rows)).toEqual([[2, ['Пётр', 'Омск']]]);
    expect(table.rows.at(-1)?.bytesRead).toBe(bytes.length);
  });

  it('decides the encoding by the last byte too', async () => {
    const long = `Имя\n${'Пётр\n'.repeat(100_000)}`;
    expect((await openTable(Buffer.from(long))).encoding).toBe('utf-8');
    expect((await openTable(cp1251(long))).encoding).toBe('windows-1251');
    expect((await openTable(Buffer.concat([Buffer.from(`a\n${'b\n'.repeat(200_000)}`), Buffer.from([0xcf])]))).encoding).toBe('windows-1251');
  });

  it('keeps newlines, quotes and separators inside quotes, and counts physical lines', async () => {
    const table = await read(Buffer.from('a,b\r\n"x\ny, ""z""",1\r\n\r\n2,3\n"4"  ,"\r\n5"\n6,7'));
    expect(told(table.rows)).toEqual([[2, ['x\ny, "z"', '1']], [5, ['2', '3']], [6, ['4', '\r\n5']], [8, ['6', '7']]]);
  });

  it('reports bad rows with their line and goes on', async () => {
    const table = await read(Buffer.from('a,b\n1,2\n"ООО "Ромашка"",3\n4\n5,6,7\n8,9,\n,\n"10"x,11\n12,13\n14,"open\n15,16'));
    expect(told(table.rows)).toEqual([
      [2, ['1', '2']],
      [3, 'import_row_quotes'],
      [4, 'import_row_columns'],
      [5, 'import_row_columns'],
      [6, ['8', '9']],
      [8, 'import_row_quotes'],
      [9, ['12', '13']],
      [10, 'import_row_quotes'],
      [11, ['15', '16']],
    ]);
    expect(table.rows.find((row) => row.line === 5)?.bad).toEqual({ why: 'import_row_columns', params: { found: 3, expected: 2 } });
  });

  it('gives up an endless quote at its own line', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},значение номер ${i}`);
    rows[10] = '"не закрыта,1';
    const table = await read(Buffer.from(`a,b\n${rows.join('\n')}`));
    expect(table.rows).toHaveLength(60_000);
    expect(table.rows.filter((row) => row.bad).map((row) => row.line)).toEqual([12]);
  });

  it('gives up an endless line', async () => {
    const table = await read(Buffer.from(`a,b\n1,2\n${'x'.repeat(3_000_000)}\n3,4\n`));
    expect(told(table.rows)).toEqual([[2, ['1', '2']], [3, 'import_row_long'], [4, ['3', '4']]]);
  });

  it('leaves out empty columns at the end of the header', async () => {
    const table = await read(Buffer.from('a;b;;\n1;2;;\n3;4\n5;6;7;\n'));
    expect(table.headers).toEqual(['a', 'b']);
    expect(told(table.rows)).toEqual([[2, ['1', '2']], [3, ['3', '4']], [4, 'import_row_columns']]);
  });

  it('reads from a file, again and again, and may be left early', async () => {
    const path = join(folder, 'small.csv');
    writeFileSync(path, 'a,b\n1,2\n3,4\n');
    const table = await openTable(path);
    for (let i = 0; i < 3; i++) {
      for await (const row of table.rows()) {
        expect(row.cells).toEqual(['1', '2']);
        break;
      }
    }
    expect(told((await read(path)).rows)).toHaveLength(2);
  });

  it.each<[string, string | Uint8Array]>([
    ['import_empty', new Uint8Array(0)],
    ['import_empty', Buffer.from('\ufeff \n \n')],
    ['import_spreadsheet', Buffer.from([0x50, 0x4b, 3, 4, 0, 0])],
    ['import_spreadsheet', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1])],
    ['import_binary', Buffer.from([1, 2, 0, 3, 4])],
    ['import_no_header', Buffer.from('"a,b\n1,2')],
    ['import_unreadable', join(folder, 'nowhere.csv')],
  ])('refuses: %s', async (detail, source) => {
    await expect(openTable(source)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'file', detail } });
  });

  it('takes any bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      try {
        await read(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID' });
      }
    }));
  });

  const cell = fc.string({ unit: fc.constantFrom(...'аб12 ,;"\n\tяё'), maxLength: 8 });
  const tables = fc.integer({ min: 2, max: 5 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }).map((rows) => ({ width, rows })));
  it('reads back any table, as an independent reader does', async () => {
    await fc.assert(fc.asyncProperty(tables, fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'), fc.boolean(), async ({ width, rows }, delimiter, newline, always) => {
      const quote = (text: string): string => (always || /[",;\n\t\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const headers = Array.from({ length: width }, (_, i) => `h${i}`);
      const text = [headers, ...rows].map((row) => row.map(quote).join(delimiter)).join(newline);
      const table = await read(Buffer.from(text));
      const expected = (parse(text, { delimiter, skip_empty_lines: true }) as string[][]).slice(1).filter((row) => row.some((value) => value.trim() !== ''));
      expect(table.headers).toEqual(headers);
      expect(table.rows.map((row) => row.cells)).toEqual(expected);
    }));
  });
});

describe('CsvScanner', () => {
  const records = (pieces: string[]): ScannedRecord[] => {
    const scanner = new CsvScanner(',');
    const out: ScannedRecord[] = [];
    const drain = (): void => {
      for (let record = scanner.next(); record; record = scanner.next()) out.push(record);
    };
    for (const piece of pieces) {
      scanner.push(piece);
      drain();
    }
    scanner.end();
    drain();
    return out;
  };
  it('does not depend on where the text was cut', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab,"\n\r ') , maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 8 }), (text, cuts) => {
      const marks = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
      const pieces = marks.slice(1).map((mark, i) => text.slice(marks[i], mark));
      expect(records(pieces)).toEqual(records([text]));
    }), { numRuns: 2000 });
  });
  it.each([
    ['"a" \r,', 54],
    ['"a"\r\nb', 4],
    ['"a"\r', 3],
  ])('reads %j alike when it is cut at %i', (text, cut) => {
    const at = cut % (text.length + 1);
    expect(records([text.slice(0, at), text.slice(at)])).toEqual(records([text]));
  });
  it('names lines that exist, in order', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab,"\n\r '), maxLength: 60 }), (text) => {
      const lines = records([text]).map((record) => record.line);
      expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
      for (const line of lines) expect(line).toBeLessThanOrEqual(text.split('\n').length);
    }), { numRuns: 1000 });
  });
});

describe('sniffDelimiter', () => {
  it.each([['a,b;c,d\n', ','], ['a;b;c\n1,2,3,4,5', ';'], ['a\tb\n', '\t'], ['"a;b;c",d\n', ','], ['"a\nb";c\n', ';'], ['a', ','], ['', ',']])('%j → %j', (head, sign) => expect(sniffDelimiter(head)).toBe(sign));
});
