import { Button, Group, Menu, Paper, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import type { ScheduleSettings } from '../../src-shared/schedule/model.ts';
import type { client } from '../app/client.ts';
import { formatTime } from '../kit/formats.ts';
import classes from './Board.module.css';
import { hoursOf } from './geometry.ts';
import { Lane } from './Lane.tsx';

export type DayEvent = Parameters<typeof client.schedule.replan>[0]['event'];
const LATE_MINUTES = 30;

interface BoardProps {
  routes: readonly PlannedRoute[];
  unassigned: readonly PlannedStop[];
  settings: ScheduleSettings;
  selected: string | null;
  select: (stop: PlannedStop) => void;
  move: ((stop: PlannedStop, route: PlannedRoute, startsAt: number) => void) | null;
  replan: ((event: DayEvent) => void) | null;
}

/** Engineers by time; on a narrow screen, engineers one below the other. */
export function Board(props: BoardProps) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [dragged, setDragged] = useState<PlannedStop | null>(null);
  const dates = [...new Set(props.routes.map((route) => route.date))].sort();
  return (
    <Stack gap="md">
      {props.unassigned.length > 0 && (
        <section aria-label={t('schedule:board.unassigned')}>
          <Title order={2} mb="xs">
            {t('schedule:board.unassigned')} · {props.unassigned.length}
          </Title>
          <div className={classes['tray']}>
            {props.unassigned.map((stop) => (
              <button key={stop.appointment_id} type="button" className={classes['loose']} draggable={props.move !== null} onDragStart={() => setDragged(stop)} onDragEnd={() => setDragged(null)} onClick={() => props.select(stop)}>
                {formatTime(stop.starts_at)} {stop.title}
                {stop.client_name ? ` — ${stop.client_name}` : ''}
              </button>
            ))}
          </div>
        </section>
      )}
      {dates.map((date) => (narrow ? <DayList key={date} {...props} date={date} /> : <DayBoard key={date} {...props} date={date} dragged={dragged} drag={setDragged} />))}
    </Stack>
  );
}

function DayBoard({ routes: all, date, settings, selected, select, move, replan, dragged, drag }: BoardProps & { date: string; dragged: PlannedStop | null; drag: (stop: PlannedStop | null) => void }) {
  const routes = all.filter((route) => route.date === date);
  const dayStart = new Date(`${date}T00:00:00`).getTime();
  const { from, to } = hoursOf(routes, dayStart);
  const scale = { dayStart, from, to };
  return (
    <div className={classes['board']}>
      <div className={classes['inner']}>
        <div className={classes['hours']} aria-hidden>
          {Array.from({ length: to - from + 1 }, (_, index) => (
            <span key={index} className={classes['hour']} style={{ left: `${(index / (to - from)) * 100}%` }}>
              {(from + index) % 24}:00
            </span>
          ))}
        </div>
        {routes.map((route) => (
          <div key={`${route.engineer_id}-${route.shift_from}`} style={{ position: 'relative' }}>
            <Lane route={route} scale={scale} settings={settings} selected={selected} select={select} dragged={dragged} drag={drag} drop={move} />
            {replan && <EngineerMenu route={route} replan={replan} />}
          </div>
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
        <Button size="compact-xs" variant="subtle" color="gray" aria-label={t('schedule:board.happened', { name: route.engineer_name })} style={{ position: 'absolute', left: 150, top: 6, zIndex: 4, width: 26, padding: 0 }}>
          <IconDots size={14} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => replan({ kind: 'late', engineer_id: route.engineer_id, minutes: LATE_MINUTES })}>{t('schedule:board.is_late', { minutes: LATE_MINUTES })}</Menu.Item>
        <Menu.Item color="red" onClick={() => replan({ kind: 'ill', engineer_id: route.engineer_id })}>
          {t('schedule:board.is_ill')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function DayList({ routes, date, select }: BoardProps & { date: string }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      {routes
        .filter((route) => route.date === date)
        .map((route) => (
          <Paper withBorder p="sm" radius="md" key={`${route.engineer_id}-${route.shift_from}`} role="group" aria-label={route.engineer_name}>
            <Group justify="space-between" mb={4} wrap="nowrap">
              <Text fw={600}>{route.engineer_name}</Text>
              <Text size="xs" c="dimmed" ta="right">
                {route.stops.length === 0 ? t('schedule:board.free') : t('schedule:board.day', { count: route.stops.length, travel: route.travel_minutes, km: route.distance_km })}
              </Text>
            </Group>
            <Stack gap={4}>
              {route.stops.map((stop) => (
                <Button key={stop.appointment_id} variant="subtle" size="compact-md" justify="flex-start" color={stop.late_minutes > 0 ? 'red' : 'blue'} styles={{ label: { whiteSpace: 'normal', textAlign: 'left' }, root: { height: 'auto', padding: '4px 6px' } }} onClick={() => select(stop)}>
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
