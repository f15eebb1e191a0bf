import { Anchor, Button, Group, List, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Fit, PlannedStop } from '../../src-shared/schedule/contract.ts';
import { PINS } from '../../src-shared/schedule/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { formatTime } from '../kit/formats.ts';
import { cardLink } from '../kit/links.ts';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import type { DayEvent } from './Board.tsx';

/** A visit of the board: its facts, its pin, and where else it would fit and at what price. */
export function StopPanel({ stop, date, mayPlan, replan, close }: { stop: PlannedStop; date: string; mayPlan: boolean; replan: ((event: DayEvent) => void) | null; close: () => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const elsewhere = useQuery({ queryKey: [['appointments', 'slots'], stop.appointment_id, date], queryFn: () => client.schedule.slots({ appointment_id: stop.appointment_id, date, duration_minutes: Math.max(1, Math.round((Date.parse(stop.ends_at) - Date.parse(stop.starts_at)) / 60_000)) }), enabled: asked });
  const write = async (values: Record<string, unknown>): Promise<void> => {
    try {
      await client.appointments.update({ id: stop.appointment_id, ...values });
      await queryClient.invalidateQueries();
      close();
    } catch (error) {
      toastError(error);
    }
  };
  const place = (way: Fit): void => void write({ assigned_to: way.engineer_id, starts_at: way.starts_at, ends_at: way.ends_at });
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-label={stop.title}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2}>
              <Anchor component={Link} to={cardLink('appointments', { id: stop.appointment_id, no: stop.appointment_no })}>
                {stop.title}
              </Anchor>
            </Title>
            <Text size="sm" c="dimmed">
              {[stop.client_name, stop.address, `${formatTime(stop.starts_at)}–${formatTime(stop.ends_at)}`].filter(Boolean).join(' · ')}
            </Text>
          </div>
          <Button size="compact-sm" variant="subtle" onClick={close}>
            {t('app:actions.close')}
          </Button>
        </Group>
        {stop.late_minutes > 0 && <Text c="red">{t('schedule:board.late', { minutes: stop.late_minutes })}</Text>}
        {stop.promise_missed_minutes > 0 && <Text c="orange">{t('schedule:board.promise_missed', { minutes: stop.promise_missed_minutes })}</Text>}
        {stop.deadline_missed_minutes > 0 && <Text c="orange">{t('schedule:board.deadline_missed', { minutes: stop.deadline_missed_minutes })}</Text>}
        {stop.latitude === null && <Text c="orange">{t('schedule:problems.place_unknown')}</Text>}
        <Group gap="sm" align="flex-end">
          {mayPlan && <Select size="xs" w={190} label={t('appointments:fields.pinned')} data={PINS.map((value) => ({ value, label: t(`appointments:enums.${value}`) }))} value={stop.pinned} allowDeselect={false} onChange={(pinned) => pinned && void write({ pinned })} />}
          <Button size="xs" variant="light" onClick={() => setAsked(true)} disabled={asked}>
            {t('schedule:board.why_here')}
          </Button>
          {replan && stop.status === 'scheduled' && (
            <Button size="xs" variant="light" onClick={() => void write({ started_at: new Date().toISOString() })}>
              {t('schedule:board.arrived')}
            </Button>
          )}
          {replan && mayPlan && (
            <>
              <Button size="xs" variant="light" onClick={() => replan({ kind: 'no_show', appointment_id: stop.appointment_id })}>
                {t('schedule:board.no_show')}
              </Button>
              <Button size="xs" variant="light" color="red" onClick={() => replan({ kind: 'emergency', appointment_id: stop.appointment_id })}>
                {t('schedule:board.emergency')}
              </Button>
            </>
          )}
        </Group>
        {asked && elsewhere.isPending && <Loading rows={3} />}
        {elsewhere.isError && <ErrorState error={elsewhere.error} retry={() => void elsewhere.refetch()} />}
        {elsewhere.data && (
          <div>
            <Text fw={600} size="sm">
              {t(elsewhere.data.items.length === 0 ? 'schedule:board.nowhere' : 'schedule:board.ways')}
            </Text>
            <List size="sm" spacing={4}>
              {elsewhere.data.items.map((way) => (
                <List.Item key={`${way.engineer_id}-${way.starts_at}`}>
                  {way.sentence}{' '}
                  {mayPlan && (
                    <Button size="compact-xs" variant="subtle" onClick={() => place(way)}>
                      {t('schedule:board.place')}
                    </Button>
                  )}
                </List.Item>
              ))}
            </List>
          </div>
        )}
      </Stack>
    </Paper>
  );
}
