import { describe, expect, it } from 'vitest';
import { appointments } from '../../src-main/appointments/service.ts';
import { clients } from '../../src-main/clients/service.ts';
import { momentsOf } from '../../src-main/core/calendar.ts';
import { openTestHouse } from '../support/session.ts';

describe('a period that a person asks for', () => {
  it.each([
    // Moscow has no summer time; its days begin three hours before those of UTC.
    ['Europe/Moscow', { from: '2026-05-01', to: '2026-05-01' }, { from: '2026-04-30T21:00:00.000Z', to: '2026-05-01T21:00:00.000Z' }],
    // A day of 23 hours and one of 25.
    ['Europe/Berlin', { from: '2026-03-29', to: '2026-03-29' }, { from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z' }],
    ['Europe/Berlin', { from: '2026-10-25', to: '2026-10-25' }, { from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z' }],
    ['Asia/Vladivostok', { from: '2026-12-31' }, { from: '2026-12-30T14:00:00.000Z', to: undefined }],
    ['Europe/Moscow', { from: '2026-05-01T10:00:00+03:00', to: '2026-05-01T08:30:00.000Z' }, { from: '2026-05-01T07:00:00.000Z', to: '2026-05-01T08:30:00.000Z' }],
    ['Europe/Moscow', {}, { from: undefined, to: undefined }],
  ])('in %s from %j', (zone, period, moments) => {
    expect(momentsOf(period, () => zone)).toEqual(moments);
  });

  it('holds the whole last day where the organisation is, and what is under way', async () => {
    const house = openTestHouse();
    try {
      const session = house.session();
      house.store.mutate({ actor: house.people.owner, origin: 'api' }, (tx) => tx.update('organization', tx.db.get<{ id: string }>('SELECT id FROM organization')?.id ?? '', { time_zone: 'Europe/Moscow' }));
      const client = clients.create(session, { name: 'Ромашка' });
      const at = (starts_at: string, ends_at: string) => appointments.create(session, { client_id: client.id, title: starts_at, starts_at, ends_at });
      at('2026-05-01T20:30:00.000Z', '2026-05-01T20:45:00.000Z');
      at('2026-05-01T20:50:00.000Z', '2026-05-01T22:00:00.000Z');
      at('2026-05-01T21:30:00.000Z', '2026-05-01T22:00:00.000Z');
      const titles = async (from: string, to: string) => (await appointments.list(session, { from, to, sort: 'starts_at', limit: 50 })).items.map((one) => one.title);
      expect(await titles('2026-05-01', '2026-05-01')).toEqual(['2026-05-01T20:30:00.000Z', '2026-05-01T20:50:00.000Z']);
      expect(await titles('2026-05-02', '2026-05-02')).toEqual(['2026-05-01T20:50:00.000Z', '2026-05-01T21:30:00.000Z']);
    } finally {
      await house.close();
    }
  });
});
