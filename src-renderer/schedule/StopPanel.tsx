import { Anchor, Button, Group, List, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PlannedRoute, PlannedStop, Reasons } from '../../src-shared/schedule/contract.ts';
import type { BoardJudge } from '../../src-shared/schedule/judge.ts';
import { PINS } from '../../src-shared/schedule/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { formatNumber, formatPhone, formatTime } from '../kit/formats.ts';
import { cardLink } from '../kit/links.ts';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import type { DayEvent } from './Board.tsx';
import type { Drop } from './dragging.ts';
import { MoveForm } from './MoveForm.tsx';

interface StopPanelProps {
  stop: PlannedStop;
  date: string;
  routes: readonly PlannedRoute[];
  judge: BoardJudge | null;
  /** Null where nothing may be moved. */
  drop: Drop | null;
  pin: (stop: PlannedStop, pinned: string) => void;
  today: boolean;
  replan: ((event: DayEvent) => void) | null;
  close: () => void;
}

/** A visit of the board: its facts, its pin, another place for it, and why it stands where it does. */
export function StopPanel({ stop, date, routes, judge, drop, pin, today, replan, close }: StopPanelProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const reasons = useQuery({ queryKey: [['appointments', 'why'], stop.appointment_id], queryFn: () => client.schedule.why({ appointment_id: stop.appointment_id }), enabled: asked, retry: false });
  const arrived = async (): Promise<void> => {
    try {
      await client.appointments.update({ id: stop.appointment_id, started_at: new Date().toISOString() });
      await queryClient.invalidateQueries();
      close();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Paper ref={panel} withBorder p="md" radius="md" component="section" aria-label={stop.title}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            <Title order={2}>
              <Anchor inherit component={Link} to={cardLink('appointments', { id: stop.appointment_id, no: stop.appointment_no })}>
                {stop.title}
              </Anchor>
            </Title>
            <Text size="sm" c="dimmed">
              {[stop.client_name, stop.address, `${formatTime(stop.starts_at)}–${formatTime(stop.ends_at)}`, ...stop.phones.slice(0, 1).map(formatPhone)].filter(Boolean).join(' · ')}
            </Text>
          </div>
          <Button size="compact-sm" variant="subtle" style={{ flexShrink: 0 }} onClick={close}>
            {t('app:actions.close')}
          </Button>
        </Group>
        {stop.late_minutes > 0 && <Text c="red">{t('schedule:board.late', { minutes: stop.late_minutes })}</Text>}
        {stop.promise_missed_minutes > 0 && <Text c="orange">{t('schedule:board.promise_missed', { minutes: stop.promise_missed_minutes })}</Text>}
        {stop.deadline_missed_minutes > 0 && <Text c="orange">{t('schedule:board.deadline_missed', { minutes: stop.deadline_missed_minutes })}</Text>}
        {stop.latitude === null && <Text c="orange">{t('schedule:problems.place_unknown')}</Text>}
        {drop && stop.status === 'scheduled' && <MoveForm key={`${stop.starts_at} ${stop.before.assigned_to ?? ''}`} stop={stop} date={date} routes={routes} judge={judge} drop={drop} />}
        <Group gap="sm" align="flex-end">
          {drop && <Select size="xs" w={190} label={t('appointments:fields.pinned')} data={PINS.map((value) => ({ value, label: t(`appointments:enums.${value}`) }))} value={stop.pinned} allowDeselect={false} onChange={(pinned) => pinned && pin(stop, pinned)} />}
          <Button size="xs" variant="light" onClick={() => setAsked(true)} disabled={asked}>
            {t(stop.before.assigned_to === null ? 'schedule:why.where' : 'schedule:board.why_here')}
          </Button>
          {today && stop.status === 'scheduled' && (
            <Button size="xs" variant="light" onClick={() => void arrived()}>
              {t('schedule:board.arrived')}
            </Button>
          )}
          {replan && (
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
        {asked && reasons.isPending && <Loading rows={3} />}
        {reasons.isError && <ErrorState error={reasons.error} retry={() => void reasons.refetch()} />}
        {reasons.data && <Why reasons={reasons.data} place={drop ? (way) => drop(stop, way.engineer_id, Date.parse(way.starts_at), null) : null} />}
      </Stack>
    </Paper>
  );
}

/** The place as it is with its price, and the best place of every other engineer with the difference. */
function Why({ reasons: { here, ways }, place }: { reasons: Reasons; place: ((way: Reasons['ways'][number]) => void) | null }) {
  const { t } = useTranslation();
  const price = (cost: number): string => t('schedule:why.price', { minutes: formatNumber(Math.round(cost / 60)) });
  const difference = (more: number): string => (Math.abs(more) < 60 ? t('schedule:why.same') : more > 0 ? t('schedule:why.dearer', { minutes: formatNumber(Math.round(more / 60)) }) : t('schedule:why.cheaper', { minutes: formatNumber(Math.round(-more / 60)) }));
  const best = here && ways.every((way) => (way.more ?? 0) >= 0);
  return (
    <div>
      {here && (
        <Text size="sm">
          <strong>{t('schedule:why.here')}</strong> {here.sentence}, {price(here.cost)}. {here.breaches.length > 0 ? here.breaches.join(' ') : best ? t('schedule:why.best') : ''}
        </Text>
      )}
      <Text fw={600} size="sm" mt={4}>
        {t(ways.length === 0 ? 'schedule:board.nowhere' : 'schedule:board.ways')}
      </Text>
      <List size="sm" spacing={4}>
        {ways.map((way) => (
          <List.Item key={`${way.engineer_id}-${way.starts_at}`}>
            {way.sentence}, {way.more === null ? price(way.cost) : difference(way.more)}{' '}
            {place && (
              <Button size="compact-xs" variant="subtle" onClick={() => place(way)}>
                {t('schedule:board.place')}
              </Button>
            )}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
