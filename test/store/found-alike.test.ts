import { describe, expect, it } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { isFoundAlike } from '../../src-main/store/derived.ts';
import { metaOf, type Row } from '../../src-main/store/entity.ts';

const clients = metaOf(REGISTRY, 'clients');
const row = (values: Record<string, unknown> = {}): Row => ({ id: 'c1', no: 7, deleted_at: null, name: 'Ромашка', phone: null, phones: ['+79991234567', '+79997654321'], email: null, address: null, company_name: null, company_id: null, comment: 'у входа', ...values }) as unknown as Row;

describe('a row is found by the same words after a change', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, boolean]>([
    ['nothing that is searched has changed', {}, { call_sign: 'х', updated_at: 'later' }, true],
    ['the name', {}, { name: 'Лютик' }, false],
    ['the number', { no: null }, {}, false],
    ['one phone less, and the next text in its place', { phones: ['1', '2'], email: '2' }, { phones: ['1'], email: '2' }, false],
    ['the last text gone', { comment: null, phones: [] }, { comment: null, phones: ['1'] }, false],
    ['the company that it points at', { company_id: 'a' }, { company_id: 'b' }, false],
    ['out of the trash', { deleted_at: '2026-01-01' }, {}, false],
    ['into the trash', {}, { deleted_at: '2026-01-01' }, false],
  ])('%s', (_what, before, after, alike) => {
    expect(isFoundAlike(clients, row(before), row(after))).toBe(alike);
  });

  it('is said of no row that search leaves out', () => {
    const unsearched = [...REGISTRY.values()].find((meta) => !meta.search);
    expect(unsearched && isFoundAlike(unsearched, row(), row())).toBe(false);
  });
});
