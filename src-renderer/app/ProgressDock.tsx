import { ActionIcon, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { formatNumber } from '../kit/formats.ts';
import { toastError } from '../kit/toasts.tsx';
import { client } from './client.ts';

/** Set when something long has been started, so that the dock looks; it stops looking when nothing runs. */
export const useProgressWatch = create<{ watching: boolean; watch: () => void; rest: () => void }>((set) => ({ watching: true, watch: () => set({ watching: true }), rest: () => set({ watching: false }) }));

const LOOK_MS = 700;

/** Long tasks that run, each with its progress and a way to stop it. */
export function ProgressDock() {
  const { t } = useTranslation();
  const { watching, rest } = useProgressWatch();
  const query = useQuery({
    queryKey: [['progress', 'list']],
    queryFn: async () => {
      const { items } = await client.progress.list();
      const running = items.filter((task) => task.state === 'running');
      if (running.length === 0) rest();
      return running;
    },
    refetchInterval: watching ? LOOK_MS : false,
    enabled: watching,
  });
  const running = watching ? (query.data ?? []) : [];
  if (running.length === 0) return null;
  return (
    <Paper withBorder shadow="md" p="sm" pos="fixed" bottom={16} right={16} w={300} className="no-print" role="status" style={{ zIndex: 50 }}>
      <Stack gap="xs">
        {running.map((task) => (
          <div key={task.id}>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" truncate>
                {t(`app:progress.kinds.${task.kind}`, { defaultValue: task.kind })}: {task.title}
              </Text>
              <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('app:progress.stop')} onClick={() => void client.progress.cancel({ id: task.id }).catch(toastError)}>
                <IconX size={14} />
              </ActionIcon>
            </Group>
            {task.best !== null && (
              <Text size="xs" c="dimmed">
                {t('app:progress.best', { cost: formatNumber(task.best) })}
              </Text>
            )}
            <Progress value={(task.progress ?? 0) * 100} size="sm" animated={task.progress === null} aria-label={task.title} />
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
