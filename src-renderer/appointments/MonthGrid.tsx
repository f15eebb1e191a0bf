import { Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Appointment } from '../../src-shared/appointments/model.ts';
import { formatTime } from '../kit/formats.ts';
import { placeDay } from './calendar-days.ts';
import classes from './Calendar.module.css';

interface Props {
  days: Date[];
  month: number;
  items: Appointment[];
  onOpen: (item: Appointment) => void;
  onMove: (item: Appointment, starts: Date) => void;
  onDay: (day: Date) => void;
}

const SHOWN = 4;

/** A month of whole weeks; an appointment dragged to another day keeps its hour. */
export function MonthGrid({ days, month, items, onOpen, onMove, onDay }: Props) {
  const { i18n, t } = useTranslation();
  const today = new Date().toDateString();
  return (
    <div className={classes['month']} style={{ gridTemplateRows: `28px repeat(${days.length / 7}, minmax(92px, 1fr))` }}>
      {days.slice(0, 7).map((day) => (
        <Text key={day.getDay()} size="xs" c="dimmed" ta="center" pt={6}>
          {new Intl.DateTimeFormat(i18n.language, { weekday: 'short' }).format(day)}
        </Text>
      ))}
      {days.map((day) => {
        const placed = placeDay(items, day);
        return (
          <div
            key={day.toISOString()}
            className={classes['cell']}
            data-other={day.getMonth() !== month || undefined}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              const item = items.find((one) => one.id === event.dataTransfer.getData('text/plain'));
              if (!item) return;
              const starts = new Date(item.starts_at);
              starts.setFullYear(day.getFullYear(), day.getMonth(), day.getDate());
              if (starts.toISOString() !== item.starts_at) onMove(item, starts);
            }}
          >
            <UnstyledButton className={classes['date']} data-today={day.toDateString() === today || undefined} onClick={() => onDay(day)} aria-label={new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full' }).format(day)}>
              {day.getDate()}
            </UnstyledButton>
            {placed.slice(0, SHOWN).map(({ item }) => (
              <button key={item.id} type="button" draggable className={classes['chip']} data-status={item.status} onDragStart={(event) => event.dataTransfer.setData('text/plain', item.id)} onClick={() => onOpen(item)}>
                {formatTime(item.starts_at)} {item.title}
              </button>
            ))}
            {placed.length > SHOWN && (
              <UnstyledButton onClick={() => onDay(day)}>
                <Text size="xs" c="dimmed">
                  {t('app:list.more')}: {placed.length - SHOWN}
                </Text>
              </UnstyledButton>
            )}
          </div>
        );
      })}
    </div>
  );
}
