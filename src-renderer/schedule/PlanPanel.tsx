import { Button, Group, List, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Plan, PlanTotals } from '../../src-shared/schedule/contract.ts';
import { formatNumber, formatPhone, formatTime } from '../kit/formats.ts';
import { CostCurve } from './CostCurve.tsx';

const ROWS = ['visits', 'unassigned', 'travel_minutes', 'distance_km', 'overtime_minutes', 'late', 'promises_missed', 'deadlines_missed'] as const satisfies readonly (keyof PlanTotals)[];

/** A proposal against what people were told: figures, who is concerned, what has no place and how it would fit. */
export function PlanPanel({ plan, apply, discard }: { plan: Plan; apply: () => void; discard: () => void }) {
  const { t } = useTranslation();
  const { before, after, changed } = plan.comparison;
  const moved = plan.routes.flatMap((route) => route.stops.filter((stop) => stop.changed !== 'same').map((stop) => ({ stop, engineer: route.engineer_name })));
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-label={t('schedule:plan.title')}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{t('schedule:plan.title')}</Title>
          <Group gap="xs">
            <Button variant="subtle" onClick={discard}>
              {t('schedule:plan.discard')}
            </Button>
            {changed > 0 && <Button onClick={apply}>{t('schedule:plan.apply', { count: changed })}</Button>}
          </Group>
        </Group>
        {changed === 0 && <Text size="sm">{t('schedule:plan.nothing')}</Text>}
        <Table w="auto" maw={460} verticalSpacing={3}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              <Table.Th ta="right">{t('schedule:plan.before')}</Table.Th>
              <Table.Th ta="right">{t('schedule:plan.after')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ROWS.filter((row) => before[row] !== 0 || after[row] !== 0).map((row) => (
              <Table.Tr key={row}>
                <Table.Td>{t(`schedule:plan.totals.${row}`)}</Table.Td>
                <Table.Td ta="right">{formatNumber(before[row])}</Table.Td>
                <Table.Td ta="right" fw={600} c={row !== 'visits' && after[row] < before[row] ? 'teal' : row !== 'visits' && after[row] > before[row] ? 'orange' : undefined}>
                  {formatNumber(after[row])}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <CostCurve points={plan.progress} until={plan.seconds} />
        {plan.overload.length > 0 && (
          <div>
            <Text fw={600}>{t('schedule:plan.overloaded')}</Text>
            <List size="sm">
              {plan.overload.map((one) => (
                <List.Item key={`${one.engineer_id}-${one.date}`}>{t('schedule:plan.overload', { name: one.engineer_name, minutes: one.minutes, after: one.after_minutes })}</List.Item>
              ))}
            </List>
          </div>
        )}
        {[...plan.unassigned, ...plan.problems].length > 0 && (
          <div>
            <Text fw={600}>{t('schedule:plan.left')}</Text>
            <List size="sm">
              {plan.unassigned.map((one) => (
                <List.Item key={one.appointment_id}>
                  {one.title}: {one.sentence}
                  {one.fits[0] && ` ${t('schedule:plan.would_fit', { how: one.fits[0].sentence })}`}
                </List.Item>
              ))}
              {plan.problems.map((one) => (
                <List.Item key={one.appointment_id}>
                  {one.title}: {one.sentence}
                </List.Item>
              ))}
            </List>
          </div>
        )}
        {moved.length > 0 && (
          <details>
            <summary>{t('schedule:plan.who', { count: moved.length })}</summary>
            <List size="sm" mt={4}>
              {moved.map(({ stop, engineer }) => (
                <List.Item key={stop.appointment_id}>
                  {stop.client_name ?? stop.title}: {[stop.before.assigned_to_name, formatTime(stop.before.starts_at)].filter(Boolean).join(', ')} → {engineer}, {formatTime(stop.starts_at)}
                  {stop.phones[0] ? ` · ${formatPhone(stop.phones[0])}` : ''}
                </List.Item>
              ))}
            </List>
          </details>
        )}
      </Stack>
    </Paper>
  );
}
