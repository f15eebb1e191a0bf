import { Text } from '@mantine/core';
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Appointment } from '../../src-shared/appointments/model.ts';
import { formatTime } from '../kit/formats.ts';
import { placeDay, type Placed } from './calendar-days.ts';
import classes from './Calendar.module.css';

interface Props {
  days: Date[];
  items: Appointment[];
  onOpen: (item: Appointment) => void;
  onCreate: (start: Date) => void;
  onMove: (item: Appointment, starts: Date) => void;
  onResize: (item: Appointment, ends: Date) => void;
}

interface Drag {
  item: Appointment;
  kind: 'move' | 'resize';
  x: number;
  y: number;
  dx: number;
  dy: number;
}

const HOUR = 48;
const STEP_MINUTES = 15;
const FIRST_SHOWN_HOUR = 7;
/** The first label stands astride its line. */
const LABEL_HALF = 10;
/** A press that moves less than this is a click. */
const CLICK_PIXELS = 4;

/** Days side by side against hours. Appointments are dragged to move and pulled at their foot to lengthen, in quarters of an hour. */
export function TimeGrid({ days, items, onOpen, onCreate, onMove, onResize }: Props) {
  const { i18n, t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  useEffect(() => void box.current?.scrollTo({ top: FIRST_SHOWN_HOUR * HOUR - LABEL_HALF }), []);
  const now = new Date();
  const dayWidth = (): number => ((box.current?.clientWidth ?? 700) - 52) / days.length;
  const minutesOf = (pixels: number): number => Math.round(((pixels / HOUR) * 60) / STEP_MINUTES) * STEP_MINUTES;

  const begin = (item: Appointment, kind: Drag['kind']) => (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ item, kind, x: event.clientX, y: event.clientY, dx: 0, dy: 0 });
  };
  const follow = (event: PointerEvent): void => {
    if (drag) setDrag({ ...drag, dx: event.clientX - drag.x, dy: event.clientY - drag.y });
  };
  const end = (): void => {
    if (!drag) return;
    const { item, kind, dx, dy } = drag;
    setDrag(null);
    if (Math.abs(dx) < CLICK_PIXELS && Math.abs(dy) < CLICK_PIXELS) return onOpen(item);
    const minutes = minutesOf(dy);
    if (kind === 'resize') {
      const ends = Math.max(Date.parse(item.starts_at) + STEP_MINUTES * 60_000, Date.parse(item.ends_at) + minutes * 60_000);
      return onResize(item, new Date(ends));
    }
    const starts = new Date(item.starts_at);
    starts.setDate(starts.getDate() + Math.round(dx / dayWidth()));
    starts.setMinutes(starts.getMinutes() + minutes);
    if (starts.toISOString() !== item.starts_at) onMove(item, starts);
  };
  const shift = (item: Appointment): React.CSSProperties => {
    if (drag?.item.id !== item.id) return {};
    const snapped = (minutesOf(drag.dy) / 60) * HOUR;
    return drag.kind === 'move' ? { transform: `translate(${Math.round(drag.dx / dayWidth()) * dayWidth()}px, ${snapped}px)`, zIndex: 5, opacity: 0.85 } : { paddingBottom: Math.max(0, snapped) };
  };

  return (
    <div className={classes['box']} ref={box} onPointerMove={follow} onPointerUp={end} onPointerCancel={() => setDrag(null)}>
      <div className={classes['heads']} style={{ gridTemplateColumns: `52px repeat(${days.length}, minmax(0, 1fr))` }}>
        <span />
        {days.map((day) => (
          <div key={day.toISOString()} className={classes['head']} data-today={day.toDateString() === now.toDateString() || undefined}>
            <Text size="xs" c="dimmed">
              {new Intl.DateTimeFormat(i18n.language, { weekday: 'short' }).format(day)}
            </Text>
            <Text size="sm" fw={600}>
              {day.getDate()}
            </Text>
          </div>
        ))}
      </div>
      <div className={classes['grid']} style={{ gridTemplateColumns: `52px repeat(${days.length}, minmax(0, 1fr))`, height: 24 * HOUR }}>
        <div className={classes['hours']}>
          {Array.from({ length: 24 }, (_, hour) => (
            <span key={hour} style={{ top: hour * HOUR }}>
              {hour > 0 && `${hour}:00`}
            </span>
          ))}
        </div>
        {days.map((day) => (
          <div
            key={day.toISOString()}
            className={classes['day']}
            role="list"
            aria-label={new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full' }).format(day)}
            style={{ backgroundSize: `100% ${HOUR}px` }}
            onDoubleClick={(event) => {
              const start = new Date(day);
              start.setMinutes(Math.floor(((event.clientY - event.currentTarget.getBoundingClientRect().top) / HOUR) * 2) * 30);
              onCreate(start);
            }}
          >
            {day.toDateString() === now.toDateString() && <div className={classes['now']} style={{ top: ((now.getHours() * 60 + now.getMinutes()) / 60) * HOUR }} />}
            {placeDay(items, day).map((placed) => (
              <Event key={placed.item.id} placed={placed} style={shift(placed.item)} onPress={begin(placed.item, 'move')} onPull={begin(placed.item, 'resize')} onOpen={() => onOpen(placed.item)} statusWord={t(`appointments:enums.${placed.item.status}`)} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface EventProps {
  placed: Placed<Appointment>;
  style: React.CSSProperties;
  statusWord: string;
  onPress: (event: PointerEvent) => void;
  onPull: (event: PointerEvent) => void;
  onOpen: () => void;
}

function Event({ placed, style, statusWord, onPress, onPull, onOpen }: EventProps) {
  const { item, from, to, lane, lanes } = placed;
  return (
    <div
      role="listitem"
      tabIndex={0}
      className={classes['event']}
      data-status={item.status}
      aria-label={`${formatTime(item.starts_at)} ${item.title}, ${item.client_name ?? ''}, ${statusWord}`}
      style={{ top: (from / 60) * HOUR, height: Math.max(20, ((to - from) / 60) * HOUR - 2), left: `${(lane / lanes) * 100}%`, width: `calc(${100 / lanes}% - 3px)`, ...style }}
      onPointerDown={onPress}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onOpen();
      }}
    >
      <Text size="xs" fw={600} truncate>
        {formatTime(item.starts_at)} {item.title}
      </Text>
      <Text size="xs" truncate>
        {[item.client_name, item.assigned_to_name].filter(Boolean).join(' · ')}
      </Text>
      <span className={classes['foot']} onPointerDown={onPull} aria-hidden />
    </div>
  );
}
