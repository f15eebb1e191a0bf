import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Columns } from './useColumns.ts';

/** Which columns a list shows, and in what order. */
export function ColumnMenu<T>({ columns }: { columns: Columns<T> }) {
  const { t } = useTranslation();
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Tooltip label={t('app:list.columns')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('app:list.columns')}>
            <IconColumns3 size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={t('app:list.columns')}>
        <Stack gap={2}>
          {columns.all.map((column, index) => {
            const name = t(column.header);
            return (
              <Group key={column.key} justify="space-between" wrap="nowrap" gap="lg">
                <Checkbox size="xs" label={name} checked={!columns.hidden.has(column.key)} onChange={() => columns.toggle(column.key)} />
                <Group gap={0} wrap="nowrap">
                  <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('app:list.column_left', { name })} disabled={index === 0} onClick={() => columns.move(column.key, -1)}>
                    <IconChevronUp size={14} />
                  </ActionIcon>
                  <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('app:list.column_right', { name })} disabled={index === columns.all.length - 1} onClick={() => columns.move(column.key, 1)}>
                    <IconChevronDown size={14} />
                  </ActionIcon>
                </Group>
              </Group>
            );
          })}
          <Button mt={4} size="compact-xs" variant="subtle" color="gray" disabled={!columns.changed} onClick={columns.reset}>
            {t('app:list.columns_reset')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
