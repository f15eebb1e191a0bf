import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EntityRow, Field, Values } from './definition.ts';
import { fieldText } from './fieldText.ts';
import { formatRelative } from './formats.ts';
import { sameValue } from './saving.ts';
import { useAuthor } from './useAuthor.ts';

/** What somebody else has written since the form was opened: told beside it, and written over nothing that is typed. */
export function ChangedMeanwhile<T extends EntityRow>({ seen, now, fields }: { seen: T; now: T; fields: readonly Field[] }) {
  const { t } = useTranslation();
  const [before, present] = [seen as unknown as Values, now as unknown as Values];
  const changed = fields.filter((field) => !sameValue(before[field.name], present[field.name]));
  const author = useAuthor(now, changed.length > 0);
  if (changed.length === 0) return null;
  return (
    <Alert color="blue" variant="light" m="md" mb={0} p="xs" role="status" icon={<IconUsers size={16} aria-hidden />} title={t('app:meanwhile.title', { who: author ?? t('app:conflict.somebody'), when: formatRelative(now.updated_at) })}>
      <List size="sm" spacing={2}>
        {changed.map((field) => (
          <List.Item key={field.name} style={{ overflowWrap: 'anywhere' }}>
            {t('app:meanwhile.field', { field: t(field.label), value: fieldText(field, present) })}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt={4}>
        {t('app:meanwhile.hint')}
      </Text>
    </Alert>
  );
}

/** The card still shows what stood there; the row itself has gone. */
export function GoneMeanwhile() {
  const { t } = useTranslation();
  return (
    <Alert color="orange" variant="light" m="md" mb={0} p="xs" role="status" icon={<IconAlertTriangle size={16} aria-hidden />}>
      {t('app:meanwhile.gone')}
    </Alert>
  );
}
