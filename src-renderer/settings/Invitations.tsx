import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { formatDate } from '../kit/formats.ts';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { Panel } from '../kit/Panel.tsx';
import { invitationLink, SecretModal } from './Secret.tsx';

type Invitation = Awaited<ReturnType<typeof client.auth.invitations>>['items'][number];

/** Colleagues who have a link and have not come yet. A lost link cannot be shown again, only replaced. */
export function Invitations() {
  const { t } = useTranslation();
  const key = [['auth', 'invitations']];
  const query = useQuery({ queryKey: key, queryFn: () => client.auth.invitations() });
  const [link, setLink] = useState<string | null>(null);
  if (!query.data?.items.length) return null;

  const withdraw = async ({ id }: Invitation): Promise<void> => {
    try {
      await client.auth.revokeInvitation({ id });
      toastDone(t('settings:invitations.withdrawn'));
    } catch (error) {
      toastError(error);
    }
    await queryClient.invalidateQueries({ queryKey: key });
  };
  const renew = async ({ id, full_name, email, role }: Invitation): Promise<void> => {
    try {
      const made = await client.auth.invite({ full_name, email, role });
      await client.auth.revokeInvitation({ id });
      setLink(await invitationLink(made.token));
    } catch (error) {
      toastError(error);
    }
    await queryClient.invalidateQueries({ queryKey: key });
  };

  return (
    <Panel title={t('settings:invitations.title')} hint={t('settings:invitations.hint')}>
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {query.data.items.map((invitation) => (
          <Group key={invitation.id} component="li" justify="space-between">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={550}>
                {invitation.full_name}
              </Text>
              <Text size="xs" c="dimmed">
                {invitation.email} · {t(`users:enums.${invitation.role}`)} · {t('settings:invitations.until', { date: formatDate(invitation.expires_at) })}
              </Text>
            </div>
            <Group gap="xs">
              <Button size="compact-sm" variant="light" onClick={() => void renew(invitation)} aria-label={`${t('settings:invitations.renew')}: ${invitation.full_name}`}>
                {t('settings:invitations.renew')}
              </Button>
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => void withdraw(invitation)} aria-label={`${t('settings:invitations.withdraw')}: ${invitation.full_name}`}>
                {t('settings:invitations.withdraw')}
              </Button>
            </Group>
          </Group>
        ))}
      </Stack>
      {link && <SecretModal title={t('settings:users.invited')} text={t('settings:users.invited_text')} value={link} label={t('settings:users.link')} onClose={() => setLink(null)} />}
    </Panel>
  );
}
