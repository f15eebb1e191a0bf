import { ActionIcon, Button, Group, Select, Stack, TextInput, Title } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPrinter, IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Plan, PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import { client } from '../app/client.ts';
import { useProgressWatch } from '../app/ProgressDock.tsx';
import { queryClient } from '../app/query.ts';
import { useMay } from '../app/session.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError, toastUndo } from '../kit/toasts.tsx';
import { Board } from './Board.tsx';
import { DaySheets } from './DaySheet.tsx';
import { PlanPanel } from './PlanPanel.tsx';
import { RouteMap } from './RouteMap.tsx';
import { StopPanel } from './StopPanel.tsx';
import { WorkingDays } from './WorkingDays.tsx';
import classes from './Board.module.css';

const DAY = 86_400_000;
const today = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
const shifted = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
const SECONDS = 5;

/** The dispatch board: who goes where and when on a day, and how it could be better. */
export function SchedulePage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const date = /^\d{4}-\d{2}-\d{2}$/.test(params.get('date') ?? '') ? (params.get('date') as string) : today();
  const mayPlan = useMay('schedule.write');
  const query = useQuery({ queryKey: [['appointments', 'schedule'], date], queryFn: () => client.schedule.day({ date }) });
  const settings = useQuery({ queryKey: [['organizations', 'schedule']], queryFn: () => client.schedule.settings() });
  const watch = useProgressWatch((progress) => progress.watch);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [thinking, setThinking] = useState<string | null>(null);
  const [selected, setSelected] = useState<PlannedStop | null>(null);
  const [days, setDays] = useState(false);
  const [sheet, setSheet] = useState<string | null>(null);

  const show = (next: string): void => {
    setPlan(null);
    setSelected(null);
    setParams(next === today() ? {} : { date: next }, { replace: true });
  };
  const think = async (work: (taskId: string) => Promise<Plan>): Promise<void> => {
    const taskId = crypto.randomUUID();
    setThinking(taskId);
    watch();
    setSelected(null);
    try {
      setPlan(await work(taskId));
    } catch (error) {
      toastError(error);
    } finally {
      setThinking(null);
    }
  };
  const optimize = (): Promise<void> => think((task_id) => client.schedule.optimize({ date, seconds: SECONDS, task_id }));
  const replan = (event: Parameters<typeof client.schedule.replan>[0]['event']): Promise<void> => think((task_id) => client.schedule.replan({ event, task_id }));
  const apply = async (): Promise<void> => {
    if (!plan) return;
    try {
      const { changed, change_id } = await client.schedule.apply({ plan_id: plan.plan_id });
      setPlan(null);
      await queryClient.invalidateQueries();
      const said = t('schedule:board.applied', { count: changed });
      if (change_id === null) toastDone(said);
      else toastUndo(said, change_id);
    } catch (error) {
      toastError(error);
    }
  };
  const move = async (stop: PlannedStop, route: PlannedRoute, startsAt: number): Promise<void> => {
    const length = Date.parse(stop.ends_at) - Date.parse(stop.starts_at);
    try {
      await client.appointments.update({ id: stop.appointment_id, assigned_to: route.engineer_id, starts_at: new Date(startsAt).toISOString(), ends_at: new Date(startsAt + length).toISOString() });
      await queryClient.invalidateQueries();
    } catch (error) {
      toastError(error);
    }
  };
  const routes = (plan?.routes ?? query.data?.routes ?? []).filter((route) => route.date === date || plan !== null);
  return (
    <>
      <Stack p="md" gap="md" className={classes['screen']}>
        <Group justify="space-between" align="flex-end">
          <Title order={1}>{t('schedule:title')}</Title>
          <Group gap="xs" align="flex-end">
            <ActionIcon variant="subtle" aria-label={t('appointments:previous')} onClick={() => show(shifted(date, -1))}>
              <IconChevronLeft size={18} aria-hidden />
            </ActionIcon>
            <TextInput type="date" size="xs" aria-label={t('schedule:board.date')} value={date} onChange={(event) => event.currentTarget.value && show(event.currentTarget.value)} />
            <ActionIcon variant="subtle" aria-label={t('appointments:next')} onClick={() => show(shifted(date, 1))}>
              <IconChevronRight size={18} aria-hidden />
            </ActionIcon>
            <Button size="xs" variant="light" onClick={() => setDays(true)}>
              {t('schedule:days.title')}
            </Button>
            {mayPlan && (
              <Button size="xs" leftSection={<IconRoute size={15} aria-hidden />} loading={thinking !== null} disabled={plan !== null} onClick={() => void optimize()}>
                {t('schedule:board.optimize')}
              </Button>
            )}
            {thinking && (
              <Button size="xs" variant="subtle" onClick={() => void client.progress.cancel({ id: thinking }).catch(toastError)}>
                {t('app:actions.cancel')}
              </Button>
            )}
            <Select
              size="xs"
              w={170}
              clearable
              placeholder={t('schedule:sheet.everybody')}
              aria-label={t('schedule:sheet.whose')}
              data={routes.filter((route) => route.stops.length > 0).map((route) => ({ value: route.engineer_id, label: route.engineer_name })).filter((one, index, all) => all.findIndex((other) => other.value === one.value) === index)}
              value={sheet}
              onChange={setSheet}
            />
            <Button size="xs" variant="light" leftSection={<IconPrinter size={15} aria-hidden />} disabled={routes.every((route) => route.stops.length === 0)} onClick={() => window.print()}>
              {t('schedule:sheet.print')}
            </Button>
          </Group>
        </Group>
        {plan && <PlanPanel plan={plan} apply={() => void apply()} discard={() => setPlan(null)} />}
        {query.isPending || settings.isPending ? (
          <Loading rows={8} />
        ) : query.isError ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : settings.isError ? (
          <ErrorState error={settings.error} retry={() => void settings.refetch()} />
        ) : routes.length === 0 && query.data.unassigned.length === 0 ? (
          <EmptyState title={t('schedule:board.empty')} hint={t('schedule:board.empty_hint')} />
        ) : (
          <>
            <Board
              routes={routes}
              unassigned={plan ? [] : query.data.unassigned}
              settings={settings.data}
              selected={selected?.appointment_id ?? null}
              select={setSelected}
              move={mayPlan && !plan ? (stop, route, at) => void move(stop, route, at) : null}
              replan={mayPlan && !plan && date === today() ? (event) => void replan(event) : null}
            />
            {selected && <StopPanel key={selected.appointment_id} stop={selected} date={date} mayPlan={mayPlan && !plan} replan={date === today() ? (event) => void replan(event) : null} close={() => setSelected(null)} />}
            <RouteMap routes={routes} />
          </>
        )}
      </Stack>
      <WorkingDays opened={days} close={() => setDays(false)} />
      <DaySheets routes={routes} only={sheet} />
    </>
  );
}
