import { useTranslation } from 'react-i18next';
import type { PlannedStop, ScheduleDay } from '../../src-shared/schedule/contract.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { refusalOf } from '../kit/errors.ts';
import { formatTime } from '../kit/formats.ts';
import { toastDone, toastError, toastRefused, toastUndo } from '../kit/toasts.tsx';
import type { Drop } from './dragging.ts';
import { reasonsOf } from './verdict.ts';

export const dayKey = (date: string) => [['appointments', 'schedule'], date] as const;

/** A day with one visit elsewhere, as it looks until the core has answered. */
function moved(day: ScheduleDay, stop: PlannedStop, engineer: string | null, startsAt: number): ScheduleDay {
  const length = Date.parse(stop.ends_at) - Date.parse(stop.starts_at);
  const starts = new Date(startsAt).toISOString();
  const there: PlannedStop = { ...stop, starts_at: starts, ends_at: new Date(startsAt + length).toISOString(), departs_at: starts, arrives_at: starts, travel_minutes: 0, distance_km: 0, late_minutes: 0, before: { ...stop.before, assigned_to: engineer, starts_at: starts } };
  const without = (stops: readonly PlannedStop[]): PlannedStop[] => stops.filter((one) => one.appointment_id !== stop.appointment_id);
  const away = (route: ScheduleDay['routes'][number]): number => Math.max(0, Date.parse(route.shift_from) - startsAt, startsAt - Date.parse(route.shift_to));
  const [home] = day.routes.filter((route) => route.engineer_id === engineer).sort((a, b) => away(a) - away(b));
  return {
    ...day,
    routes: day.routes.map((route) => ({ ...route, stops: route === home ? [...without(route.stops), there].sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1)) : without(route.stops) })),
    unassigned: engineer === null ? [...without(day.unassigned), there] : without(day.unassigned),
  };
}

/** Moves by hand: shown at once, refused in words, written as one change that can be taken back. */
export function useMoves(date: string, nameOf: (engineer: string) => string): { drop: Drop; pin: (stop: PlannedStop, pinned?: string) => void } {
  const { t } = useTranslation();
  const write = async (stop: PlannedStop, engineer: string | null, startsAt: number, anyway: boolean): Promise<void> => {
    const before = queryClient.getQueryData<ScheduleDay>(dayKey(date));
    if (before) queryClient.setQueryData(dayKey(date), moved(before, stop, engineer, startsAt));
    try {
      const { change_id } = await client.schedule.move({ appointment_id: stop.appointment_id, engineer_id: engineer, starts_at: new Date(startsAt).toISOString(), anyway });
      if (change_id !== null) toastUndo(engineer === null ? t('schedule:drag.taken', { title: stop.title }) : t('schedule:drag.moved', { title: stop.title, name: nameOf(engineer), time: formatTime(new Date(startsAt).toISOString()) }), change_id);
    } catch (error) {
      if (before) queryClient.setQueryData(dayKey(date), before);
      const { data, message } = refusalOf(error);
      if (data.detail === 'move_refused') refuse(message, stop, engineer, startsAt);
      else toastError(error);
    }
    await queryClient.invalidateQueries();
  };
  const refuse = (message: string, stop: PlannedStop, engineer: string | null, startsAt: number): void => toastRefused(message, { label: t('schedule:drag.anyway'), run: () => void write(stop, engineer, startsAt, true) });
  return {
    drop: (stop, engineer, startsAt, judgement) => {
      if (stop.before.assigned_to === engineer && Date.parse(stop.starts_at) === startsAt) return;
      if (judgement && judgement.breaches.length > 0) refuse(t('schedule:errors.move_refused', { reasons: reasonsOf(t, judgement, 4) }), stop, engineer, startsAt);
      else void write(stop, engineer, startsAt, false);
    },
    pin: (stop, pinned = stop.pinned === 'none' ? 'both' : 'none') => {
      client.appointments.update({ id: stop.appointment_id, pinned: pinned as 'none' }).then(
        async () => {
          toastDone(t(`schedule:pins.${pinned}`));
          await queryClient.invalidateQueries();
        },
        (error: unknown) => toastError(error),
      );
    },
  };
}
