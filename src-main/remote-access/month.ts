import { addDays, startOfDay } from '../../src-shared/kernel/days.ts';
import { translator } from '../../src-shared/kernel/translate.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { RemoteMonth } from '../../src-shared/remote-access/contract.ts';
import type { RemoteSession } from '../../src-shared/remote-access/model.ts';
import { zoneOf } from '../core/calendar.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { remoteSessions } from './service.ts';

const BOM = '\uFEFF';
/** A cell that a table program would take for a formula is text. */
const cell = (value: unknown): string => {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Time entries of a month of the organisation's calendar by client; sessions that still last or wait for their line count with what is known. */
export function remoteMonth(session: Session, { month, client_id }: { month: string; client_id?: Ref | undefined }): RemoteMonth {
  const db = session.store.read;
  const zone = zoneOf(db);
  const first = `${month}-01`;
  const after = `${addDays(first, 31).slice(0, 7)}-01`;
  const client = client_id === undefined ? null : resolveRef(db, REGISTRY, 'clients', client_id, { field: 'client_id' });
  const rows = db.all<{ rid: number }>(
    `SELECT rid FROM remote_sessions WHERE deleted_at IS NULL AND started_at >= ? AND started_at < ?${client ? ' AND client_id = ?' : ''} ORDER BY started_at`,
    startOfDay(first, zone),
    startOfDay(after, zone),
    ...(client ? [client] : []),
  );
  const byClient = new Map<string, RemoteSession[]>();
  for (const { rid } of rows) {
    const row = remoteSessions.present(db, rid);
    const key = row.client_id ?? '';
    byClient.set(key, [...(byClient.get(key) ?? []), row]);
  }
  const sum = (sessions: readonly RemoteSession[]): number => sessions.reduce((total, one) => total + (one.minutes ?? 0), 0);
  const clients = [...byClient].map(([id, sessions]) => ({ client_id: id, client_name: sessions[0]?.client_name ?? null, minutes: sum(sessions), sessions }));
  clients.sort((a, b) => b.minutes - a.minutes || ((a.client_name ?? '') < (b.client_name ?? '') ? -1 : 1));
  return { month, minutes: clients.reduce((total, one) => total + one.minutes, 0), clients };
}

/** The month as a table for table programs: UTF-8 with its mark, semicolons. */
export function remoteMonthFile(session: Session, input: { month: string; client_id?: Ref | undefined }): File {
  const t = translator(session.language, 'remote-access');
  const time = new Intl.DateTimeFormat(session.language === 'ru' ? 'ru-RU' : 'en-GB', { timeZone: zoneOf(session.store.read), dateStyle: 'short', timeStyle: 'short' });
  const head = ['client_id', 'started_at', 'minutes', 'user_id', 'ticket_id', 'summary'].map((field) => t(`sessions.fields.${field}`));
  const lines = remoteMonth(session, input).clients.flatMap((client) =>
    client.sessions.map((one) => [client.client_name, time.format(new Date(one.started_at)), one.minutes, one.user_name, one.ticket_name, one.summary]),
  );
  const text = BOM + [head, ...lines].map((line) => line.map(cell).join(';')).join('\r\n');
  return new File([text], `remote-${input.month}.csv`, { type: 'text/csv; charset=utf-8' });
}
