import { Text } from '@mantine/core';
import { IconClockPin, IconPin, IconUserPin } from '@tabler/icons-react';
import { memo, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import { formatNumber, formatTime } from '../kit/formats.ts';
import classes from './Board.module.css';
import { laneKey, letGo, useDragging } from './dragging.ts';

const HOUR = 3_600_000;
/** Pixels; the first two as in the style sheet. */
const LANE_HEIGHT = 64;
const STOP_TOP = 8;
const LEVEL_HEIGHT = 52;
const PINS: Record<string, typeof IconPin> = { both: IconPin, start: IconClockPin, engineer: IconUserPin };

export interface Scale {
  dayStart: number;
  from: number;
  to: number;
}
const share = (scale: Scale, moment: string | number): number => (((typeof moment === 'number' ? moment : Date.parse(moment)) - scale.dayStart) / HOUR - scale.from) / (scale.to - scale.from);
const percent = (scale: Scale, moment: string | number): string => `${(share(scale, moment) * 100).toFixed(3)}%`;
const width = (scale: Scale, from: string, to: string): string => `${((share(scale, to) - share(scale, from)) * 100).toFixed(3)}%`;

/** What a board lets one do with a visit; null where it is only looked at. */
export interface Handling {
  press: (event: PointerEvent<HTMLElement>, stop: PlannedStop) => void;
  /** @returns whether the key was for the board */
  keys: (event: KeyboardEvent, stop: PlannedStop) => boolean;
}

interface LaneProps {
  route: PlannedRoute;
  /** The same day as people were told it, drawn above. */
  before: PlannedRoute | null;
  scale: Scale;
  /** The selected visit, where it lies in this lane. */
  selected: string | null;
  select: (stop: PlannedStop) => void;
  handling: Handling | null;
  menu: ReactNode;
}

/** One engineer's day on the board. */
export const Lane = memo(function Lane({ route, before, scale, selected, select, handling, menu }: LaneProps) {
  const { t } = useTranslation();
  return (
    <div className={classes['row']} role="group" aria-label={route.engineer_name}>
      <div className={classes['name']}>
        <div className={classes['nameLine']}>
          <Text size="sm" fw={600} lineClamp={2}>
            {route.engineer_name}
          </Text>
          {menu}
        </div>
        <Text size="xs" c="dimmed">
          {route.stops.length === 0 ? t('schedule:board.free') : t('schedule:board.day', { count: route.stops.length, travel: route.travel_minutes, km: formatNumber(route.distance_km) })}
        </Text>
        {route.stops.length > 0 && <Load route={route} />}
      </div>
      <div className={classes['strips']}>
        {before && (
          <div className={classes['before']} role="group" aria-label={t('schedule:plan.before')}>
            <Strip route={before} scale={scale} selected={null} select={select} handling={null} />
          </div>
        )}
        <Strip route={route} scale={scale} selected={selected} select={select} handling={handling} />
      </div>
    </div>
  );
});

/** How full a shift is, and by how much too full. */
function Load({ route }: { route: PlannedRoute }) {
  const { t } = useTranslation();
  const over = route.overtime_minutes > 0;
  return (
    <>
      <div className={classes['load']} role="meter" aria-valuenow={route.load_percent} aria-valuemin={0} aria-valuemax={100} aria-label={t('schedule:board.load', { percent: route.load_percent })} title={t('schedule:board.load', { percent: route.load_percent })} data-over={over || route.load_percent > 100}>
        <div style={{ width: `${Math.min(100, route.load_percent)}%` }} />
      </div>
      {over && (
        <Text size="xs" c="orange">
          {t('schedule:board.overtime', { minutes: route.overtime_minutes })}
        </Text>
      )}
    </>
  );
}

function Strip({ route, scale, selected, select, handling }: Omit<LaneProps, 'before' | 'menu'>) {
  const { t } = useTranslation();
  const key = laneKey(route);
  // Only the lane that the hand is over is drawn anew.
  const target = useDragging((state) => (handling && state.target?.lane === key ? state.target : null));
  const moved = useDragging((state) => (target ? state.stop : null));
  const lifted = useDragging((state) => (handling && state.stop && route.stops.some((stop) => stop.appointment_id === state.stop?.appointment_id) ? state.stop.appointment_id : null));
  const levels = levelsOf(route.stops);
  const deep = Math.max(0, ...levels.values());
  const fits = target?.judgement ? target.judgement.breaches.length === 0 : null;
  return (
    <div className={classes['lane']} data-lane={handling ? key : undefined} data-over={target ? (fits === false ? 'bad' : 'ok') : undefined} style={deep > 0 ? { minHeight: LANE_HEIGHT + deep * LEVEL_HEIGHT } : undefined}>
      <div className={classes['shift']} style={{ left: percent(scale, route.shift_from), width: width(scale, route.shift_from, route.shift_to) }} />
      {Array.from({ length: scale.to - scale.from + 1 }, (_, index) => (
        <div key={index} className={classes['grid']} style={{ left: `${(index / (scale.to - scale.from)) * 100}%` }} />
      ))}
      {Date.now() > scale.dayStart + scale.from * HOUR && Date.now() < scale.dayStart + scale.to * HOUR && <div className={classes['now']} style={{ left: percent(scale, Date.now()) }} />}
      {route.lunch_from && route.lunch_to && <div className={classes['lunch']} title={t('schedule:board.lunch')} style={{ left: percent(scale, route.lunch_from), width: width(scale, route.lunch_from, route.lunch_to) }} />}
      {route.stops.map((stop) => (
        <div key={`travel-${stop.appointment_id}`} className={classes['travel']} title={t('schedule:board.travel', { minutes: stop.travel_minutes, km: formatNumber(stop.distance_km) })} style={{ left: percent(scale, stop.departs_at), width: width(scale, stop.departs_at, stop.arrives_at) }} />
      ))}
      {route.stops.map((stop) => (
        <Stop key={stop.appointment_id} stop={stop} level={levels.get(stop.appointment_id) ?? 0} scale={scale} selected={selected === stop.appointment_id} lifted={lifted === stop.appointment_id} select={select} handling={stop.status === 'scheduled' ? handling : null} />
      ))}
      {target && moved && <div className={classes['place']} data-bad={fits === false} aria-hidden style={{ left: percent(scale, target.startsAt), width: width(scale, moved.starts_at, moved.ends_at) }} />}
    </div>
  );
}

/** Visits that overlap stand one below the other. */
function levelsOf(stops: readonly PlannedStop[]): Map<string, number> {
  const free: string[] = [];
  return new Map(
    stops
      .toSorted((a, b) => (a.starts_at < b.starts_at ? -1 : 1))
      .map((stop) => {
        const found = free.findIndex((until) => until <= stop.starts_at);
        const level = found < 0 ? free.length : found;
        free[level] = stop.ends_at;
        return [stop.appointment_id, level];
      }),
  );
}

function Stop({ stop, level, scale, selected, lifted, select, handling }: { stop: PlannedStop; level: number; scale: Scale; selected: boolean; lifted: boolean; select: (stop: PlannedStop) => void; handling: Handling | null }) {
  const { t } = useTranslation();
  const Pin = PINS[stop.pinned];
  const said = t('schedule:board.stop', { time: formatTime(stop.starts_at), end: formatTime(stop.ends_at), title: stop.title, client: stop.client_name ?? '' });
  return (
    <button
      type="button"
      className={classes['stop']}
      data-movable={handling !== null}
      data-late={stop.late_minutes > 0 || stop.promise_missed_minutes > 0 || stop.deadline_missed_minutes > 0}
      data-changed={stop.changed !== 'same'}
      data-done={stop.status === 'completed'}
      data-selected={selected}
      data-lifted={lifted}
      aria-label={Pin ? `${said} (${t(`schedule:pins.${stop.pinned}`)})` : said}
      aria-keyshortcuts={handling ? 'M L' : undefined}
      title={[said, Pin ? t(`schedule:pins.${stop.pinned}`) : '', handling ? t('schedule:drag.hint') : ''].filter(Boolean).join('\n')}
      style={{ left: percent(scale, stop.starts_at), width: width(scale, stop.starts_at, stop.ends_at), ...(level > 0 ? { top: STOP_TOP + level * LEVEL_HEIGHT } : {}) }}
      onClick={() => select(stop)}
      onPointerDown={handling ? (event) => handling.press(event, stop) : undefined}
      onKeyDown={handling ? (event) => handling.keys(event, stop) && event.preventDefault() : undefined}
      onBlur={handling ? letGo : undefined}
    >
      <span className={classes['line']}>
        {formatTime(stop.starts_at)} {Pin && <Pin size={12} aria-hidden />} {stop.title}
      </span>
      <span className={classes['line']}>{stop.client_name}</span>
    </button>
  );
}
