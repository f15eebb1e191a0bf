import { Text } from '@mantine/core';
import { IconPin } from '@tabler/icons-react';
import { useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import type { ScheduleSettings } from '../../src-shared/schedule/model.ts';
import { formatTime } from '../kit/formats.ts';
import classes from './Board.module.css';
import { judgeDrop, type Drop } from './geometry.ts';

const HOUR = 3_600_000;
/** Starts snap to quarters of an hour. */
const SNAP = 15 * 60_000;

export interface Scale {
  dayStart: number;
  from: number;
  to: number;
}
const share = (scale: Scale, moment: string | number): number => (((typeof moment === 'number' ? moment : Date.parse(moment)) - scale.dayStart) / HOUR - scale.from) / (scale.to - scale.from);
export const percent = (scale: Scale, moment: string | number): string => `${(share(scale, moment) * 100).toFixed(3)}%`;
const width = (scale: Scale, from: string, to: string): string => `${((share(scale, to) - share(scale, from)) * 100).toFixed(3)}%`;

interface LaneProps {
  route: PlannedRoute;
  scale: Scale;
  settings: ScheduleSettings;
  selected: string | null;
  select: (stop: PlannedStop) => void;
  dragged: PlannedStop | null;
  drag: (stop: PlannedStop | null) => void;
  /** Null where nothing may be moved (a proposal, or no right to). */
  drop: ((stop: PlannedStop, route: PlannedRoute, startsAt: number) => void) | null;
}

/** One engineer's day on the board. */
export function Lane({ route, scale, settings, selected, select, dragged, drag, drop }: LaneProps) {
  const { t } = useTranslation();
  const [over, setOver] = useState<Drop | null>(null);
  const momentAt = (event: DragEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const hours = scale.from + ((event.clientX - box.left) / box.width) * (scale.to - scale.from);
    return Math.round((scale.dayStart + hours * HOUR) / SNAP) * SNAP;
  };
  const fits = over && !over.overlaps && over.late === 0;
  return (
    <div className={classes['row']} role="group" aria-label={route.engineer_name}>
      <div className={classes['name']}>
        <Text size="sm" fw={600}>
          {route.engineer_name}
        </Text>
        <Text size="xs" c="dimmed" aria-live="polite">
          {over ? t(over.overlaps ? 'schedule:board.overlaps' : over.late > 0 ? 'schedule:board.late' : 'schedule:board.fits', { minutes: over.overlaps || over.late === 0 ? over.addedTravel : over.late }) : route.stops.length === 0 ? t('schedule:board.free') : t('schedule:board.day', { count: route.stops.length, travel: route.travel_minutes, km: route.distance_km })}
        </Text>
        {route.overtime_minutes > 0 && (
          <Text size="xs" c="orange">
            {t('schedule:board.overtime', { minutes: route.overtime_minutes })}
          </Text>
        )}
      </div>
      <div
        className={classes['lane']}
        data-over={over ? (fits ? 'ok' : 'bad') : undefined}
        onDragOver={(event) => {
          if (!dragged || !drop) return;
          event.preventDefault();
          setOver(judgeDrop(route, dragged, momentAt(event), settings));
        }}
        onDragLeave={() => setOver(null)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(null);
          if (dragged && drop) drop(dragged, route, momentAt(event));
          drag(null);
        }}
      >
        <div className={classes['shift']} style={{ left: percent(scale, route.shift_from), width: width(scale, route.shift_from, route.shift_to) }} />
        {Array.from({ length: scale.to - scale.from + 1 }, (_, index) => (
          <div key={index} className={classes['grid']} style={{ left: `${(index / (scale.to - scale.from)) * 100}%` }} />
        ))}
        {Date.now() > scale.dayStart + scale.from * HOUR && Date.now() < scale.dayStart + scale.to * HOUR && <div className={classes['now']} style={{ left: percent(scale, Date.now()) }} />}
        {route.lunch_from && route.lunch_to && <div className={classes['lunch']} title={t('schedule:board.lunch')} style={{ left: percent(scale, route.lunch_from), width: width(scale, route.lunch_from, route.lunch_to) }} />}
        {route.stops.map((stop) => (
          <div key={`travel-${stop.appointment_id}`} className={classes['travel']} title={t('schedule:board.travel', { minutes: stop.travel_minutes, km: stop.distance_km })} style={{ left: percent(scale, stop.departs_at), width: width(scale, stop.departs_at, stop.arrives_at) }} />
        ))}
        {route.stops.map((stop) => (
          <button
            key={stop.appointment_id}
            type="button"
            className={classes['stop']}
            draggable={drop !== null && stop.status === 'scheduled'}
            data-late={stop.late_minutes > 0 || stop.promise_missed_minutes > 0 || stop.deadline_missed_minutes > 0}
            data-changed={stop.changed !== 'same'}
            data-done={stop.status === 'completed'}
            data-selected={selected === stop.appointment_id}
            aria-label={t('schedule:board.stop', { time: formatTime(stop.starts_at), end: formatTime(stop.ends_at), title: stop.title, client: stop.client_name ?? '' })}
            style={{ left: percent(scale, stop.starts_at), width: width(scale, stop.starts_at, stop.ends_at) }}
            onClick={() => select(stop)}
            onDragStart={() => drag(stop)}
            onDragEnd={() => drag(null)}
          >
            <span className={classes['line']}>
              {formatTime(stop.starts_at)} {stop.pinned !== 'none' && <IconPin size={11} aria-hidden />} {stop.title}
            </span>
            <span className={classes['line']}>{stop.client_name}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
