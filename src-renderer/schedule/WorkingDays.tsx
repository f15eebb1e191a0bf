import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { DAY_ENDS, type Engineer } from '../../src-shared/schedule/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useMay } from '../app/session.ts';
import { Failure } from '../kit/Failure.tsx';
import { PartsInput } from '../kit/PartsInput.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';
import { TravelRules } from './TravelRules.tsx';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
/** A Monday, to name weekdays by. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;

/** Whose days are planned, from where, and what each can do. */
export function WorkingDays({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [['engineers', 'list']], queryFn: () => client.engineers.list({ limit: 200 }), enabled: opened });
  const mayPlan = useMay('schedule.write');
  const mayManage = useMay('organization.manage');
  const [edited, setEdited] = useState<Engineer | 'new' | null>(null);
  return (
    <Modal opened={opened} onClose={close} title={t('schedule:days.title')} size="lg" closeButtonProps={{ 'aria-label': t('app:actions.close') }}>
      {edited ? (
        <DayForm engineer={edited === 'new' ? null : edited} done={() => setEdited(null)} />
      ) : (
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('schedule:days.hint')}
          </Text>
          {query.isPending && <Loading rows={3} />}
          {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
          {query.data?.items.map((engineer) => (
            <Group key={engineer.id} justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text fw={600}>{engineer.user_name}</Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {[engineer.address, engineer.skills.join(', '), engineer.absences.length > 0 ? t('schedule:days.absences', { count: engineer.absences.length }) : null].filter(Boolean).join(' · ')}
                </Text>
              </div>
              {mayPlan && (
                <Button size="compact-sm" variant="light" onClick={() => setEdited(engineer)}>
                  {t('remote-access:edit')}
                </Button>
              )}
            </Group>
          ))}
          {mayPlan && (
            <Button variant="light" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
              {t('schedule:days.add')}
            </Button>
          )}
          {mayManage && <TravelRules />}
        </Stack>
      )}
    </Modal>
  );
}

type Shift = Engineer['shifts'][number];
type Absence = Engineer['absences'][number];

