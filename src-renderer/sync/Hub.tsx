import { Button, Code, Group, Modal, Stack, Switch, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PairedDevice, SyncState } from '../../src-shared/sync/contract.ts';
import { client } from '../app/client.ts';
import { useMay } from '../app/session.ts';
import { formatMoment, formatNumber, formatTime } from '../kit/formats.ts';
import { Panel } from '../kit/Panel.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { Fact, When } from '../kit/Shown.tsx';
import { StackedTable } from '../kit/StackedTable.tsx';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { SYNC_KEY } from './state.ts';

/** What an administrator does about this installation as a hub. */
export function Hub({ state }: { state: SyncState }) {
  const { t } = useTranslation();
  const maySystem = useMay('system.manage');
  if (state.role === 'device') {
    return (
      <Panel title={t('sync:sharing.title')}>
        <Text size="sm">{t('sync:sharing.is_device', { url: state.hub_url ?? '' })}</Text>
      </Panel>
    );
  }
  return (
    <>
      <Sharing />
      {state.sharing && <NewDevice />}
      {state.sharing && <Devices />}
      {state.sharing && maySystem && <Upkeep />}
    </>
  );
}

function Sharing() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const query = useQuery({ queryKey: [...SYNC_KEY, 'sharing'], queryFn: () => client.sync.sharing() });
  const share = async (on: boolean): Promise<void> => {
    setBusy(true);
    try {
      await client.sync.share({ on });
      await cache.invalidateQueries({ queryKey: SYNC_KEY });
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t('sync:sharing.title')} hint={t('sync:sharing.hint')} action={<Switch aria-label={t('sync:sharing.title')} label={t(query.data?.on ? 'sync:sharing.on' : 'sync:sharing.off')} checked={query.data?.on ?? false} disabled={busy || !query.data} onChange={(event) => void share(event.currentTarget.checked)} />}>
      {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {query.data?.on && (
        <Stack gap={6}>
          <Fact label={t('sync:sharing.address')}>{query.data.urls.join(', ')}</Fact>
          <Fact label={t('sync:sharing.fingerprint')}>
            <Code style={{ overflowWrap: 'anywhere' }}>{query.data.fingerprint?.match(/.{1,4}/g)?.join(' ')}</Code>
          </Fact>
        </Stack>
      )}
    </Panel>
  );
}

function NewDevice() {
  const { t } = useTranslation();
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null);
  const [made, setMade] = useState<{ code: string; expires_at: string; qr_svg: string } | null>(null);
  const make = (): void => {
    if (person) client.sync.createCode({ user_id: person.id }).then(setMade).catch(toastError);
  };
  return (
    <Panel title={t('sync:pair.title')}>
      <Group align="flex-end" gap="xs">
        <div style={{ width: 260 }}>
          <RefPicker to="users" label={t('sync:pair.for')} value={person?.id ?? null} name={person?.name ?? null} onChange={(id, choice) => setPerson(id ? { id, name: choice?.label ?? '' } : null)} />
        </div>
        <Button variant="light" disabled={!person} onClick={make}>
          {t('sync:pair.make')}
        </Button>
      </Group>
      {made && (
        <Stack gap="xs" role="status" align="flex-start">
          <Text ff="monospace" size="xl" fw={700} style={{ letterSpacing: 1 }}>
            {made.code}
          </Text>
          <img alt="" width={200} height={200} src={`data:image/svg+xml;utf8,${encodeURIComponent(made.qr_svg)}`} style={{ background: 'white', borderRadius: 8 }} />
          <Text size="sm" c="dimmed">
            {t('sync:pair.hint', { time: formatTime(made.expires_at) })}
          </Text>
        </Stack>
      )}
    </Panel>
  );
}

function Devices() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [cutting, setCutting] = useState<PairedDevice | null>(null);
  const query = useQuery({ queryKey: [...SYNC_KEY, 'devices'], queryFn: () => client.sync.devices() });
  const revoke = (): void => {
    if (!cutting) return;
    client.sync
      .revoke({ id: cutting.id })
      .then(() => cache.invalidateQueries({ queryKey: SYNC_KEY }))
      .catch(toastError);
    setCutting(null);
  };
  return (
    <Panel title={t('sync:devices.title')}>
      {query.isPending ? (
        <Loading rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState title={t('sync:devices.empty')} hint="" />
      ) : (
        <StackedTable aria-label={t('sync:devices.title')}>
          <Table.Thead>
            <Table.Tr>
              {['name', 'user', 'version', 'contact', 'lag'].map((key) => (
                <Table.Th key={key}>{t(`sync:devices.${key}`)}</Table.Th>
              ))}
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {query.data.items.map((device) => (
              <Table.Tr key={device.id}>
                <Table.Td>{device.name}</Table.Td>
                <Table.Td>{device.user_name}</Table.Td>
                <Table.Td>{device.version}</Table.Td>
                <Table.Td>{device.last_contact ? <When value={device.last_contact} /> : t('sync:never')}</Table.Td>
                <Table.Td>{device.lag === null ? '' : formatNumber(device.lag)}</Table.Td>
                <Table.Td>
                  {device.revoked_at ? (
                    <Text size="sm" c="dimmed">
                      {t('sync:devices.revoked')} · {formatMoment(device.revoked_at)}
                    </Text>
                  ) : (
                    <Button size="compact-xs" variant="subtle" color="red" onClick={() => setCutting(device)}>
                      {t('sync:devices.revoke')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
      <Modal opened={cutting !== null} onClose={() => setCutting(null)} title={t('sync:devices.revoke')}>
        <Stack>
          <Text size="sm">{t('sync:devices.revoke_text', { name: cutting?.name ?? '' })}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setCutting(null)}>
              {t('app:actions.cancel')}
            </Button>
            <Button color="red" onClick={revoke}>
              {t('sync:devices.revoke')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Panel>
  );
}

function Upkeep() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const act = (work: () => Promise<string>): void =>
    void work()
      .then(async (said) => {
        toastDone(said);
        await cache.invalidateQueries({ queryKey: SYNC_KEY });
      })
      .catch(toastError);
  return (
    <Panel title={t('sync:upkeep.title')} hint={t('sync:upkeep.epoch_text')}>
      <Group gap="xs">
        <Button variant="light" onClick={() => act(async () => t('sync:upkeep.compacted', { count: (await client.sync.compact()).blanked }))}>
          {t('sync:upkeep.compact')}
        </Button>
        <Button
          variant="subtle"
          onClick={() =>
            act(async () => {
              await client.sync.newEpoch();
              return t('sync:upkeep.epoch_done');
            })
          }
        >
          {t('sync:upkeep.epoch')}
        </Button>
      </Group>
    </Panel>
  );
}
