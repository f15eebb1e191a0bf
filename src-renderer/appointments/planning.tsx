import { Button, Checkbox, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import type { Values } from '../kit/definition.ts';
import { ErrorState, Loading } from '../kit/States.tsx';

interface VisitWindow {
  from: string;
  to: string;
  hard: boolean;
}
/** A moment as the browser's field for date and time has it, in the person's own zone, and back. */
const toField = (moment: string): string => (moment ? new Date(Date.parse(moment) - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '');
const fromField = (value: string): string => (value ? new Date(value).toISOString() : '');

/** When somebody may come: hard windows are kept, soft ones are promises. */
export function VisitWindows({ value, set, error }: { value: unknown; set: (value: VisitWindow[]) => void; error: string | undefined }) {
  const { t } = useTranslation();
  const windows = (Array.isArray(value) ? value : []) as VisitWindow[];
  const change = (index: number, patch: Partial<VisitWindow> | null): void => set(windows.flatMap((one, at) => (at !== index ? [one] : patch === null ? [] : [{ ...one, ...patch }])));
  return (
    <Input.Wrapper label={t('appointments:fields.windows')} error={error}>
      <Stack gap={6} mt={4}>
        {windows.map((one, index) => (
          <Group key={index} gap="xs">
            <TextInput type="datetime-local" size="xs" aria-label={t('appointments:from')} value={toField(one.from)} onChange={(event) => change(index, { from: fromField(event.currentTarget.value) })} />
            <TextInput type="datetime-local" size="xs" aria-label={t('appointments:to')} value={toField(one.to)} onChange={(event) => change(index, { to: fromField(event.currentTarget.value) })} />
            <Checkbox size="xs" label={t('appointments:hard')} checked={one.hard} onChange={(event) => change(index, { hard: event.currentTarget.checked })} />
            <Button size="compact-xs" variant="subtle" color="red" aria-label={t('appointments:remove_window')} onClick={() => change(index, null)}>
              <IconTrash size={14} aria-hidden />
            </Button>
          </Group>
        ))}
        <Button size="compact-sm" variant="subtle" w="fit-content" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => set([...windows, { from: windows.at(-1)?.from ?? new Date().toISOString(), to: windows.at(-1)?.to ?? new Date(Date.now() + 7_200_000).toISOString(), hard: true }])}>
          {t('appointments:add_window')}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}

/** "When can we come?": places between what is planned, the cheapest first; a choice fills start and engineer. */
export function Slots({ values, set }: { values: Values; set: (name: string, value: unknown) => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ date: string; client: string; minutes: number } | null>(null);
  const query = useQuery({ queryKey: [['appointments', 'slots'], asked], queryFn: () => client.schedule.slots({ date: asked?.date ?? '', client_id: asked?.client, duration_minutes: asked?.minutes ?? 60, limit: 5 }), enabled: asked !== null, retry: false });
  const [start, clientId] = [values['starts_at'], values['client_id']];
  const ready = typeof start === 'string' && start !== '' && typeof clientId === 'string' && clientId !== '';
  return (
    <Stack gap={4}>
      <Button size="compact-sm" variant="light" w="fit-content" disabled={!ready} title={ready ? undefined : t('schedule:slots.need')} onClick={() => ready && setAsked({ date: toField(start).slice(0, 10), client: clientId, minutes: Number(values['duration_minutes'] ?? 60) || 60 })}>
        {t('schedule:slots.ask')}
      </Button>
      {asked && query.isPending && <Loading rows={2} />}
      {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {query.data?.items.length === 0 && <Text size="sm">{t('schedule:slots.none')}</Text>}
      {query.data?.items.map((way) => (
        <Button
          key={`${way.engineer_id}-${way.starts_at}`}
          size="compact-sm"
          variant="subtle"
          w="fit-content"
          onClick={() => {
            set('starts_at', way.starts_at);
            set('assigned_to', way.engineer_id);
            set('assigned_to_name', way.engineer_name);
            setAsked(null);
          }}
        >
          {way.sentence}
        </Button>
      ))}
    </Stack>
  );
}
