import { Alert, Badge, Button, Group, Progress, Stack, Switch, Text } from '@mantine/core';
import { IconCircleCheck, IconPackageImport, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UpdatesState } from '../../src-shared/updates/contract.ts';
import { client } from '../app/client.ts';
import { useMay } from '../app/session.ts';
import { Panel, Panels } from '../kit/Panel.tsx';
import { Fact, When } from '../kit/Shown.tsx';
import { formatSize } from '../kit/sizes.ts';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import { Served } from './Served.tsx';
import { UPDATES_KEY, useUpdates } from './state.ts';

/** Updates: what runs here, what waits, and what this installation hands out to others. */
export function UpdatesSettings() {
  const { t } = useTranslation();
  const query = useUpdates();
  const mayServe = useMay('organization.manage');
  return (
    <Panels title={t('updates:title')} wide>
      {query.isPending ? (
        <Loading rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Here state={query.data} />
      )}
      {mayServe && <Served />}
    </Panels>
  );
}

/** One request at a time; what it answers is shown at once. */
function useAct(): { busy: boolean; act: (work: () => Promise<UpdatesState>) => void } {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = (work: () => Promise<UpdatesState>): void => {
    setBusy(true);
    work()
      .then((state) => cache.setQueryData(UPDATES_KEY, state))
      .catch((error: unknown) => {
        toastError(error);
        void cache.invalidateQueries({ queryKey: UPDATES_KEY });
      })
      .finally(() => setBusy(false));
  };
  return { busy, act };
}

function Here({ state }: { state: UpdatesState }) {
  const { t } = useTranslation();
  const { busy, act } = useAct();
  const [checking, setChecking] = useState(false);
  const check = (): void => {
    setChecking(true);
    act(() => client.updates.check().finally(() => setChecking(false)));
  };
  return (
    <Stack gap="md">
      <Stack gap={6}>
        <Fact label={t('updates:version')}>{state.version}</Fact>
        {!state.unable && <Fact label={t('updates:source')}>{state.source ?? t('updates:no_source')}</Fact>}
        {!state.unable && (
          <Fact label={t('updates:last_check')}>
            {state.last_check ? (
              <>
                <When value={state.last_check.at} />
                {' — '}
                {state.last_check.message}
              </>
            ) : (
              t('updates:never')
            )}
          </Fact>
        )}
        {state.last_install && (
          <Fact label={t('updates:last_install')}>
            <When value={state.last_install.at} />
            {' — '}
            {state.last_install.message}
          </Fact>
        )}
      </Stack>
      {state.unable ? (
        <Alert variant="light" color="gray" role="status">
          {t(`updates:unable.${state.unable}`)}
        </Alert>
      ) : (
        <>
          <Waiting state={state} busy={busy} act={act} />
          <Group gap="md">
            <Button variant="light" leftSection={<IconRefresh size={16} />} loading={checking} disabled={busy || state.stage === 'downloading'} onClick={check}>
              {t('updates:check')}
            </Button>
            <Switch
              label={t('updates:automatic_label')}
              description={t('updates:automatic')}
              checked={state.automatic}
              disabled={busy}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                act(() => client.updates.settings({ automatic: checked }));
              }}
            />
          </Group>
        </>
      )}
    </Stack>
  );
}

/** The version that is being fetched or waits, what is new in it, and when it may be installed. */
function Waiting({ state, busy, act }: { state: UpdatesState; busy: boolean; act: (work: () => Promise<UpdatesState>) => void }) {
  const { t, i18n } = useTranslation();
  const { found, stage } = state;
  if (!found) return null;
  const news = found.notes?.[i18n.language === 'en' ? 'en' : 'ru'];
  const waitsFor = state.busy.filter(({ count }) => count > 0).map(({ kind, count }) => t(`updates:busy.${kind}`, { count }));
  const when = (choice: 'now' | 'at_quit' | 'later'): void => act(() => client.updates.install({ when: choice }));
  return (
    <Panel title={t(`updates:stages.${stage}`, { version: found.version })}>
      {stage === 'downloading' && (
        <Stack gap={4} maw={420}>
          <Progress value={(found.received / found.size) * 100} animated aria-label={t('updates:stages.downloading', { version: found.version })} />
          <Text size="sm" c="dimmed">
            {t('updates:received', { received: formatSize(found.received), size: formatSize(found.size) })}
          </Text>
        </Stack>
      )}
      {stage === 'ready' && (
        <Group gap="xs">
          <Badge variant="light" color="teal" tt="none" radius="sm" leftSection={<IconCircleCheck size={13} />}>
            {t('updates:received', { received: formatSize(found.received), size: formatSize(found.size) })}
          </Badge>
          <Text size="sm" c="dimmed">
            {t('updates:ready_hint')}
          </Text>
        </Group>
      )}
      {news && (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {t('updates:news')}
          </Text>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {news}
          </Text>
        </Stack>
      )}
      {stage === 'ready' && (
        <Stack gap="xs">
          <Text size="sm" role="status">
            {waitsFor.length > 0 ? t('updates:waits_for', { what: waitsFor.join(', ') }) : t(state.at_quit ? 'updates:will_at_quit' : 'updates:will_wait')}
          </Text>
          <Group gap="xs">
            <Button leftSection={<IconPackageImport size={16} />} loading={busy} disabled={waitsFor.length > 0} title={t('updates:now_hint')} onClick={() => when('now')}>
              {t('updates:now')}
            </Button>
            <Button variant="light" disabled={busy} onClick={() => when(state.at_quit ? 'later' : 'at_quit')}>
              {t(state.at_quit ? 'updates:later' : 'updates:at_quit')}
            </Button>
          </Group>
        </Stack>
      )}
    </Panel>
  );
}
