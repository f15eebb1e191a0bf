import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconDatabaseExport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useProgressWatch } from '../app/ProgressDock.tsx';
import { formatMoment } from '../kit/formats.ts';
import { Panel } from '../kit/Panel.tsx';
import { Fact, When } from '../kit/Shown.tsx';
import { formatSize } from '../kit/sizes.ts';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';

/** Whether the hub could be put back today: its last proved backup, the next one, and a button. */
export function HubBackup() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const backups = useQuery({ queryKey: [['system', 'backups']], queryFn: () => client.system.backups() });
  const jobs = useQuery({ queryKey: [['jobs', 'list']], queryFn: () => client.jobs.list() });
  const backup = async (): Promise<void> => {
    setBusy(true);
    useProgressWatch.getState().watch();
    try {
      const made = await client.system.backup();
      toastDone(t('settings:backups.done', { size: formatSize(made.size) }));
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
      await backups.refetch();
    }
  };
  const last = backups.data?.items[0];
  const job = jobs.data?.items.find((one) => one.name === 'backup');
  return (
    <Panel
      title={t('sync:backup.title')}
      hint={t('sync:backup.hint')}
      action={
        <Button variant="light" leftSection={<IconDatabaseExport size={16} aria-hidden />} loading={busy} onClick={() => void backup()} style={{ flexShrink: 0 }}>
          {t('settings:backups.now')}
        </Button>
      }
    >
      {backups.isPending ? (
        <Loading rows={2} />
      ) : backups.isError ? (
        <ErrorState error={backups.error} retry={() => void backups.refetch()} />
      ) : (
        <Stack gap={6}>
          <Fact label={t('sync:backup.last')}>
            {last ? (
              <Group gap="xs">
                <span>
                  <When value={last.created_at} /> · {formatSize(last.size)}
                </span>
                <Badge variant="dot" color={last.verified ? 'teal' : 'orange'} tt="none" radius="sm" miw="max-content">
                  {t(last.verified ? 'settings:backups.is_verified' : 'settings:backups.not_verified')}
                </Badge>
              </Group>
            ) : (
              t('settings:backups.none')
            )}
          </Fact>
          <Fact label={t('sync:backup.next')}>{job && (job.next_run_at ? formatMoment(job.next_run_at) : t(job.enabled ? 'sync:backup.when_open' : 'sync:backup.off'))}</Fact>
          {job?.last_run?.outcome === 'failed' && (
            <Text size="sm" c="red" role="alert">
              {t('sync:backup.failed', { time: formatMoment(job.last_run.started_at), error: job.last_run.error ?? '' })}
            </Text>
          )}
        </Stack>
      )}
    </Panel>
  );
}
