import { Badge, Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PairedDevice } from '../../src-shared/sync/contract.ts';
import { client } from '../app/client.ts';
import { formatMoment, formatNumber } from '../kit/formats.ts';
import { Panel } from '../kit/Panel.tsx';
import { When } from '../kit/Shown.tsx';
import { StackedTable } from '../kit/StackedTable.tsx';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { SYNC_KEY, useHubState } from './state.ts';

/** Installations of this hub: version, last contact, how far behind; a lost one is cut off here. */
export function HubDevices() {
  const { t } = useTranslation();
  const [cutting, setCutting] = useState<PairedDevice | null>(null);
  const query = useQuery({ queryKey: [...SYNC_KEY, 'devices'], queryFn: () => client.sync.devices() });
  const own = useHubState().data?.version;
  return (
    <Panel title={t('sync:devices.title')}>
      {query.isPending ? (
        <Loading rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState title={t('sync:devices.empty')} hint={t('sync:devices.empty_hint')} />
      ) : (
        <StackedTable aria-label={t('sync:devices.title')}>
          <Table.Thead>
            <Table.Tr>
              {['name', 'version', 'contact', 'lag'].map((key) => (
                <Table.Th key={key}>{t(`sync:devices.${key}`)}</Table.Th>
              ))}
              <Table.Th aria-label={t('settings:actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {query.data.items.map((device) => (
              <DeviceRow key={device.id} device={device} hubVersion={own} onCut={() => setCutting(device)} />
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
      {cutting && <CutOff device={cutting} onClose={() => setCutting(null)} />}
    </Panel>
  );
}

function DeviceRow({ device, hubVersion, onCut }: { device: PairedDevice; hubVersion: string | undefined; onCut: () => void }) {
  const { t } = useTranslation();
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {device.name}
        </Text>
        <Text size="xs" c="dimmed">
          {device.user_name}
        </Text>
      </Table.Td>
      <Table.Td data-label={t('sync:devices.version')}>
        <Group gap={6} display="inline-flex">
          <Text size="sm" span>
            {device.version}
          </Text>
          {hubVersion && device.version !== hubVersion && !device.revoked_at && (
            <Badge size="sm" variant="light" color="orange" tt="none">
              {t('sync:devices.other_version', { version: hubVersion })}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td data-label={t('sync:devices.contact')}>{device.last_contact ? <When value={device.last_contact} /> : t('sync:never')}</Table.Td>
      <Table.Td data-label={t('sync:devices.lag')}>
        <Text size="sm" span>
          {device.revoked_at ? '—' : device.lag === null ? t('sync:devices.unread') : device.lag === 0 ? t('sync:devices.up_to_date') : t('sync:devices.behind', { count: device.lag })}
        </Text>
        {device.position !== null && !device.revoked_at && (
          <Text size="xs" c="dimmed">
            {t('sync:devices.at', { position: formatNumber(device.position) })}
          </Text>
        )}
        {device.holds_back && (
          <Badge size="sm" variant="light" color="orange" tt="none" mt={2}>
            {t('sync:devices.holds_back')}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        {device.revoked_at ? (
          <Text size="sm" c="dimmed">
            {t('sync:devices.revoked', { time: formatMoment(device.revoked_at) })}
          </Text>
        ) : (
          <Button size="compact-sm" variant="subtle" color="red" aria-label={t('sync:devices.revoke_named', { name: device.name })} onClick={onCut}>
            {t('sync:devices.revoke')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function CutOff({ device, onClose }: { device: PairedDevice; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const revoke = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.sync.revoke({ id: device.id });
      toastDone(t('sync:devices.revoke_done', { name: device.name }));
      await cache.invalidateQueries({ queryKey: SYNC_KEY });
      onClose();
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('sync:devices.revoke_title', { name: device.name })}>
      <Stack>
        <Text size="sm">{t('sync:devices.revoke_text', { name: device.name, user: device.user_name ?? '' })}</Text>
        {device.lag !== 0 && <Text size="sm">{t('sync:devices.revoke_unsent')}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app:actions.cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={() => void revoke()}>
            {t('sync:devices.revoke')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
