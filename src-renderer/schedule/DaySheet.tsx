import { useTranslation } from 'react-i18next';
import type { PlannedRoute } from '../../src-shared/schedule/contract.ts';
import { formatDate, formatNumber, formatPhone, formatTime } from '../kit/formats.ts';
import { numberWords } from '../kit/No.tsx';
import classes from './Board.module.css';

/** What an engineer takes along on paper: a page each, in the order of the day. */
export function DaySheets({ routes, only }: { routes: readonly PlannedRoute[]; only: string | null }) {
  const { t } = useTranslation();
  const shown = routes.filter((route) => route.stops.length > 0 && (only === null || route.engineer_id === only));
  return (
    <div className={classes['sheet']}>
      {shown.map((route) => (
        <section key={`${route.engineer_id}-${route.date}`} className={classes['sheetPage']}>
          <h1>{route.engineer_name}</h1>
          <p>
            {formatDate(route.date)} · {formatTime(route.departs_at)}–{formatTime(route.finishes_at)} · {t('schedule:board.travel', { minutes: route.travel_minutes, km: formatNumber(route.distance_km) })}
          </p>
          <table style={{ width: '100%', borderCollapse: 'collapse' }}>
            <thead>
              <tr>
                {['time', 'visit', 'address', 'mark'].map((column) => (
                  <th key={column} style={{ textAlign: 'left', borderBottom: '1px solid #000', padding: 4 }}>
                    {t(`schedule:sheet.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {route.stops.map((stop) => (
                <tr key={stop.appointment_id} style={{ breakInside: 'avoid' }}>
                  <td style={{ padding: 4, verticalAlign: 'top', whiteSpace: 'nowrap' }}>
                    {formatTime(stop.starts_at)}–{formatTime(stop.ends_at)}
                  </td>
                  <td style={{ padding: 4, verticalAlign: 'top' }}>
                    <strong>{stop.client_name}</strong>
                    <br />
                    {numberWords({ id: stop.appointment_id, no: stop.appointment_no })} · {stop.title}
                    {stop.comment && <div style={{ fontSize: '0.85em' }}>{stop.comment}</div>}
                  </td>
                  <td style={{ padding: 4, verticalAlign: 'top', overflowWrap: 'anywhere' }}>
                    {stop.address}
                    {stop.phones.map((phone) => (
                      <div key={phone} style={{ whiteSpace: 'nowrap' }}>
                        {formatPhone(phone)}
                      </div>
                    ))}
                  </td>
                  <td style={{ padding: 4, borderBottom: '1px solid #999', minWidth: 120 }} />
                </tr>
              ))}
            </tbody>
          </table>
          {route.stops.some((stop) => stop.appointment_no === null) && <p style={{ fontSize: '0.8em' }}>{t('schedule:sheet.provisional_note')}</p>}
        </section>
      ))}
    </div>
  );
}
