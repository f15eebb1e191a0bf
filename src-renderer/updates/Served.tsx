import { Alert, Badge, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Served as ServedState } from '../../src-shared/updates/contract.ts';
import { client } from '../app/client.ts';
import { formatMoment } from '../kit/formats.ts';
import { Panel } from '../kit/Panel.tsx';
import { When } from '../kit/Shown.tsx';
import { formatSize } from '../kit/sizes.ts';
import { StackedTable } from '../kit/StackedTable.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import { useSyncState } from '../sync/index.ts';

const KEY = [['updates', 'served']];

/** What this installation hands out as a hub, and which device has which version. A device of another hub hands out nothing. */
export function Served() {
  const sync = useSyncState();
  const isDevice = sync.data?.role === 'device';
  const query = useQuery({ queryKey: KEY, queryFn: () => client.updates.served(), enabled: sync.isSuccess && !isDevice });
  const { t } = useTranslation();
  if (!sync.data || isDevice) return null;
  return (
    <Panel title={t('updates:served.title')} hint={t('updates:served.hint')}>
      {query.isPending ? (
        <Loading rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Stack gap="md">
          <Folder key={query.data.folder} state={query.data} />
          {query.data.problems.map(({ file, message }) => (
            <Alert key={file + message} variant="light" color="orange" icon={<IconAlertTriangle size={18} />} title={file ? `${t('updates:served.problem')}: ${file}` : t('updates:served.problem')}>
              {message}
            </Alert>
          ))}
          {query.data.feeds.length > 0 && <Feeds state={query.data} />}
          {(query.data.folder !== null || query.data.devices.length > 0) && <Devices state={query.data} />}
        </Stack>
      )}
    </Panel>
  );
}

function Folder({ state }: { state: ServedState }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [folder, setFolder] = useState(state.folder ?? '');
  const [busy, setBusy] = useState(false);
  const save = (): void => {
    setBusy(true);
    client.updates
      .serve({ folder: folder.trim() === '' ? null : folder.trim() })
      .then((served) => cache.setQueryData(KEY, served))
      .catch(toastError)
      .finally(() => setBusy(false));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput style={{ flex: 1, maxWidth: 560 }} label={t('updates:served.folder')} description={state.fixed ? t('updates:served.fixed') : state.folder === null ? t('updates:served.none') : undefined} placeholder={t('updates:served.folder_placeholder')} value={folder} readOnly={state.fixed} onChange={(event) => setFolder(event.currentTarget.value)} />
        {!state.fixed && (
          <Button type="submit" variant="light" loading={busy} disabled={folder.trim() === (state.folder ?? '')} style={{ flexShrink: 0 }}>
            {t('updates:served.save')}
          </Button>
        )}
      </Group>
    </form>
  );
}

function Feeds({ state }: { state: ServedState }) {
  const { t } = useTranslation();
  return (
    <StackedTable aria-label={t('updates:served.title')}>
      <Table.Thead>
        <Table.Tr>
          {['feed', 'version', 'percent', 'size', 'signed_at', 'expires_at'].map((key) => (
            <Table.Th key={key}>{t(`updates:served.${key}`)}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {state.feeds.map((feed) => (
          <Table.Tr key={feed.feed}>
            <Table.Td data-label={t('updates:served.feed')}>{feed.feed}</Table.Td>
            <Table.Td data-label={t('updates:served.version')}>{feed.version}</Table.Td>
            <Table.Td data-label={t('updates:served.percent')}>{feed.percent} %</Table.Td>
            <Table.Td data-label={t('updates:served.size')}>{formatSize(feed.size)}</Table.Td>
            <Table.Td data-label={t('updates:served.signed_at')}>{formatMoment(feed.signed_at)}</Table.Td>
            <Table.Td data-label={t('updates:served.expires_at')}>
              <Group gap="xs">
                {formatMoment(feed.expires_at)}
                {feed.expired && (
                  <Badge variant="dot" color="orange" tt="none" radius="sm">
                    {t('updates:served.expired')}
                  </Badge>
                )}
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </StackedTable>
  );
}

function Devices({ state }: { state: ServedState }) {
  const { t } = useTranslation();
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t('updates:served.devices')}
      </Text>
      {state.devices.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('updates:served.no_devices')}
        </Text>
      ) : (
        <StackedTable aria-label={t('updates:served.devices')}>
          <Table.Thead>
            <Table.Tr>
              {['device', 'user', 'version', 'seen_at'].map((key) => (
                <Table.Th key={key}>{t(`updates:served.${key}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {state.devices.map((device) => (
              <Table.Tr key={device.id}>
                <Table.Td data-label={t('updates:served.device')}>{device.name}</Table.Td>
                <Table.Td data-label={t('updates:served.user')}>{device.user_name}</Table.Td>
                <Table.Td data-label={t('updates:served.version')}>
                  <Group gap="xs">
                    {device.version}
                    {state.feeds.length > 0 && (
                      <Badge variant="dot" color={device.current ? 'teal' : 'orange'} tt="none" radius="sm">
                        {t(device.current ? 'updates:served.current' : 'updates:served.behind')}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td data-label={t('updates:served.seen_at')}>{device.seen_at ? <When value={device.seen_at} /> : t('updates:never')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
    </Stack>
  );
}
