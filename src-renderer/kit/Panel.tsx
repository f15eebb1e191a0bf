import { Divider, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A page of settings: its name, what stands beside it, and its parts one below the other. */
export function Panels({ title, action, wide, children }: { title: string; action?: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <Stack p="md" gap="lg" maw={wide ? 1000 : 680}>
      <Group justify="space-between">
        <Title order={1}>{title}</Title>
        {action}
      </Group>
      {children}
    </Stack>
  );
}

/** One part of a page of settings. */
export function Panel({ title, hint, action, children }: { title: string; hint?: string; action?: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Divider />
      <div>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={2}>{title}</Title>
          {action}
        </Group>
        {hint && (
          <Text size="sm" c="dimmed" mt={2}>
            {hint}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
