import { Button, Group, Input, NumberInput, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export interface Part {
  name: string;
  quantity: number;
}

/** Things with how many of each. */
export function PartsInput({ label, value, set, error }: { label: string; value: unknown; set: (value: Part[]) => void; error?: string | undefined }) {
  const { t } = useTranslation();
  const parts = (Array.isArray(value) ? value : []) as Part[];
  const change = (index: number, patch: Partial<Part> | null): void => set(parts.flatMap((one, at) => (at !== index ? [one] : patch === null ? [] : [{ ...one, ...patch }])));
  return (
    <Input.Wrapper label={label} error={error}>
      <Stack gap={6} mt={4} role="group" aria-label={label}>
        {parts.map((part, index) => (
          <Group key={index} gap="xs" wrap="nowrap">
            <TextInput size="xs" style={{ flex: 1 }} aria-label={t('app:parts.name')} value={part.name} onChange={(event) => change(index, { name: event.currentTarget.value })} />
            <NumberInput size="xs" w={90} min={1} aria-label={t('app:parts.quantity')} value={part.quantity} onChange={(quantity) => change(index, { quantity: Math.max(1, Number(quantity) || 1) })} />
            <Button size="compact-xs" variant="subtle" color="red" aria-label={t('app:parts.remove', { name: part.name })} onClick={() => change(index, null)}>
              <IconTrash size={14} aria-hidden />
            </Button>
          </Group>
        ))}
        <Button size="compact-sm" variant="subtle" w="fit-content" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => set([...parts, { name: '', quantity: 1 }])}>
          {t('app:parts.add')}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
