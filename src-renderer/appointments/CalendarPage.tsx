import { ActionIcon, Button, Group, SegmentedControl, Select, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { APPOINTMENT_STATUSES, type Appointment, type AppointmentStatus } from '../../src-shared/appointments/model.ts';
import { client } from '../app/client.ts';
import { ifMatch } from '../kit/conditional.ts';
import { formatMoment, localDate } from '../kit/formats.ts';
import { cardLink } from '../kit/links.ts';
import { RefPicker } from '../kit/RefPicker.tsx';
import { ErrorState } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { useKeys } from '../kit/useKeys.ts';
import { addDays, daysOf, stepOf, type CalendarView } from './calendar-days.ts';
import { MonthGrid } from './MonthGrid.tsx';
import { TimeGrid } from './TimeGrid.tsx';

/** Who is where and when; what is dragged is moved. */
export function CalendarPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const narrow = useMediaQuery('(max-width: 700px)') ?? false;
  const [params, setParams] = useSearchParams();
  const view = (params.get('view') as CalendarView | null) ?? (narrow ? 'day' : 'week');
  const anchor = params.get('date') ? new Date(`${params.get('date')}T00:00:00`) : new Date();
  const person = params.get('assigned_to');
  const status = params.get('status') as AppointmentStatus | null;
  const days = daysOf(view, anchor);
  const first = days[0] as Date;
  const last = addDays(days.at(-1) as Date, 1);
  const set = (patch: Record<string, string | null>): void =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      for (const [name, value] of Object.entries(patch)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
  const input = { from: first.toISOString(), to: last.toISOString(), limit: 1000, ...(person ? { assigned_to: person } : {}), ...(status ? { status: [status] } : {}) };
  const query = useQuery({ queryKey: [['appointments', 'list'], input], queryFn: () => client.appointments.list(input), placeholderData: keepPreviousData });
  const items = query.data?.items ?? [];
  const step = (by: number): void => set({ date: localDate(stepOf(view, anchor, by)) });
  useKeys({ KeyJ: () => step(1), KeyK: () => step(-1), ArrowRight: () => step(1), ArrowLeft: () => step(-1) });

  const change = async (appointment: Appointment, values: { starts_at: string; ends_at?: string }): Promise<void> => {
    cache.setQueryData<typeof query.data>([['appointments', 'list'], input], (page) => page && { ...page, items: page.items.map((one) => (one.id === appointment.id ? { ...one, ...values, ends_at: values.ends_at ?? new Date(Date.parse(values.starts_at) + Date.parse(one.ends_at) - Date.parse(one.starts_at)).toISOString() } : one)) });
    try {
      await client.appointments.update({ id: appointment.id, ...values }, ifMatch(appointment.version));
      toastDone(t('appointments:moved', { when: formatMoment(values.starts_at) }));
    } catch (error) {
      toastError(error);
    } finally {
      await cache.invalidateQueries({ predicate: ({ queryKey }) => Array.isArray(queryKey[0]) && queryKey[0][0] === 'appointments' });
    }
  };
  const open = (appointment: Appointment): void => void navigate(cardLink('appointments', appointment));
  const create = (start: Date, minutes = 60): void => void navigate(`/appointments/new?${new URLSearchParams({ starts_at: start.toISOString(), minutes: String(minutes) })}`);
  const heading = new Intl.DateTimeFormat(i18n.language, view === 'day' ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } : { month: 'long', year: 'numeric' }).format(view === 'week' ? addDays(first, 3) : anchor);

  return (
    <div style={{ display: 'flex', flexDirection: 'column', height: '100%' }}>
      <Group px="md" pt="sm" pb="xs" justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={1}>
            {heading.charAt(0).toUpperCase() + heading.slice(1)}
          </Title>
          <Group gap="xs" wrap="nowrap">
            <ActionIcon variant="subtle" color="gray" aria-label={t('appointments:previous')} onClick={() => step(-1)}>
              <IconChevronLeft size={18} />
            </ActionIcon>
            <Button size="compact-sm" variant="default" onClick={() => set({ date: null })}>
              {t('appointments:today')}
            </Button>
            <ActionIcon variant="subtle" color="gray" aria-label={t('appointments:next')} onClick={() => step(1)}>
              <IconChevronRight size={18} />
            </ActionIcon>
          </Group>
        </Group>
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label={t('app:list.view')} value={view} onChange={(next) => set({ view: next })} data={(['day', 'week', 'month'] as const).map((value) => ({ value, label: t(`appointments:${value}`) }))} />
          <Select size="xs" w={150} aria-label={t('appointments:fields.status')} placeholder={t('appointments:all_statuses')} data={APPOINTMENT_STATUSES.map((value) => ({ value, label: t(`appointments:enums.${value}`) }))} value={status} onChange={(next) => set({ status: next })} clearable />
          <div style={{ width: 190 }}>
            <RefPicker to="users" label={t('appointments:fields.assigned_to')} hideLabel value={person} name={params.get('person_name')} onChange={(id, choice) => set({ assigned_to: id, person_name: choice?.label ?? null })} />
          </div>
          <Button leftSection={<IconPlus size={16} aria-hidden />} component={Link} to="/appointments/new">
            {t('appointments:new')}
          </Button>
        </Group>
      </Group>
      {query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : view === 'month' ? (
        <MonthGrid days={days} month={anchor.getMonth()} items={items} onOpen={open} onMove={(item, starts) => void change(item, { starts_at: starts.toISOString() })} onDay={(day) => set({ view: 'day', date: localDate(day) })} />
      ) : (
        <TimeGrid days={days} items={items} onOpen={open} onCreate={create} onMove={(item, starts) => void change(item, { starts_at: starts.toISOString() })} onResize={(item, ends) => void change(item, { starts_at: item.starts_at, ends_at: ends.toISOString() })} />
      )}
    </div>
  );
}