function DayForm({ engineer, done }: { engineer: Engineer | null; done: () => void }) {
  const { t, i18n } = useTranslation();
  const [values, setValues] = useState({
    user_id: engineer?.user_id ?? null,
    address: engineer?.address ?? '',
    day_ends: engineer?.day_ends ?? 'base',
    skills: engineer?.skills ?? [],
    overtime_minutes: engineer?.overtime_minutes ?? 0,
    lunch_from: engineer?.lunch_from ?? '',
    lunch_to: engineer?.lunch_to ?? '',
    lunch_minutes: engineer?.lunch_minutes ?? 0,
    shifts: engineer?.shifts ?? [],
    absences: engineer?.absences ?? [],
    stock: engineer?.stock ?? [],
    travel_percent: engineer?.travel_percent ?? 100,
    cost_percent: engineer?.cost_percent ?? 100,
  });
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const set = <K extends keyof typeof values>(name: K, value: (typeof values)[K]): void => {
    setValues((before) => ({ ...before, [name]: value }));
    clear(name);
  };
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' });
  const shiftOf = (day: number): Shift | undefined => values.shifts.find((shift) => shift.weekday === day);
  const setShift = (day: number, change: Partial<Shift> | null): void => {
    const others = values.shifts.filter((shift) => shift.weekday !== day);
    set('shifts', change === null ? others : [...others, { weekday: day, from: '09:00', to: '18:00', ...shiftOf(day), ...change }].sort((a, b) => a.weekday - b.weekday));
  };
  const setAbsence = (index: number, change: Partial<Absence> | null): void => set('absences', values.absences.flatMap((one, at) => (at !== index ? [one] : change === null ? [] : [{ ...one, ...change }])));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { user_id: userId } = values;
    if (refuse({ user_id: userId ? null : t('app:form.required') }) || !userId) return;
    void run(async () => {
      const body = { ...values, user_id: userId, address: values.address || null, lunch_from: values.lunch_from || null, lunch_to: values.lunch_to || null, lunch_minutes: values.lunch_minutes || null };
      await (engineer ? client.engineers.update({ id: engineer.id, ...body }) : client.engineers.create(body));
      await queryClient.invalidateQueries();
      toastDone(t('schedule:days.saved'));
      done();
    });
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Failure text={failure} />
        <RefPicker to="users" label={t('schedule:days.who')} required value={values.user_id} name={engineer?.user_name ?? null} error={errors['user_id']} onChange={(id) => set('user_id', id)} />
        <Group grow align="flex-start">
          <TextInput name="address" label={t('schedule:days.base')} value={values.address} onChange={(event) => set('address', event.currentTarget.value)} error={errors['address']} />
          <Select label={t('schedule:days.ends')} data={DAY_ENDS.map((value) => ({ value, label: t(`schedule:days.day_ends.${value}`) }))} value={values.day_ends} allowDeselect={false} onChange={(value) => value && set('day_ends', value as 'base' | 'last')} />
        </Group>
        <TagsInput name="skills" label={t('schedule:days.skills')} value={values.skills} onChange={(value) => set('skills', value)} error={errors['skills']} />
        <Text fw={600} size="sm">
          {t('schedule:days.hours')}
        </Text>
        {WEEKDAYS.map((day) => (
          <Group key={day} gap="xs">
            <Checkbox w={150} label={weekday.format(new Date(MONDAY + (day - 1) * DAY))} checked={shiftOf(day) !== undefined} onChange={(event) => setShift(day, event.currentTarget.checked ? {} : null)} />
            {shiftOf(day) && (
              <>
                <TextInput type="time" size="xs" aria-label={t('appointments:from')} value={shiftOf(day)?.from ?? ''} onChange={(event) => setShift(day, { from: event.currentTarget.value })} />
                <TextInput type="time" size="xs" aria-label={t('appointments:to')} value={shiftOf(day)?.to ?? ''} onChange={(event) => setShift(day, { to: event.currentTarget.value })} />
              </>
            )}
          </Group>
        ))}
        {errors['shifts'] && (
          <Text size="sm" c="red">
            {errors['shifts']}
          </Text>
        )}
        <Group grow align="flex-start">
          <NumberInput name="overtime_minutes" label={t('schedule:days.overtime')} min={0} max={720} value={values.overtime_minutes} onChange={(value) => set('overtime_minutes', Number(value))} error={errors['overtime_minutes']} />
          <TextInput name="lunch_from" type="time" label={t('schedule:days.lunch_from')} value={values.lunch_from} onChange={(event) => set('lunch_from', event.currentTarget.value)} error={errors['lunch_from']} />
          <TextInput name="lunch_to" type="time" label={t('schedule:days.lunch_to')} value={values.lunch_to} onChange={(event) => set('lunch_to', event.currentTarget.value)} error={errors['lunch_to']} />
          <NumberInput name="lunch_minutes" label={t('schedule:days.lunch_minutes')} min={0} max={240} value={values.lunch_minutes} onChange={(value) => set('lunch_minutes', Number(value))} error={errors['lunch_minutes']} />
        </Group>
        <Group grow align="flex-start">
          <NumberInput name="travel_percent" label={t('schedule:fields.travel_percent')} min={20} max={500} value={values.travel_percent} onChange={(value) => set('travel_percent', Number(value))} error={errors['travel_percent']} />
          <NumberInput name="cost_percent" label={t('schedule:fields.cost_percent')} min={0} max={1000} value={values.cost_percent} onChange={(value) => set('cost_percent', Number(value))} error={errors['cost_percent']} />
        </Group>
        <PartsInput label={t('schedule:fields.stock')} value={values.stock} set={(value) => set('stock', value)} error={errors['stock']} />
        <Text fw={600} size="sm">
          {t('schedule:days.away')}
        </Text>
        {values.absences.map((absence, index) => (
          <Group key={index} gap="xs">
            <TextInput type="date" size="xs" aria-label={t('appointments:from')} value={absence.from.slice(0, 10)} onChange={(event) => setAbsence(index, { from: event.currentTarget.value })} />
            <TextInput type="date" size="xs" aria-label={t('appointments:to')} value={absence.to.slice(0, 10)} onChange={(event) => setAbsence(index, { to: event.currentTarget.value })} />
            <Button size="compact-sm" variant="subtle" color="red" aria-label={t('remote-access:remove')} onClick={() => setAbsence(index, null)}>
              <IconTrash size={14} aria-hidden />
            </Button>
          </Group>
        ))}
        {errors['absences'] && (
          <Text size="sm" c="red">
            {errors['absences']}
          </Text>
        )}
        <Group justify="space-between">
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => set('absences', [...values.absences, { from: today(), to: today() }])}>
            {t('schedule:days.add_absence')}
          </Button>
          <Group gap="xs">
            <Button variant="subtle" onClick={done}>
              {t('app:actions.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('app:actions.save')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

const today = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
