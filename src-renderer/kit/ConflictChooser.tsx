import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntityRow, Field, Values } from './definition.ts';
import { fieldText } from './fieldText.ts';
import { formatMoment } from './formats.ts';
import type { FieldsConflict } from './saving.ts';
import { useAuthor } from './useAuthor.ts';

interface Props<T extends EntityRow> {
  conflict: FieldsConflict<T>;
  fields: readonly Field[];
  mine: Values;
  /** Saves the chosen values over the newer row. */
  onSave: (values: Values, theirs: T) => void;
  /** Goes on editing with the newer row as the ground. */
  onClose: () => void;
}

/** Field by field, what I have typed beside what somebody else has saved; nothing of either is lost before a choice. */
export function ConflictChooser<T extends EntityRow>({ conflict, fields, mine, onSave, onClose }: Props<T>) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>(() => Object.fromEntries(conflict.fields.map((name) => [name, 'mine'])));
  const { theirs } = conflict;
  const author = useAuthor(theirs);
  const theirValues = theirs as unknown as Values;
  const save = (): void => onSave(Object.fromEntries(Object.entries(mine).filter(([name]) => chosen[name] !== 'theirs')), theirs);

  return (
    <Alert color="orange" variant="light" m="md" mb={0} role="alertdialog" aria-label={t('app:conflict.title')} title={t('app:conflict.title')}>
      <Stack gap="sm">
        <Text size="sm">{t('app:conflict.hint', { who: author ?? t('app:conflict.somebody'), when: formatMoment(theirs.updated_at) })}</Text>
        {conflict.fields.map((name) => {
          const field = fields.find((one) => one.name === name);
          if (!field) return null;
          return (
            <Radio.Group key={name} label={t(field.label)} value={chosen[name] ?? 'mine'} onChange={(value) => setChosen({ ...chosen, [name]: value as 'mine' | 'theirs' })}>
              <Stack gap={4} mt={4}>
                <Radio value="mine" label={t('app:conflict.mine', { value: fieldText(field, mine) })} styles={WRAPPED} />
                <Radio value="theirs" label={t('app:conflict.theirs', { value: fieldText(field, theirValues) })} styles={WRAPPED} />
              </Stack>
            </Radio.Group>
          );
        })}
        <Group justify="flex-end" gap="xs">
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onClose}>
            {t('app:conflict.go_on')}
          </Button>
          <Button size="compact-sm" color="orange" onClick={save}>
            {t('app:conflict.save')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

const WRAPPED = { label: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } } as const;
