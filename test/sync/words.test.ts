import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src-shared/audit/model.ts';
import { PERMISSIONS, REFUSALS } from '../../src-shared/kernel/permissions.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { RETURN_REASONS } from '../../src-shared/sync/wire.ts';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { metaOf } from '../../src-main/store/entity.ts';
import { fieldLabel, quoted, valueText } from '../../src-renderer/kit/valueText.ts';
import { reasonText } from '../../src-renderer/sync/reasons.ts';
import { contested, toldFields, writtenText } from '../../src-renderer/sync/told.ts';
import { LANGUAGES, speak } from '../support/words.ts';

const t = (key: string, values?: Record<string, string>): string => i18next.t(key, values ?? {});

describe.each(LANGUAGES)('what the lists of synchronisation say in %s', (language) => {
  beforeAll(() => speak(language));

  it.each(RETURN_REASONS)('a change that is %s', (reason) => {
    expect(i18next.exists(`sync:errors.${reason}`)).toBe(true);
    expect(reasonText({ reason, why: null, rows: [] }, t)).toEqual({ reason: i18next.t(`sync:errors.${reason}`), why: null });
  });

  it.each(REFUSALS)('a rule: %s', (why) => {
    expect(i18next.exists(`sync:why.${why}`)).toBe(true);
    expect(reasonText({ reason: 'not_permitted', why, rows: [] }, t).why).toBe(i18next.t(`sync:why.${why}`));
    expect(translateError(language, 'FORBIDDEN', { detail: why })).not.toBe(translateError(language, 'FORBIDDEN'));
  });

  it.each(PERMISSIONS.filter((permission) => permission !== 'public' && permission !== 'self'))('a right by its words: %s', (why) => {
    const told = reasonText({ reason: 'not_permitted', why, rows: [] }, t).why;
    expect(told).toContain(i18next.t(`settings:permissions.${why}`));
    expect(told).not.toContain(why);
  });

  it('every field of every entity that is told has its word', () => {
    const wordless = ENTITIES.flatMap((entity) => {
      const meta = metaOf(REGISTRY, entity);
      const fields = Object.keys(toldFields(entity, Object.fromEntries(meta.dataColumns.map((column) => [column, 1]))));
      return ['no', ...fields].filter((field) => fieldLabel(entity, field) === field).map((field) => `${entity}.${field}`);
    });
    expect(wordless).toEqual([]);
  });

  it('a value that a field cannot hold is told by the name of the field, and no plumbing of the wire', () => {
    const rows = [{ entity: 'tickets' }] as Parameters<typeof reasonText>[0]['rows'];
    expect(reasonText({ reason: 'failed', why: 'malformed_subject', rows }, t).why).toBe(i18next.t('sync:why.malformed', { field: i18next.t('tickets:fields.subject') }));
    expect(reasonText({ reason: 'failed', why: 'malformed_ops', rows: [] }, t).why).toBe(i18next.t('sync:why.malformed_row'));
  });

  it('what a newer hub says is passed on, in a sentence', () => {
    const said = reasonText({ reason: 'from_tomorrow', why: 'database is locked', rows: [] }, t);
    expect(said).toEqual({ reason: i18next.t('sync:errors.failed'), why: i18next.t('sync:why.technical', { text: 'database is locked' }) });
  });
});

describe('quotes within quotes', () => {
  it.each([
    ['ru', 'Ромашка', '«Ромашка»'],
    ['ru', 'ООО «Ромашка»', '«ООО „Ромашка“»'],
    ['en', 'Ромашка', '“Ромашка”'],
    ['en', 'ООО «Ромашка»', '“ООО ‘Ромашка’”'],
    ['en', 'ООО „Ромашка“', '“ООО ‘Ромашка’”'],
    ['en', 'The “Old Mill” bakery', '“The ‘Old Mill’ bakery”'],
  ] as const)('%s: %s', async (language, text, shown) => {
    await speak(language);
    expect(quoted(text)).toBe(shown);
  });

  it.each([
    ['ru', 'Файл «акт „Лифт“.pdf» удалён'],
    ['en', 'File “акт ‘Лифт’.pdf” deleted'],
  ] as const)('within a sentence in %s', async (language, shown) => {
    await speak(language);
    expect(i18next.t('attachments:deleted', { name: 'акт «Лифт».pdf' })).toBe(shown);
  });
});

