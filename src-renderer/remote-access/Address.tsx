import { ActionIcon, Badge, Button, Group, Menu, Modal, Paper, Text } from '@mantine/core';
import { IconCopy, IconDeviceDesktopShare, IconDots, IconHistory, IconKey, IconKeyOff, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteAddress } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useMay } from '../app/session.ts';
import { formatMoment } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { AddressForm } from './AddressForm.tsx';
import { AddressPassword } from './AddressPassword.tsx';
import { connectTo, spaced } from './state.ts';

interface Props {
  address: RemoteAddress;
  ticketId: string | undefined;
  mayWrite: boolean;
  /** The vault of this machine holds its password. */
  hasPassword: boolean;
}

/** Where one machine of a client is reached, and what can be done with that. */
export function Address({ address, ticketId, mayWrite, hasPassword }: Props) {
  const { t } = useTranslation();
  const [shows, setShows] = useState<'edit' | 'history' | 'password' | null>(null);
  const mayConnect = useMay('work.write');
  const close = (): void => setShows(null);
  const change = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await work();
      toastDone(t(done));
      await queryClient.invalidateQueries();
    } catch (error) {
      toastError(error);
    }
  };
  const copy = (): void => void navigator.clipboard.writeText(address.address).then(() => toastDone(t('remote-access:copied')), toastError);
  const shown = spaced(address.address);
  if (shows === 'edit') return <AddressForm clientId={address.client_id ?? ''} address={address} assetId={undefined} done={close} />;
  const name = [address.machine, address.asset_name, address.comment].filter(Boolean).join(' · ');
  const facts = [t(`remote-access:tools.${address.tool}`), name, address.alias, address.last_seen_at ? t('remote-access:seen', { when: formatMoment(address.last_seen_at) }) : null, hasPassword ? t('remote-access:password.kept') : null];
  return (
    <Paper withBorder p="sm" radius="md" role="group" aria-label={`${t(`remote-access:tools.${address.tool}`)} ${address.address}`}>
      <Group justify="space-between" wrap="wrap" gap="xs">
        <div style={{ flex: '1 1 200px', minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} ff="monospace">
              {shown}
            </Text>
            {address.online && address.online !== 'unknown' && (
              <Badge size="sm" variant="light" color={address.online === 'online' ? 'teal' : 'gray'} tt="none">
                {t(`remote-access:online.${address.online}`)}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {facts.filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Group gap={6} wrap="nowrap">
          <ActionIcon variant="subtle" aria-label={t('remote-access:copy')} onClick={copy}>
            <IconCopy size={16} aria-hidden />
          </ActionIcon>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="subtle" aria-label={t('remote-access:more', { address: address.address })}>
                <IconDots size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayWrite && (
                <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} onClick={() => setShows('edit')}>
                  {t('remote-access:edit_address')}
                </Menu.Item>
              )}
              <Menu.Item leftSection={<IconHistory size={15} aria-hidden />} onClick={() => setShows('history')}>
                {t('remote-access:history')}
              </Menu.Item>
              {mayConnect && address.tool === 'anydesk' && (
                <Menu.Item leftSection={<IconKey size={15} aria-hidden />} onClick={() => setShows('password')}>
                  {t(hasPassword ? 'remote-access:password.change' : 'remote-access:password.set')}
                </Menu.Item>
              )}
              {mayConnect && hasPassword && (
                <Menu.Item leftSection={<IconKeyOff size={15} aria-hidden />} onClick={() => void change(() => client.remoteAccess.forgetPassword({ id: address.id }), 'remote-access:password.forgotten')}>
                  {t('remote-access:password.forget')}
                </Menu.Item>
              )}
              {mayWrite && (
                <Menu.Item color="red" leftSection={<IconTrash size={15} aria-hidden />} onClick={() => void change(() => client.remoteAddresses.delete({ id: address.id }), 'remote-access:removed')}>
                  {t('remote-access:remove')}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
          {mayConnect && (
            <Button size="compact-md" leftSection={<IconDeviceDesktopShare size={16} aria-hidden />} onClick={() => void connectTo(address, { ticketId, withPassword: hasPassword })}>
              {t('remote-access:connect')}
            </Button>
          )}
        </Group>
      </Group>
      <Modal opened={shows === 'history'} onClose={close} title={t('remote-access:history_of', { address: shown })} size="lg" closeButtonProps={{ 'aria-label': t('app:actions.close') }}>
        <History queryKey={['remote_addresses', address.id]} load={(cursor) => client.audit.row({ entity: 'remote_addresses', id: address.id, limit: 30, ...(cursor ? { cursor } : {}) })} />
      </Modal>
      <AddressPassword address={shows === 'password' ? address : null} close={close} />
    </Paper>
  );
}
