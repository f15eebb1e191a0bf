import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import { formatNumber, formatTime } from '../kit/formats.ts';
import classes from './RouteMap.module.css';
import { useGestures } from './useGestures.ts';
import { useTiles } from './useTiles.ts';
import { fit, metresOf, pixelOf, roundLength, spotOf, zoomAt, type Spot, type Viewport } from './viewport.ts';

/** Told apart in both themes; a second round of engineers gets dashed lines. */
const COLORS = ['blue', 'orange', 'teal', 'grape', 'red', 'indigo', 'green', 'pink', 'cyan', 'violet'];
const DASHES = ['none', '7 4', '2 4'];
const BAR = 110;

interface Drawn {
  route: PlannedRoute;
  color: string;
  dash: string;
  base: Spot | null;
  stops: { stop: PlannedStop; place: number; spot: Spot }[];
}

function drawnOf(routes: readonly PlannedRoute[]): Drawn[] {
  return routes
    .filter((route) => route.stops.length > 0)
    .map((route, index) => {
      const color = COLORS[index % COLORS.length] ?? 'blue';
      return {
        route,
        color: `light-dark(var(--mantine-color-${color}-8), var(--mantine-color-${color}-4))`,
        dash: DASHES[Math.floor(index / COLORS.length) % DASHES.length] ?? 'none',
        base: route.base ? spotOf(route.base) : null,
        stops: route.stops.flatMap((stop, place) => (stop.latitude === null || stop.longitude === null ? [] : [{ stop, place: place + 1, spot: spotOf({ latitude: stop.latitude, longitude: stop.longitude }) }])),
      };
    });
}

/** Routes of a day to scale, on the installation's own map where it has one, on plain ground where not. */
export function RouteMap({ routes, selected, select }: { routes: readonly PlannedRoute[]; selected: string | null; select: (stop: PlannedStop) => void }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref, width, height } = useElementSize();
  const drawn = useMemo(() => drawnOf(routes), [routes]);
  const spots = useMemo(() => drawn.flatMap((one) => [...(one.base ? [one.base] : []), ...one.stops.map(({ spot }) => spot)]), [drawn]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  /** Null until somebody has moved it: then everything is shown. */
  const [chosen, setChosen] = useState<Viewport | null>(null);
  const whole = useMemo(() => (spots.length > 0 && width > 0 ? fit(spots, width, height) : null), [spots, width, height]);
  const view = chosen ?? whole;
  const change = useCallback((next: (view: Viewport) => Viewport) => setChosen((known) => { const from = known ?? whole; return from && next(from); }), [whole]);
  const showAll = useCallback(() => setChosen(null), []);
  const gestures = useGestures(frame, change, showAll);
  const tiles = useTiles(canvas, view, width, height);
  const both = useMergedRef(frame, ref);
  if (spots.length === 0) return null;
  const toggle = (engineer: string): void => setHidden((known) => { const next = new Set(known); if (!next.delete(engineer)) next.add(engineer); return next; });
  return (
    <Stack gap="xs">
      <div ref={both} className={classes['frame']} role="application" aria-label={t('schedule:map.map')} aria-describedby="map-keys" tabIndex={0} data-tiles={tiles.state} {...gestures}>
        <canvas ref={canvas} className={classes['tiles']} aria-hidden />
        {view && <Routes drawn={drawn.filter((one) => !hidden.has(one.route.engineer_id))} view={view} width={width} height={height} selected={selected} select={select} />}
        {view && <ScaleBar view={view} />}
        <div className={classes['tools']} data-press>
          <ActionIcon variant="default" size="lg" aria-label={t('schedule:map.zoom_in')} onClick={() => change((from) => zoomAt(from, 1))}>
            <IconPlus size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="default" size="lg" aria-label={t('schedule:map.zoom_out')} onClick={() => change((from) => zoomAt(from, -1))}>
            <IconMinus size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="default" size="lg" aria-label={t('schedule:map.fit')} onClick={showAll}>
            <IconFocusCentered size={16} aria-hidden />
          </ActionIcon>
        </div>
        {tiles.attribution && <span className={classes['owed']}>{tiles.attribution}</span>}
      </div>
      <Group gap={4} role="group" aria-label={t('schedule:map.map')}>
        {drawn.map(({ route, color, dash }) => (
          <Button key={`${route.engineer_id}-${route.shift_from}`} size="compact-xs" variant="subtle" color="gray" aria-pressed={!hidden.has(route.engineer_id)} aria-label={t('schedule:map.show', { name: route.engineer_name })} style={{ opacity: hidden.has(route.engineer_id) ? 0.45 : 1 }} leftSection={<svg width={22} height={8} aria-hidden><line x1={0} x2={22} y1={4} y2={4} strokeWidth={4} strokeDasharray={dash} style={{ stroke: color }} /></svg>} onClick={() => toggle(route.engineer_id)}>
            {route.engineer_name}
          </Button>
        ))}
      </Group>
      <Text id="map-keys" size="xs" c="dimmed">
        {[t('schedule:map.keys'), ...(tiles.state === 'broken' ? [t('schedule:map.broken')] : tiles.state === 'none' ? [t('schedule:map.none')] : [])].join(' ')}
      </Text>
    </Stack>
  );
}

function Routes({ drawn, view, width, height, selected, select }: { drawn: readonly Drawn[]; view: Viewport; width: number; height: number; selected: string | null; select: (stop: PlannedStop) => void }) {
  const { t } = useTranslation();
  const at = (spot: Spot): Spot => pixelOf(view, spot, width, height);
  return (
    <svg className={classes['routes']} width={width} height={height}>
      {drawn.map(({ route, color, dash, base, stops }) => {
        const line = [...(base ? [base] : []), ...stops.map(({ spot }) => spot), ...(base && route.day_ends === 'base' ? [base] : [])].map(at);
        const points = line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
        return (
          <g key={`${route.engineer_id}-${route.shift_from}`}>
            <polyline points={points} className={classes['casing']} />
            <polyline points={points} className={classes['line']} strokeDasharray={dash} style={{ stroke: color }} />
            {base && (
              <rect x={at(base).x - 7} y={at(base).y - 7} width={14} height={14} rx={2} className={classes['base']} style={{ fill: color }}>
                <title>{t('schedule:map.base', { name: route.engineer_name })}</title>
              </rect>
            )}
          </g>
        );
      })}
      {drawn.flatMap(({ route, color, stops }) =>
        stops.map(({ stop, place, spot }) => {
          const { x, y } = at(spot);
          const said = t('schedule:map.stop', { place, time: formatTime(stop.starts_at), title: stop.title, client: stop.client_name ?? '', name: route.engineer_name });
          return (
            <g key={stop.appointment_id} role="button" tabIndex={0} data-press aria-label={said} className={classes['stop']} data-selected={selected === stop.appointment_id} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`} onClick={() => select(stop)} onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && (event.preventDefault(), event.stopPropagation(), select(stop))}>
              <title>{said}</title>
              <circle r={11} style={{ fill: color }} />
              <text textAnchor="middle" dominantBaseline="central" style={{ fill: 'light-dark(white, black)' }}>
                {place}
              </text>
            </g>
          );
        }),
      )}
    </svg>
  );
}

function ScaleBar({ view }: { view: Viewport }) {
  const { t } = useTranslation();
  const metres = metresOf(view);
  const length = roundLength(metres * BAR);
  return (
    <div className={classes['scale']} style={{ width: length / metres }}>
      {length >= 1000 ? t('schedule:board.km', { km: formatNumber(length / 1000) }) : t('schedule:board.metres', { metres: length })}
    </div>
  );
}
