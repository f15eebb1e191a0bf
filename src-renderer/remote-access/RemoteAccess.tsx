import { ActionIcon, Badge, Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconCopy, IconDeviceDesktopShare, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { REMOTE_TOOLS, type RemoteAccess as Access, type RemoteAddress, type RemoteTool } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useMay } from '../app/session.ts';
import { Failure } from '../kit/Failure.tsx';
import { formatMoment } from '../kit/formats.ts';
import { Section } from '../kit/Sections.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';
import { Sessions } from './Sessions.tsx';
import { connectTo, useRemoteAccess } from './state.ts';

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
            <Address key={address.id} address={address} ticketId={ticketId} mayWrite={mayWrite} />
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

function Address({ address, ticketId, mayWrite }: { address: RemoteAddress; ticketId: string | undefined; mayWrite: boolean }) {
  const { t } = useTranslation();
  const copy = (): void => void navigator.clipboard.writeText(address.address).then(() => toastDone(t('remote-access:copied')), toastError);
  const remove = async (): Promise<void> => {
    try {
      await client.remoteAddresses.delete({ id: address.id });
      toastDone(t('remote-access:removed'));
      await queryClient.invalidateQueries();
    } catch (error) {
      toastError(error);
    }
  };
  const name = [address.machine, address.asset_name, address.comment].filter(Boolean).join(' · ');
  return (
    <Paper withBorder p="sm" radius="md">
      <Group justify="space-between" wrap="wrap" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} ff="monospace">
              {address.address.replace(/(\d)(?=(\d{3})+$)/g, '$1\u2009')}
            </Text>
            {address.online && address.online !== 'unknown' && (
              <Badge size="sm" variant="light" color={address.online === 'online' ? 'teal' : 'gray'} tt="none">
                {t(`remote-access:online.${address.online}`)}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {[t(`remote-access:tools.${address.tool}`), name, address.alias, address.last_seen_at ? t('remote-access:seen', { when: formatMoment(address.last_seen_at) }) : null].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Group gap={6} wrap="nowrap">
          <ActionIcon variant="subtle" aria-label={t('remote-access:copy')} onClick={copy}>
            <IconCopy size={16} aria-hidden />
          </ActionIcon>
          {mayWrite && (
            <ActionIcon variant="subtle" color="red" aria-label={t('remote-access:remove')} onClick={() => void remove()}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
          <Button size="compact-md" leftSection={<IconDeviceDesktopShare size={16} aria-hidden />} onClick={() => void connectTo(address, ticketId)}>
            {t('remote-access:connect')}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

function AddressForm({ clientId, assetId, done }: { clientId: string; assetId: string | undefined; done: () => void }) {
  const { t } = useTranslation();
  const [tool, setTool] = useState<RemoteTool>('anydesk');
  const [values, setValues] = useState({ address: '', machine: '' });
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const set = (name: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    setValues({ ...values, [name]: event.currentTarget.value });
    clear(name);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (refuse({ address: values.address.trim() ? null : t('app:form.required') })) return;
    void run(async () => {
      await client.remoteAddresses.create({ client_id: clientId, asset_id: assetId ?? null, tool, address: values.address, machine: values.machine || null });
      await queryClient.invalidateQueries();
      done();
    });
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Failure text={failure} />
      <Group gap="xs" align="flex-start" wrap="wrap">
        <Select label={t('remote-access:fields.tool')} w={140} data={REMOTE_TOOLS.map((value) => ({ value, label: t(`remote-access:tools.${value}`) }))} value={tool} allowDeselect={false} onChange={(value) => value && setTool(value as RemoteTool)} />
        <TextInput name="address" label={t('remote-access:fields.address')} required value={values.address} onChange={set('address')} error={errors['address']} autoComplete="off" inputMode="numeric" w={190} data-autofocus />
        <TextInput name="machine" label={t('remote-access:fields.machine')} value={values.machine} onChange={set('machine')} error={errors['machine']} autoComplete="off" w={190} />
        <Group gap="xs" pt={25}>
          <Button type="submit" loading={busy}>
            {t('app:actions.save')}
          </Button>
          <Button variant="subtle" onClick={done}>
            {t('app:actions.cancel')}
          </Button>
        </Group>
      </Group>
    </form>
  );
}
