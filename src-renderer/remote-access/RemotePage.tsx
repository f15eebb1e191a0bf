import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { RemoteSession } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { saveFile } from '../kit/saveFile.ts';
import { RefLink } from '../kit/Shown.tsx';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import { FinishSession } from './FinishSession.tsx';
import { SessionLine } from './Sessions.tsx';

const thisMonth = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 7);

/** What was done over remote desktops in a month, by client: for the bill and for the customer. */
export function RemotePage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(params.get('month') ?? '') ? (params.get('month') as string) : thisMonth();
  const query = useQuery({ queryKey: [['remote_sessions', 'month'], month], queryFn: () => client.remoteAccess.month({ month }) });
  const [asked, setAsked] = useState<RemoteSession | null>(null);
  const download = (): void => void client.remoteAccess.monthFile({ month }).then((file) => saveFile(file, file.name)).catch(toastError);
  return (
    <Stack p="md" gap="md" maw={900}>
      <Group justify="space-between" align="flex-end">
        <Title order={1}>{t('remote-access:sessions.month')}</Title>
        <Group gap="xs" align="flex-end" className="no-print">
          <TextInput type="month" size="xs" aria-label={t('remote-access:sessions.month')} value={month} onChange={(event) => setParams(event.currentTarget.value ? { month: event.currentTarget.value } : {}, { replace: true })} />
          <Button size="xs" variant="light" leftSection={<IconDownload size={14} aria-hidden />} onClick={download}>
            {t('remote-access:sessions.download')}
          </Button>
          <Button size="xs" variant="light" leftSection={<IconPrinter size={14} aria-hidden />} onClick={() => window.print()}>
            {t('remote-access:sessions.print')}
          </Button>
        </Group>
      </Group>
      {query.isPending && <Loading rows={6} />}
      {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {query.data?.clients.length === 0 && <EmptyState title={t('remote-access:sessions.none')} hint="" />}
      {query.data?.clients.map((one) => (
        <Paper withBorder p="sm" radius="md" key={one.client_id}>
          <Group justify="space-between" mb="xs">
            <Text fw={600}>
              <RefLink to="clients" id={one.client_id}>
                {one.client_name}
              </RefLink>
            </Text>
            <Text fw={600}>{t('remote-access:sessions.minutes_short', { minutes: one.minutes })}</Text>
          </Group>
          <Stack gap="xs">
            {one.sessions.map((session) => (
              <SessionLine key={session.id} session={session} ask={() => setAsked(session)} />
            ))}
          </Stack>
        </Paper>
      ))}
      {query.data && query.data.clients.length > 0 && (
        <Text fw={600} ta="right">
          {t('remote-access:sessions.total')}: {t('remote-access:sessions.minutes_short', { minutes: query.data.minutes })}
        </Text>
      )}
      <FinishSession session={asked} close={() => setAsked(null)} />
    </Stack>
  );
}
