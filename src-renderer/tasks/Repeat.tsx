import { Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { refusalOf } from '../kit/errors.ts';
import { formatDate } from '../kit/formats.ts';

const READY: Record<string, string> = { daily: 'FREQ=DAILY', workdays: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', weekly: 'FREQ=WEEKLY', monthly: 'FREQ=MONTHLY', yearly: 'FREQ=YEARLY' };
const PREVIEW = 6;

interface Props {
  rule: string | null;
  due: string | null;
  onChange: (next: string | null) => void;
  error?: string | undefined;
}

/** A repeat in words: ready rules or one's own, with the dates that it gives. */
export function Repeat({ rule, due, onChange, error }: Props) {
  const { t } = useTranslation();
  const [own, setOwn] = useState(rule !== null && !Object.values(READY).includes(rule));
  const chosen = own ? 'own' : (Object.entries(READY).find(([, value]) => value === rule)?.[0] ?? 'none');
  return (
    <Stack gap={6}>
      <Select
        label={t('tasks:fields.rrule')}
        data={['none', ...Object.keys(READY), 'own'].map((value) => ({ value, label: t(`tasks:repeat.${value}`) }))}
        value={chosen}
        allowDeselect={false}
        error={own ? undefined : error}
        onChange={(next) => {
          setOwn(next === 'own');
          onChange(next === 'none' || !next ? null : next === 'own' ? (rule ?? 'FREQ=WEEKLY;INTERVAL=2') : (READY[next] ?? null));
        }}
      />
      {own && <TextInput aria-label={t('tasks:repeat.own')} value={rule ?? ''} onChange={(event) => onChange(event.currentTarget.value || null)} error={error} />}
      {rule && due && <NextDates rule={rule} due={due} />}
    </Stack>
  );
}

/** The rule in words and its next dates. */
export function NextDates({ rule, due }: { rule: string; due: string }) {
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(rule, 250);
  const preview = useQuery({ queryKey: [['tasks', 'preview'], asked, due], queryFn: () => client.tasks.preview({ rrule: asked, due_date: due, count: PREVIEW }), retry: false });
  if (preview.isError)
    return (
      <Text size="xs" c="var(--late)">
        {refusalOf(preview.error).message}
      </Text>
    );
  return (
    <Text size="xs" c="dimmed">
      {preview.data && `${preview.data.words}. ${t('tasks:next_dates')}: ${preview.data.dates.map(formatDate).join('; ')}`}
    </Text>
  );
}
