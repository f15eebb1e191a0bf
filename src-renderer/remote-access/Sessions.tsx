import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteSession } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { formatMoment } from '../kit/formats.ts';
import { Section } from '../kit/Sections.tsx';
import { RefLink } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { FinishSession } from './FinishSession.tsx';

/** Sessions of a client, ticket or asset, the latest first; those without a line ask for it. */
export function Sessions({ filter }: { filter: { client_id?: string; ticket_id?: string; asset_id?: string; contract_id?: string } }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [['remote_sessions', 'list'], filter], queryFn: () => client.remoteSessions.list({ ...filter, limit: 50 }) });
  const [asked, setAsked] = useState<RemoteSession | null>(null);
  if (query.isPending) return <Loading rows={3} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return (
    <Section title={t('remote-access:sessions.title')}>
      {query.data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('remote-access:sessions.empty')}
        </Text>
      )}
      <Stack gap="xs">
        {query.data.items.map((one) => (
          <SessionLine key={one.id} session={one} ask={() => setAsked(one)} />
        ))}
      </Stack>
      <FinishSession session={asked} close={() => setAsked(null)} />
    </Section>
  );
}

export function SessionLine({ session, ask }: { session: RemoteSession; ask: () => void }) {
  const { t } = useTranslation();
  const facts = [formatMoment(session.started_at), session.minutes === null ? null : t('remote-access:sessions.minutes_short', { minutes: session.minutes }), session.user_name, session.address].filter(Boolean).join(' · ');
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }} {...(session.summary ? {} : { c: 'dimmed', fs: 'italic' })}>
          {session.summary ?? t('remote-access:sessions.ask_title')}
        </Text>
        <Text size="xs" c="dimmed">
          {facts}
          {session.ticket_id && (
            <>
              {' · '}
              <RefLink to="tickets" id={session.ticket_id}>
                {session.ticket_name}
              </RefLink>
            </>
          )}
        </Text>
      </div>
      {!session.summary && (
        <Button size="compact-sm" variant="light" style={{ flexShrink: 0 }} onClick={ask}>
          {t('remote-access:sessions.save')}
        </Button>
      )}
    </Group>
  );
}
