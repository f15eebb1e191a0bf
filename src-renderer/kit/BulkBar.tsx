import { Button, Group, Paper, Select, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntityPageDefinition, EntityRow } from './definition.ts';
import { refusalOf } from './errors.ts';
import { RefPicker } from './RefPicker.tsx';
import { toastDone, toastError } from './toasts.tsx';

/** What can be done with several rows at once: one field, or the trash. */
export function BulkBar<T extends EntityRow>({ definition, rows, onDone }: { definition: EntityPageDefinition<T>; rows: T[]; onDone: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [field, setField] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (rows.length === 0) return null;
  const editable = definition.fields.filter((one) => one.kind === 'select' || one.kind === 'ref');
  const chosen = editable.find((one) => one.name === field);

  const each = async (work: (row: T) => Promise<unknown>): Promise<void> => {
    setBusy(true);
    let done = 0;
    let refused: string | null = null;
    for (const row of rows) {
      try {
        await work(row);
        done++;
      } catch (error) {
        refused = refusalOf(error).message;
      }
    }
    setBusy(false);
    if (refused) toastError(new Error(t('app:bulk.partly', { done, refused: rows.length - done, why: refused })));
    else toastDone(t('app:bulk.done', { count: done }));
    setField(null);
    onDone();
    await cache.invalidateQueries();
  };
  const apply = (value: string | null): void => void (chosen && definition.update && each((row) => (definition.update as NonNullable<typeof definition.update>)(row.id, { [chosen.name]: value }, row.version)));

  return (
    <Paper withBorder shadow="md" p="xs" m="xs" radius="md" role="region" aria-label={t('app:bulk.title')}>
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {t('app:bulk.selected', { count: rows.length })}
        </Text>
        {definition.update && editable.length > 0 && (
          <Select size="xs" aria-label={t('app:bulk.field')} placeholder={t('app:bulk.field')} data={editable.map((one) => ({ value: one.name, label: t(one.label) }))} value={field} onChange={setField} w={170} disabled={busy} />
        )}
        {chosen?.kind === 'select' && <Select size="xs" aria-label={t(chosen.label)} placeholder={t(chosen.label)} data={(chosen.options ?? []).map((option) => ({ value: option, label: t(`${chosen.labels ?? 'app:enums'}.${option}`) }))} onChange={apply} w={170} disabled={busy} />}
        {chosen?.kind === 'ref' && <RefPicker to={chosen.to ?? 'users'} label={t(chosen.label)} hideLabel value={null} onChange={(id) => apply(id)} />}
        {definition.remove && (
          <Button size="compact-sm" color="red" variant="light" loading={busy} onClick={() => void each((row) => (definition.remove as NonNullable<typeof definition.remove>)(row.id))}>
            {t('app:actions.delete')}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onDone} disabled={busy}>
          {t('app:bulk.clear')}
        </Button>
      </Group>
    </Paper>
  );
}
