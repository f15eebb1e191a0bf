import { Button, Divider, FileButton, Group, List, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Goal, ScheduleSettings } from '../../src-shared/schedule/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { Failure } from '../kit/Failure.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';

/** How travel is reckoned: speed, roads, a server or a table of one's own. */
export function TravelRules() {
  const query = useQuery({ queryKey: [['organizations', 'schedule']], queryFn: () => client.schedule.settings() });
  if (query.isPending) return <Loading rows={2} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return <RulesForm settings={query.data} />;
}

function RulesForm({ settings }: { settings: ScheduleSettings }) {
  const { t } = useTranslation();
  const [values, setValues] = useState({ travel_buffer_minutes: settings.travel_buffer_minutes, speed_kmh: settings.speed_kmh, road_percent: settings.road_percent, osrm_url: settings.osrm_url ?? '', goals: settings.goals });
  const { form, busy, errors, failure, run, clear } = useSubmit();
  const set = <K extends keyof typeof values>(name: K, value: (typeof values)[K]): void => {
    setValues((before) => ({ ...before, [name]: value }));
    clear(name);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void run(async () => {
      await client.schedule.updateSettings({ ...values, osrm_url: values.osrm_url.trim() || null });
      await queryClient.invalidateQueries();
      toastDone(t('schedule:rules.saved'));
    });
  };
  const load = async (file: File | null): Promise<void> => {
    if (!file) return;
    try {
      const { pairs } = await client.schedule.importTravel({ file });
      await queryClient.invalidateQueries();
      toastDone(t('schedule:rules.imported', { count: pairs }));
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Divider />
        <Text fw={600}>{t('schedule:rules.title')}</Text>
        <Failure text={failure} />
        <Group grow align="flex-start">
          <NumberInput name="travel_buffer_minutes" label={t('schedule:rules.buffer')} min={0} max={120} value={values.travel_buffer_minutes} onChange={(value) => set('travel_buffer_minutes', Number(value))} error={errors['travel_buffer_minutes']} />
          <NumberInput name="speed_kmh" label={t('schedule:rules.speed')} min={5} max={130} value={values.speed_kmh} onChange={(value) => set('speed_kmh', Number(value))} error={errors['speed_kmh']} />
          <NumberInput name="road_percent" label={t('schedule:rules.road')} min={100} max={300} value={values.road_percent} onChange={(value) => set('road_percent', Number(value))} error={errors['road_percent']} />
        </Group>
        <TextInput name="osrm_url" label={t('schedule:rules.osrm')} placeholder="http://192.168.1.20:5000" value={values.osrm_url} onChange={(event) => set('osrm_url', event.currentTarget.value)} error={errors['osrm_url']} />
        <Text size="sm" fw={500}>
          {t('schedule:rules.goals')}
        </Text>
        <List type="ordered" size="sm" aria-label={t('schedule:rules.goals')}>
          {values.goals.map((goal, index) => (
            <List.Item key={goal}>
              {t(`schedule:goals.${goal}`)}{' '}
              {index > 0 && (
                <Button size="compact-xs" variant="subtle" aria-label={t('schedule:rules.raise', { goal: t(`schedule:goals.${goal}`) })} onClick={() => set('goals', values.goals.with(index, values.goals[index - 1] as Goal).with(index - 1, goal))}>
                  ↑
                </Button>
              )}
            </List.Item>
          ))}
        </List>
        <Group justify="space-between">
          <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => void load(file)}>
            {(props) => (
              <Button {...props} size="compact-sm" variant="subtle">
                {t('schedule:rules.import')}
              </Button>
            )}
          </FileButton>
          <Button type="submit" variant="light" loading={busy}>
            {t('schedule:rules.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
