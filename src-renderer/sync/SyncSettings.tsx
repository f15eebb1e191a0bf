import { Badge, Box, Button, Stack, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncState } from '../../src-shared/sync/contract.ts';
import { useMay } from '../app/session.ts';
import { FilesState } from '../attachments/index.ts';
import { formatNumber } from '../kit/formats.ts';
import { ErrorState, Loading } from '../kit/States.tsx';
import { Fact, When } from '../kit/Shown.tsx';
import { Panel, Panels } from '../kit/Panel.tsx';
import { Bundles } from './Bundles.tsx';
import { Conflicts } from './Conflicts.tsx';
import { Hub } from './Hub.tsx';
import { JoinHub } from './JoinHub.tsx';
import { Queue, type QueueKind } from './Queue.tsx';
import { Fingerprint } from './Fingerprint.tsx';
import { COLOR, useSyncState } from './state.ts';
import { Controls, countOfList, hintOf, wordOf } from './SyncCorner.tsx';
import { TakeAnew } from './TakeAnew.tsx';

const FORM_WIDTH = 420;
const QUEUES: readonly QueueKind[] = ['waiting', 'returned', 'set_aside', 'parked'];

/** Synchronisation: what is true now, what needs a person, and the hub that this installation is for others. */
export function SyncSettings() {
  const { t } = useTranslation();
  const query = useSyncState();
  const mayManage = useMay('organization.manage');
  const mayWrite = useMay('work.write');
  const mayRead = useMay('work.read');
  return (
    <Panels title={t('sync:title')} wide>
      {query.isPending ? (
        <Loading rows={5} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <>
          <Now state={query.data} />
          {mayRead && (query.data.role === 'device' || query.data.sharing) && <Lists state={query.data} />}
          {mayRead && (query.data.role === 'device' || query.data.sharing) && <FilesState />}
          {(query.data.role === 'device' || query.data.sharing) && mayWrite && <Bundles />}
          {mayManage && <Hub state={query.data} />}
          {query.data.role === 'alone' && !query.data.sharing && (
            <Panel title={t('sync:join.title')} hint={t('sync:join.hint')}>
              <Box maw={FORM_WIDTH}>
                <JoinHub />
              </Box>
            </Panel>
          )}
          {query.data.role === 'device' && <AnotherOrganization />}
        </>
      )}
    </Panels>
  );
}

/** Of somebody who works for two houses; asked for seldom, and out of the way until then. */
function AnotherOrganization() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Panel title={t('sync:join.another')} hint={t('sync:join.another_hint')}>
      {open ? (
        <Box maw={FORM_WIDTH}>
          <JoinHub />
        </Box>
      ) : (
        <div>
          <Button variant="light" onClick={() => setOpen(true)}>
            {t('sync:join.title')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** One below the other, each whole. */
function Addresses({ urls }: { urls: readonly string[] }) {
  return urls.map((url) => <div key={url}>{url}</div>);
}

function Now({ state }: { state: SyncState }) {
  const { t } = useTranslation();
  return (
    <Stack gap={6}>
      <div>
        <Badge variant="dot" color={COLOR[state.state]} tt="none" radius="sm" size="lg" role="status">
          {wordOf(state, t)}
        </Badge>
      </div>
      <Text size="sm">{hintOf(state, t)}</Text>
      {(state.diverged || state.receiving) && <TakeAnew state={state} />}
      {state.trouble && (
        <Text size="sm" c="var(--soon)" style={{ overflowWrap: 'anywhere' }}>
          {state.trouble}
        </Text>
      )}
      {state.role === 'device' && (
        <>
          <Fact label={t('sync:hub_address')}>{state.hub_url}</Fact>
          {state.hub_others.length > 0 && <Fact label={t('sync:hub_others')}><Addresses urls={state.hub_others} /></Fact>}
          <Fact label={t('sync:hub_certificate')}>{state.hub_fingerprint && <Fingerprint hex={state.hub_fingerprint} />}</Fact>
          <Fact label={t('sync:last_contact')}>{state.last_contact ? <When value={state.last_contact} /> : t('sync:never')}</Fact>
          <Fact label={t('sync:position')}>{t('sync:of', { cursor: formatNumber(state.cursor), head: formatNumber(state.head) })}</Fact>
          <Controls state={state} />
        </>
      )}
    </Stack>
  );
}

function Lists({ state }: { state: SyncState }) {
  const { t } = useTranslation();
  // A hub waits for nobody, and nobody returns anything to it.
  const all = { conflicts: state.conflicts, waiting: state.waiting, returned: state.returned, set_aside: state.set_aside, parked: state.parked };
  const keys = (Object.keys(all) as (keyof typeof all)[]).filter((key) => all[key] > 0 || state.role === 'device' || (key !== 'waiting' && key !== 'returned'));
  const first = keys.find((key) => all[key] > 0) ?? 'conflicts';
  const [tab, setTab] = useState<string | null>(null);
  return (
    <Tabs value={tab ?? first} onChange={setTab} keepMounted={false}>
      <Tabs.List>
        {keys.map((key) => (
          <Tabs.Tab key={key} value={key} rightSection={all[key] > 0 ? <Badge size="sm" variant="light">{countOfList(key, all[key])}</Badge> : null}>
            {t(`sync:tabs.${key}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="conflicts" pt="sm">
        <Conflicts />
      </Tabs.Panel>
      {QUEUES.filter((kind) => keys.includes(kind)).map((kind) => (
        <Tabs.Panel key={kind} value={kind} pt="sm">
          <Queue kind={kind} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
