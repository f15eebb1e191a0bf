import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteAccess as Access } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useMay } from '../app/session.ts';
import { formatMoment } from '../kit/formats.ts';
import { Section } from '../kit/Sections.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import { Address } from './Address.tsx';
import { AddressForm } from './AddressForm.tsx';
import { Sessions } from './Sessions.tsx';
import { useRemoteAccess } from './state.ts';

/** Remote desktops of a client: where to connect, how fresh that is, and what was done there. */
export function RemoteAccess({ clientId, ticketId, assetId }: { clientId: string; ticketId?: string; assetId?: string }) {
  const { t } = useTranslation();
  const query = useRemoteAccess(clientId);
  const mayWrite = useMay('base.write');
  const [adding, setAdding] = useState(false);
  if (query.isPending) return <Loading rows={4} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const addresses = query.data.addresses.filter((one) => !assetId || one.asset_id === assetId || one.asset_id === null);
  return (
    <Stack gap="md">
      <Section
        title={t('remote-access:title')}
        action={
          mayWrite && (
            <Group gap="xs">
              <Ask access={query.data} />
              <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setAdding(true)}>
                {t('remote-access:add')}
              </Button>
            </Group>
          )
        }
      >
        <Stack gap="xs">
          <RequestState access={query.data} />
          {adding && <AddressForm clientId={clientId} assetId={assetId} done={() => setAdding(false)} />}
          {addresses.length === 0 && !adding && (
            <Text size="sm" c="dimmed">
              {t('remote-access:empty')}
            </Text>
          )}
          {addresses.map((address) => (
            <Address key={address.id} address={address} ticketId={ticketId} mayWrite={mayWrite} hasPassword={query.data.passwords_here.includes(address.id)} />
          ))}
        </Stack>
      </Section>
      <Sessions filter={ticketId ? { ticket_id: ticketId } : assetId ? { asset_id: assetId } : { client_id: clientId }} />
    </Stack>
  );
}

function Ask({ access }: { access: Access }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const waits = access.request?.state === 'requested' || access.request?.state === 'picked_up';
  const ask = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.remoteAccess.sync({ id: access.client_id });
      await queryClient.invalidateQueries();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="compact-sm" variant="subtle" loading={busy} disabled={waits && !access.this_machine} onClick={() => void ask()}>
      {t(access.this_machine ? 'remote-access:read_here' : 'remote-access:ask')}
    </Button>
  );
}

function RequestState({ access: { request } }: { access: Access }) {
  const { t } = useTranslation();
  if (!request) return null;
  const why = request.reason ? t(`remote-access:failures.${request.reason}`) : '';
  return (
    <Text size="sm" c={request.state === 'failed' ? 'orange' : 'dimmed'} role="status">
      {t(`remote-access:request.${request.state}`, { why })} · {[request.requested_by_name, formatMoment(request.finished_at ?? request.requested_at)].filter(Boolean).join(', ')}
    </Text>
  );
}
