import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { When } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { Panel } from '../kit/Panel.tsx';

/** Which program asked, in a word a person knows. */
function agentName(agent: string | null): string {
  if (!agent) return '';
  const browser = [/YaBrowser/, /Edg/, /Firefox/, /Electron/, /Chrome/, /Safari/, /curl/].find((one) => one.test(agent))?.source;
  const system = [/Windows/, /Android/, /iPhone|iPad/, /Mac OS/, /Linux/].find((one) => one.test(agent))?.exec(agent)?.[0];
  const names: Record<string, string> = { YaBrowser: 'Yandex Browser', Edg: 'Edge' };
  return browser ? [names[browser] ?? browser, system].filter(Boolean).join(', ') : agent.slice(0, 60);
}

/** Where one is signed in, and a way to end it. */
export function Sessions() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [['auth', 'sessions']], queryFn: () => client.auth.sessions() });
  const revoke = async (id: string): Promise<void> => {
    try {
      await client.auth.revokeSession({ id });
      toastDone(t('settings:sessions.revoked'));
    } catch (error) {
      toastError(error);
    }
    await query.refetch();
  };
  return (
    <Panel title={t('settings:sessions.title')} hint={t('settings:sessions.hint')}>
      {query.isPending ? (
        <Loading rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {query.data.items.map((session) => (
            <Group key={session.id} component="li" justify="space-between" gap="sm">
              <div style={{ minWidth: 0 }}>
                <Group gap="xs">
                  <Text size="sm" fw={550}>
                    {agentName(session.agent) || t('settings:sessions.unknown')}
                  </Text>
                  {session.current && (
                    <Badge variant="dot" color="teal" tt="none" radius="sm">
                      {t('settings:sessions.current')}
                    </Badge>
                  )}
                </Group>
                <Text size="xs" c="dimmed" component="div">
                  {session.address && `${session.address} · `}
                  {t('settings:sessions.last_used')} <When value={session.last_used_at} />
                </Text>
              </div>
              {!session.current && (
                <Button size="compact-sm" variant="subtle" color="red" onClick={() => void revoke(session.id)} aria-label={`${t('settings:sessions.revoke')}: ${agentName(session.agent) || session.address || ''}`}>
                  {t('settings:sessions.revoke')}
                </Button>
              )}
            </Group>
          ))}
        </Stack>
      )}
    </Panel>
  );
}
