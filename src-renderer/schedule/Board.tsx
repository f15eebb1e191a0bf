import { ActionIcon, Button, Group, Menu, Paper, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import type { BoardJudge } from '../../src-shared/schedule/judge.ts';
import type { client } from '../app/client.ts';
import { formatNumber, formatTime } from '../kit/formats.ts';
import classes from './Board.module.css';
import { DragGhost } from './DragGhost.tsx';
import { dragByHand, dragByKeys, laneKey, letGo, useDragging, type Drop, type LaneTarget } from './dragging.ts';
import { hoursOf } from './geometry.ts';
import { Lane, type Handling } from './Lane.tsx';

export type DayEvent = Parameters<typeof client.schedule.replan>[0]['event'];
const LATE_MINUTES = [15, 30, 60, 120];
const HOUR = 3_600_000;

interface BoardProps {
  routes: readonly PlannedRoute[];
  /** The day as people were told it, drawn above each lane. */
  before: readonly PlannedRoute[] | null;
  unassigned: readonly PlannedStop[];
  judge: BoardJudge | null;
  selected: string | null;
  select: (stop: PlannedStop) => void;
  /** Null where nothing may be moved (a proposal, or no right to). */
  drop: Drop | null;
  /** Pins a visit, or frees it. */
  pin: (stop: PlannedStop) => void;
  replan: ((event: DayEvent) => void) | null;
}

/** Engineers by time; on a narrow screen, engineers one below the other. */
export function Board(props: BoardProps) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const { routes, judge, drop, pin, select } = props;
  const days = useMemo(() => [...new Set(routes.map((route) => route.date))].sort().map((date) => dayOf(routes, date)), [routes]);
  const ground = useRef<{ lanes: readonly LaneTarget[]; judge: BoardJudge | null; drop: Drop; pin: (stop: PlannedStop) => void } | null>(null);
  ground.current = drop && !narrow ? { lanes: days.flatMap((day) => day.lanes), judge, drop, pin } : null;
  const movable = drop !== null && !narrow;
  const handling = useMemo<Handling | null>(
    () =>
      !movable
        ? null
        : {
            press: (event, stop) => ground.current && dragByHand(event, stop, ground.current),
            keys: (event, stop) => {
              if (!ground.current || event.ctrlKey || event.altKey || event.metaKey) return false;
              if (event.code === 'KeyL') ground.current.pin(stop);
              else if (!dragByKeys(event, stop, ground.current)) return false;
              event.stopPropagation();
              return true;
            },
          },
    [movable],
  );
  const nameOf = useCallback((engineer: string) => routes.find((route) => route.engineer_id === engineer)?.engineer_name ?? '', [routes]);
  return (
    <Stack gap="md">
      <Tray unassigned={props.unassigned} select={select} handling={handling} />
      {days.map((day) => (narrow ? <DayList key={day.date} {...props} date={day.date} /> : <DayBoard key={day.date} {...props} day={day} handling={handling} />))}
      {handling && (
        <Text size="xs" c="dimmed">
          {t('schedule:drag.hint')}
        </Text>
      )}
      {handling && <DragGhost nameOf={nameOf} />}
    </Stack>
  );
}

interface Day {
  date: string;
  routes: readonly PlannedRoute[];
  scale: { dayStart: number; from: number; to: number };
  lanes: readonly LaneTarget[];
}

function dayOf(all: readonly PlannedRoute[], date: string): Day {
  const routes = all.filter((route) => route.date === date);
  const dayStart = new Date(`${date}T00:00:00`).getTime();
  const { from, to } = hoursOf(routes, dayStart);
  return { date, routes, scale: { dayStart, from, to }, lanes: routes.map((route) => ({ key: laneKey(route), route, from: dayStart + from * HOUR, length: (to - from) * HOUR })) };
}

