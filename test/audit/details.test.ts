import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { detailsOf } from '../../src-renderer/audit/details.ts';
import { LANGUAGES, speak } from '../support/words.ts';

const ID = '01a2263f-7f47-7452-9259-c3fbfc8cf974';

describe('details of a security event', () => {
  it.each([
    ['ru', { user: ID, role: 'engineer', active: false, person: 'Иван Петров' }, 'Роль: Инженер; Доступ: нет; О ком: Иван Петров'],
    ['en', { user: ID, role: 'engineer', active: true, person: 'Иван Петров' }, 'Role: Engineer; Access: yes; About: Иван Петров'],
    ['ru', { operation: 'clients.remove', permission: 'work.delete' }, 'Право: Удалять заявки и задачи'],
    ['ru', { email: 'a@example.ru', reason: 'password' }, 'Почта: a@example.ru; Причина: неверный пароль'],
    ['ru', { entity: 'tickets', format: 'csv', q: '«Ромашка»' }, 'Что: Заявка; Вид файла: CSV; Поиск: «Ромашка»'],
    ['ru', { job: 'backup', enabled: true }, 'Задание: Резервная копия; Включено: да'],
    ['ru', { blanked: 12_345, floor: 13_000 }, 'Сжато: 12 345; До места: 13 000'],
    ['ru', { file: 'x.sqlite', size: 1_572_864 }, 'Файл: x.sqlite; Размер: 1,5 МБ'],
    ['ru', { peer: ID, name: 'Ноутбук' }, 'Название: Ноутбук'],
    ['ru', { session: ID }, ''],
    ['ru', { email: null, reason: 'of_tomorrow', since_then: ['a'] }, 'Причина: of_tomorrow; since_then: ["a"]'],
  ])('%s: %j', async (language, details, words) => {
    await speak(language as (typeof LANGUAGES)[number]);
    expect(detailsOf(i18next.t, details).replaceAll('\u00a0', ' ')).toBe(words);
  });
});

describe.each(LANGUAGES)('every event of the security log in %s', (language) => {
  beforeAll(() => speak(language));

  it.each(['email_changed', 'log_compacted', 'device_revoked', 'bundle_taken', 'sync_new_epoch'])('has its name: %s', (type) => {
    expect(i18next.exists(`audit:events.${type}`)).toBe(true);
  });
});
