import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncState } from '../../src-shared/sync/contract.ts';
import { client } from '../app/client.ts';
import { useMay } from '../app/session.ts';
import { Copyable } from '../kit/Copyable.tsx';
import { formatTime } from '../kit/formats.ts';
import { Panel } from '../kit/Panel.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { Fact } from '../kit/Shown.tsx';
import { ErrorState } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import { Fingerprint } from './Fingerprint.tsx';
import { HubBackup } from './HubBackup.tsx';
import { HubDevices } from './HubDevices.tsx';
import { HubLog } from './HubLog.tsx';
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
      {state.sharing && <HubDevices />}
      {state.role === 'hub' && <HubLog />}
      {state.role === 'hub' && maySystem && <HubBackup />}
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
            {query.data.fingerprint && <Fingerprint hex={query.data.fingerprint} />}
          </Fact>
        </Stack>
      )}
    </Panel>
  );
}

function NewDevice() {
  const { t } = useTranslation();
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null);
  const [made, setMade] = useState<{ code: string; expires_at: string; link: string; qr_svg: string } | null>(null);
  const make = (): void => {
    if (person) client.sync.createCode({ user_id: person.id }).then(setMade).catch(toastError);
  };
  return (
    <Panel title={t('sync:pair.title')} hint={t('sync:pair.about')}>
      <Group align="flex-end" gap="xs">
        <div style={{ flex: '0 1 260px' }}>
          <RefPicker to="users" label={t('sync:pair.for')} value={person?.id ?? null} name={person?.name ?? null} onChange={(id, choice) => setPerson(id ? { id, name: choice?.label ?? '' } : null)} />
        </div>
        <Button variant="light" disabled={!person} onClick={make}>
          {t('sync:pair.make')}
        </Button>
      </Group>
      {made && (
        <Group align="flex-start" gap="lg" role="status">
          <img alt={t('sync:pair.qr')} width={180} height={180} src={`data:image/svg+xml;utf8,${encodeURIComponent(made.qr_svg)}`} style={{ background: 'white', borderRadius: 8 }} />
          <Stack gap="xs" style={{ flex: '1 1 260px', minWidth: 0 }}>
            <Text ff="monospace" size="xl" fw={700} style={{ letterSpacing: 1 }}>
              {made.code}
            </Text>
            <Text size="sm" c="dimmed">
              {t('sync:pair.hint', { time: formatTime(made.expires_at) })}
            </Text>
            <Text size="sm" mt={4}>
              {t('sync:pair.link')}
            </Text>
            <Copyable value={made.link} label={t('sync:pair.link')} />
          </Stack>
        </Group>
      )}
    </Panel>
  );
}