/** What nobody goes to yet; whatever is dropped here is taken from its engineer. */
function Tray({ unassigned, select, handling }: { unassigned: readonly PlannedStop[]; select: (stop: PlannedStop) => void; handling: Handling | null }) {
  const { t } = useTranslation();
  const wanted = useDragging((state) => handling !== null && state.by === 'hand' && state.stop !== null && state.stop.before.assigned_to !== null);
  const over = useDragging((state) => state.target !== null && state.target.lane === null);
  if (unassigned.length === 0 && !wanted) return null;
  return (
    <section aria-label={t('schedule:board.unassigned')} data-tray className={classes['traySection']} data-over={over}>
      <Title order={2} mb="xs">
        {t('schedule:board.unassigned')} · {unassigned.length}
      </Title>
      <div className={classes['tray']}>
        {unassigned.map((stop) => (
          <button key={stop.appointment_id} type="button" className={classes['loose']} data-movable={handling !== null} onPointerDown={handling ? (event) => handling.press(event, stop) : undefined} onKeyDown={handling ? (event) => handling.keys(event, stop) && event.preventDefault() : undefined} onBlur={handling ? letGo : undefined} onClick={() => select(stop)}>
            {formatTime(stop.starts_at)} {stop.title}
            {stop.client_name ? ` — ${stop.client_name}` : ''}
          </button>
        ))}
      </div>
    </section>
  );
}

function DayBoard({ day, before, selected, select, handling, replan }: BoardProps & { day: Day; handling: Handling | null }) {
  const { scale, routes } = day;
  const hours = scale.to - scale.from;
  return (
    <div className={classes['board']}>
      <div className={classes['inner']}>
        <div className={classes['hours']} aria-hidden>
          {Array.from({ length: hours + 1 }, (_, index) => (
            <span key={index} className={classes['hour']} style={{ left: `${(index / hours) * 100}%` }}>
              {(scale.from + index) % 24}:00
            </span>
          ))}
        </div>
        {routes.map((route) => (
          <Lane
            key={laneKey(route)}
            route={route}
            before={before?.find((one) => laneKey(one) === laneKey(route)) ?? null}
            scale={scale}
            selected={route.stops.some((stop) => stop.appointment_id === selected) ? selected : null}
            select={select}
            handling={handling}
            menu={replan && <EngineerMenu route={route} replan={replan} />}
          />
        ))}
      </div>
    </div>
  );
}

function EngineerMenu({ route, replan }: { route: PlannedRoute; replan: (event: DayEvent) => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('schedule:board.happened', { name: route.engineer_name })}>
          <IconDots size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {LATE_MINUTES.map((minutes) => (
          <Menu.Item key={minutes} onClick={() => replan({ kind: 'late', engineer_id: route.engineer_id, minutes })}>
            {t('schedule:board.is_late', { minutes })}
          </Menu.Item>
        ))}
        <Menu.Item color="red" onClick={() => replan({ kind: 'ill', engineer_id: route.engineer_id })}>
          {t('schedule:board.is_ill')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function DayList({ routes, date, select, replan }: BoardProps & { date: string }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      {routes
        .filter((route) => route.date === date)
        .map((route) => (
          <Paper withBorder p="sm" radius="md" key={laneKey(route)} role="group" aria-label={route.engineer_name}>
            <Group justify="space-between" mb={4} wrap="nowrap">
              <Text fw={600}>{route.engineer_name}</Text>
              <Group gap={4} wrap="nowrap">
                <Text size="xs" c={route.overtime_minutes > 0 ? 'orange' : 'dimmed'} ta="right">
                  {route.stops.length === 0 ? t('schedule:board.free') : t('schedule:board.day', { count: route.stops.length, travel: route.travel_minutes, km: formatNumber(route.distance_km) })}
                </Text>
                {replan && <EngineerMenu route={route} replan={replan} />}
              </Group>
            </Group>
            <Stack gap={4}>
              {route.stops.map((stop) => (
                <Button key={stop.appointment_id} variant="subtle" size="compact-md" justify="flex-start" color={stop.late_minutes > 0 ? 'red' : 'blue'} styles={{ label: { whiteSpace: 'normal', textAlign: 'left', overflowWrap: 'anywhere', lineHeight: 1.35 }, root: { height: 'auto', padding: '6px', minHeight: 40 } }} onClick={() => select(stop)}>
                  {formatTime(stop.starts_at)}–{formatTime(stop.ends_at)} {stop.title}
                  {stop.client_name ? ` — ${stop.client_name}` : ''}
                </Button>
              ))}
            </Stack>
          </Paper>
        ))}
    </Stack>
  );
}