describe('values as a person reads them', () => {
  beforeAll(() => speak('ru'));

  it.each([
    ['attachments', 'size', 12_345_678, '12 МБ'],
    ['contracts', 'amount', 123_450, '1\u00A0234,50\u00A0₽'],
    ['tickets', 'priority', 3, 'Срочный'],
    ['tickets', 'status', 'waiting', 'Ожидает'],
    ['tickets', 'subject', 'open', 'open'],
    ['tickets', 'description', 'с {{count}} и $t(app:name)', 'с {{count}} и $t(app:name)'],
    ['tasks', 'rrule', 'FREQ=WEEKLY;BYDAY=WE,MO', 'каждую неделю по пн, ср'],
    ['appointments', 'parts', [{ name: 'Блок питания', quantity: 2 }], 'Блок питания × 2'],
    ['engineers', 'shifts', [{ weekday: 1, from: '09:00', to: '18:00' }], 'пн 09:00–18:00'],
    ['engineers', 'absences', [{ from: '2020-07-01', to: '2020-07-14', reason: 'отпуск' }], '1 июл. 2020 г. – 14 июл. 2020 г. (отпуск)'],
    ['engineers', 'day_ends', 'last', 'У последнего клиента'],
    ['appointments', 'windows', [{ from: '2020-07-01T09:00:00', to: '2020-07-01T12:00:00', hard: true }], '1 июл. 2020 г., 09:00–12:00'],
    ['remote_requests', 'state', 'picked_up', 'взят'],
    ['organization', 'scheduling', '{"buffer":5}', 'изменено'],
  ])('%s.%s', (entity, field, value, shown) => expect(valueText(entity, field, value)).toBe(shown));

  it('references by the names of their rows, alone or in a list', () => {
    expect(writtenText('tickets', 'assigned_to', 'u1', { u1: 'Иван Петров' })).toBe('Иван Петров');
    expect(writtenText('appointments', 'excluded_engineers', ['u1', 'u2'], { u1: 'Иван', u2: 'Мария' })).toBe('Иван, Мария');
  });
});

describe('the fields in question', () => {
  const place = (address: string, latitude: number | null = 55.75, longitude: number | null = 37.61) => ({ values: { address, latitude, longitude } });

  it.each([
    ['the address alone where the point is the same', [place('Ленина, 1'), place('Ленина, 2')], ['address']],
    ['the point alone where the address is the same', [place('Ленина, 1'), place('Ленина, 1', 55.76)], ['point']],
    ['both where both differ', [place('Ленина, 1'), place('Ленина, 2', null, null)], ['address', 'point']],
    ['all where nothing differs', [place('Ленина, 1'), place('Ленина, 1')], ['address', 'point']],
  ])('%s', (_, sides, fields) => expect(contested('clients', sides)).toEqual(fields));

  it('of a file its name and its size, and nothing that holds it together', () => {
    const written = { entity: 'tickets', row_id: 'r', file_name: 'акт.pdf', media_type: 'application/pdf', size: 1024, sha256: 'ab', created_at: '2026-01-01T00:00:00.000Z' };
    expect(toldFields('attachments', written)).toEqual({ file_name: 'акт.pdf', size: 1024 });
  });
});

describe('faults of the network', () => {
  it.each([
    ['ru', 'ECONNREFUSED', 'Узел hub:7412 не отвечает (соединение отклонено).'],
    ['en', 'ETIMEDOUT', 'The hub hub:7412 does not answer (it took too long).'],
    ['en', 'HTTP 502', 'The hub hub:7412 does not answer (HTTP 502).'],
  ] as const)('%s: %s', (language, reason, sentence) => {
    expect(translateError(language, 'STORE_UNAVAILABLE', { detail: 'sync_unreachable', params: { url: 'hub:7412', reason } })).toBe(sentence);
  });
});
