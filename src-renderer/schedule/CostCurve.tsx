import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../kit/formats.ts';

const WIDTH = 220;
const HEIGHT = 36;

export interface CostPoint {
  seconds: number;
  cost: number;
}

/** The best cost over the time of thinking, as steps that only go down; costs are shown as minutes on the way. */
export function CostCurve({ points, until }: { points: readonly CostPoint[]; until: number }) {
  const { t } = useTranslation();
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const [high, low] = [first.cost, last.cost];
  const length = Math.max(until, last.seconds, 0.1);
  const x = (seconds: number): number => (seconds / length) * WIDTH;
  const y = (cost: number): number => 2 + (high === low ? 0.5 : (high - cost) / (high - low)) * (HEIGHT - 4);
  const path = points.map((point, index) => (index === 0 ? `M${x(point.seconds)},${y(point.cost)}` : `H${x(point.seconds)}V${y(point.cost)}`)).join('');
  const minutes = (cost: number): string => formatNumber(Math.round(cost / 60));
  return (
    <Group gap="sm" wrap="nowrap">
      <svg width={WIDTH} height={HEIGHT} role="img" aria-label={t('schedule:curve.title', { from: minutes(high), to: minutes(low), seconds: formatNumber(Math.round(length * 10) / 10) })}>
        <path d={`${path}H${WIDTH}`} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={1.5} />
      </svg>
      <Text size="xs" c="dimmed">
        {t('schedule:curve.title', { from: minutes(high), to: minutes(low), seconds: formatNumber(Math.round(length * 10) / 10) })}
      </Text>
    </Group>
  );
}
