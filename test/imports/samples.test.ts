import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../src-main/imports/read-table.ts';
import { mapRow, planHeaders, type MappedRow } from '../../src-shared/imports/amo/index.ts';

const samples = join(import.meta.dirname, '../../resources/samples');

interface Reading {
  encoding: string;
  delimiter: string;
  family: string;
  rows: Map<number, MappedRow>;
  bad: [number, string][];
}
async function readSample(name: string): Promise<Reading> {
  const table = await openTable(join(samples, name));
  const verdict = planHeaders(table.headers);
  if (!verdict.ok) throw new Error(verdict.why);
  const rows = new Map<number, MappedRow>();
  const bad: [number, string][] = [];
  for await (const row of table.rows()) {
    if (row.bad) bad.push([row.line, row.bad.why]);
    else rows.set(row.line, mapRow(verdict.plan, row.cells, { zone: 'Europe/Moscow' }));
  }
  return { encoding: table.encoding, delimiter: table.delimiter, family: verdict.plan.family, rows, bad };
}
const kinds = (reading: Reading): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of reading.rows.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};
const warned = (reading: Reading): string[] => [...reading.rows].flatMap(([line, row]) => row.warnings.map((warning) => `${line} ${warning.why}`));

describe('sample files', () => {
  it('an export with every trap', async () => {
    const reading = await readSample('amocrm-export.csv');
    expect(reading).toMatchObject({ encoding: 'utf-8', delimiter: ',', family: 'export', bad: [] });
    expect(kinds(reading)).toEqual({ company: 10, contact: 10, none: 1 });
    expect(warned(reading)).toEqual(['5 import_inn_padded', '7 inn_checksum', '7 import_phone_unclear', '8 import_phone_unclear', '12 import_date_unclear', '17 import_name_guessed', '18 import_name_guessed', '21 import_email_unclear']);
    expect(reading.rows.get(2)).toMatchObject({ kind: 'company', source_id: '1001', company: { name: 'ООО "Северный ветер"', phone: '+74950000101' }, tags: ['ключевой', 'обслуживание'] });
    expect(reading.rows.get(19)).toMatchObject({ kind: 'contact', contact: { phone: '+78430000203', phones: ['+79000000114'] }, responsible: '(Казань) Галиев Тимур Ринатович' });
  });
  it('an export saved by Excel, with two bad rows', async () => {
    const reading = await readSample('amocrm-export-cp1251-semicolon.csv');
    expect(reading).toMatchObject({ encoding: 'windows-1251', delimiter: ';', family: 'export', bad: [[7, 'import_row_quotes'], [10, 'import_row_columns']] });
    expect(kinds(reading)).toEqual({ company: 5, contact: 4 });
    expect(reading.rows.get(5)).toMatchObject({ company: { name: 'ИП Ёлкин Пётр Ильич', inn: '660012345614' } });
  });
  it('a filled import template', async () => {
    const reading = await readSample('amocrm-import-template.csv');
    expect(reading).toMatchObject({ encoding: 'utf-8', delimiter: '\t', family: 'template', bad: [] });
    expect(kinds(reading)).toEqual({ both: 2, company: 2, contact: 2, none: 1 });
    expect(reading.rows.get(2)).toMatchObject({ contact: { full_name: 'Зимин Олег Павлович' }, company: { name: 'ООО «Северный ветер»', kpp: '770001001' }, notes: ['Звонить после обеда', 'Пропуск заказывать за день'] });
  });
});
