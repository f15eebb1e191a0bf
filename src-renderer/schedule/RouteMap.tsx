import { useTranslation } from 'react-i18next';
import type { PlannedRoute } from '../../src-shared/schedule/contract.ts';
import classes from './Board.module.css';
import { project } from './geometry.ts';

const COLORS = ['blue', 'teal', 'orange', 'grape', 'red', 'cyan', 'lime', 'pink', 'indigo', 'yellow'];
const MARGIN = 0.08;

/** A round length for the scale: 1, 2 or 5 of a power of ten. */
function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  return [5, 2, 1].map((step) => step * power).find((length) => length <= metres) ?? power;
}

/** Routes drawn to scale without any map: north is up. */
export function RouteMap({ routes }: { routes: readonly PlannedRoute[] }) {
  const { t } = useTranslation();
  const drawn = project(routes);
  // One place alone is no route.
  if (!drawn || routes.every((route) => route.stops.length + (route.base ? 1 : 0) < 2)) return null;
  const margin = Math.max(drawn.width, drawn.height) * MARGIN;
  const unit = Math.max(drawn.width, drawn.height) / 100;
  const scale = roundLength(drawn.width / 4);
  return (
    <svg className={classes['map']} viewBox={`${-margin} ${-margin} ${drawn.width + 2 * margin} ${drawn.height + 2 * margin}`} role="img" aria-label={t('schedule:board.map')}>
      {routes.map((route, index) => {
        const color = `var(--mantine-color-${COLORS[index % COLORS.length]}-6)`;
        const stops = route.stops.flatMap((stop) => (stop.latitude === null || stop.longitude === null ? [] : [{ stop, ...drawn.at({ latitude: stop.latitude, longitude: stop.longitude }) }]));
        const base = route.base ? drawn.at(route.base) : null;
        const line = [...(base ? [base] : []), ...stops, ...(base ? [base] : [])];
        if (stops.length === 0) return null;
        return (
          <g key={`${route.engineer_id}-${route.date}`}>
            <polyline points={line.map((point) => `${point.x},${point.y}`).join(' ')} fill="none" stroke={color} strokeWidth={unit * 0.5} strokeLinejoin="round" opacity={0.8} />
            {base && <rect x={base.x - unit} y={base.y - unit} width={unit * 2} height={unit * 2} fill={color} />}
            {stops.map(({ stop, x, y }, place) => (
              <g key={stop.appointment_id}>
                <title>{`${route.engineer_name}: ${stop.title}`}</title>
                <circle cx={x} cy={y} r={unit * 1.7} fill={color} />
                <text x={x} y={y} fill="white" fontSize={unit * 2.2} textAnchor="middle" dominantBaseline="central">
                  {place + 1}
                </text>
              </g>
            ))}
          </g>
        );
      })}
      <g transform={`translate(0 ${drawn.height + margin * 0.55})`}>
        <line x1={0} x2={scale} y1={0} y2={0} stroke="var(--mantine-color-text)" strokeWidth={unit * 0.4} />
        <text x={scale / 2} y={-unit} fill="var(--mantine-color-text)" fontSize={unit * 2.4} textAnchor="middle">
          {scale >= 1000 ? t('schedule:board.km', { km: scale / 1000 }) : t('schedule:board.metres', { metres: scale })}
        </text>
      </g>
    </svg>
  );
}
