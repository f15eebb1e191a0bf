import { Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Plan, PlannedStop } from '../../src-shared/schedule/contract.ts';
import { BoardJudge } from '../../src-shared/schedule/judge.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useMay } from '../app/session.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError, toastUndo } from '../kit/toasts.tsx';
import { Board, type DayEvent } from './Board.tsx';
import classes from './Board.module.css';
import { CostCurve } from './CostCurve.tsx';
import { DaySheets } from './DaySheet.tsx';
import { PlanPanel } from './PlanPanel.tsx';
import { RouteMap } from './RouteMap.tsx';
import { ScheduleTools, today } from './ScheduleTools.tsx';
import { StopPanel } from './StopPanel.tsx';
import { dayKey, useMoves } from './useMoves.ts';
import { useThinking } from './useThinking.ts';
import { WorkingDays } from './WorkingDays.tsx';

const SECONDS = 5;
const VIEWS = ['after', 'both', 'before'] as const;
type View = (typeof VIEWS)[number];

/** The dispatch board: who goes where and when on a day, and how it could be better. */
export function SchedulePage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const date = /^\d{4}-\d{2}-\d{2}$/.test(params.get('date') ?? '') ? (params.get('date') as string) : today();
  const mayPlan = useMay('schedule.write');
  const query = useQuery({ queryKey: dayKey(date), queryFn: () => client.schedule.day({ date }) });
  const rules = useQuery({ queryKey: [['appointments', 'board'], date], queryFn: () => client.schedule.board({ date }), enabled: mayPlan });
  const judge = useMemo(() => (rules.data ? new BoardJudge(rules.data) : null), [rules.data]);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [view, setView] = useState<View>('after');
  const [selected, setSelected] = useState<PlannedStop | null>(null);
  const [days, setDays] = useState(false);
  const [sheet, setSheet] = useState<string | null>(null);
  const thinking = useThinking();
  const nameOf = useCallback((engineer: string) => query.data?.routes.find((route) => route.engineer_id === engineer)?.engineer_name ?? '', [query.data]);
  const { drop, pin } = useMoves(date, nameOf);

  const show = (next: string): void => {
    setPlan(null);
    setSelected(null);
    setParams(next === today() ? {} : { date: next }, { replace: true });
  };
  const think = async (work: (taskId: string) => Promise<Plan>): Promise<void> => {
    setSelected(null);
    const made = await thinking.think(work);
    if (!made) return;
    setView('after');
    setPlan(made);
  };
  const replan = mayPlan && !plan && date === today() ? (event: DayEvent) => void think((task_id) => client.schedule.replan({ event, task_id })) : null;
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
  const print = (engineer: string | null): void => {
    // The sheets must stand in the page before the browser looks at it.
    flushSync(() => setSheet(engineer));
    window.print();
  };
  const told = query.data?.routes ?? [];
  const routes = plan && view !== 'before' ? plan.routes : told;
  const mayMove = mayPlan && !plan;
  // A visit of the present day is shown as it is by now.
  const shown = selected && !plan ? ([...told.flatMap((route) => route.stops), ...(query.data?.unassigned ?? [])].find((stop) => stop.appointment_id === selected.appointment_id) ?? null) : selected;
  return (
    <>
      <Stack p="md" gap="md" className={classes['screen']}>
        <Group justify="space-between" align="flex-end">
          <Title order={1}>{t('schedule:title')}</Title>
          <ScheduleTools date={date} show={show} openDays={() => setDays(true)} optimize={mayPlan ? () => void think((task_id) => client.schedule.optimize({ date, seconds: SECONDS, task_id })) : null} thinking={thinking.id !== null} stop={thinking.stop} hasPlan={plan !== null} routes={routes} print={print} />
        </Group>
        {thinking.id !== null && (
          <Paper withBorder p="sm" radius="md" role="status">
            <Text size="sm">{t('schedule:curve.thinking')}</Text>
            <CostCurve points={thinking.points} until={thinking.points.at(-1)?.seconds ?? 0} />
          </Paper>
        )}
        {plan && <PlanPanel plan={plan} apply={() => void apply()} discard={() => setPlan(null)} />}
        {query.isPending ? (
          <Loading rows={8} />
        ) : query.isError ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : routes.length === 0 && query.data.unassigned.length === 0 ? (
          <EmptyState title={t('schedule:board.empty')} hint={t('schedule:board.empty_hint')} />
        ) : (
          <>
            {plan && <SegmentedControl w="fit-content" size="xs" aria-label={t('schedule:plan.view')} data={VIEWS.map((value) => ({ value, label: t(`schedule:plan.views.${value}`) }))} value={view} onChange={(value) => setView(value as View)} />}
            <Board routes={routes} before={plan && view === 'both' ? told : null} unassigned={plan && view !== 'before' ? [] : query.data.unassigned} judge={judge} selected={shown?.appointment_id ?? null} select={setSelected} drop={mayMove ? drop : null} pin={pin} replan={replan} />
            {shown && <StopPanel key={shown.appointment_id} stop={shown} date={date} routes={told} judge={judge} drop={mayMove ? drop : null} pin={pin} today={date === today() && !plan} replan={replan} close={() => setSelected(null)} />}
            <RouteMap routes={routes} selected={shown?.appointment_id ?? null} select={setSelected} />
          </>
        )}
      </Stack>
      <WorkingDays opened={days} close={() => setDays(false)} />
      <DaySheets routes={routes} only={sheet} />
    </>
  );
}
