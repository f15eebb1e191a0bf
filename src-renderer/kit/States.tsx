import { Alert, Button, Center, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconInbox } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { refusalOf } from './errors.ts';

/** What the page is for, and the first step. */
export function EmptyState({ title, hint, action }: { title: string; hint?: string; action?: ReactNode }) {
  return (
    <Center p="xl" mih={220}>
      <Stack align="center" gap="xs" maw={380}>
        <IconInbox size={36} stroke={1.3} color="var(--mantine-color-dimmed)" aria-hidden />
        <Title order={2} ta="center">
          {title}
        </Title>
        {hint && (
          <Text c="dimmed" size="sm" ta="center">
            {hint}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** What happened, what was kept, what to do. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const refusal = refusalOf(error);
  return (
    <Alert m="md" color="red" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('app:errors_page.title')} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{refusal.message}</Text>
        <Text size="sm" c="dimmed">
          {t('app:errors_page.kept')}
        </Text>
        {retry && (
          <Button size="xs" variant="light" color="red" onClick={retry}>
            {t('app:actions.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Nothing for the first moment, then the layout in grey. */
export function Loading({ rows = 8 }: { rows?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap={8} p="md" aria-busy="true" style={{ visibility: shown ? 'visible' : 'hidden' }}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={20} width={`${94 - ((row * 17) % 40)}%`} radius="sm" />
      ))}
    </Stack>
  );
}
