import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HubState } from '../../src-shared/sync/contract.ts';
import { client } from '../app/client.ts';
import { useMay, useSession } from '../app/session.ts';
import { formatMoment, formatNumber } from '../kit/formats.ts';
import { Panel } from '../kit/Panel.tsx';
import { Fact, When } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { quoted } from '../kit/valueText.ts';
import { SYNC_KEY, useHubState } from './state.ts';

/** The common log: how long it is, what compaction would do and who stands in its way, and its lives. */
export function HubLog() {
  const { t } = useTranslation();
  const maySystem = useMay('system.manage');
  const query = useHubState();
  const [restored, setRestored] = useState(false);
  if (query.isPending) return <Loading rows={4} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const state = query.data;
  return (
    <>
      <Panel title={t('sync:log.title')} hint={t('sync:log.hint')}>
        <Stack gap={6}>
          <Fact label={t('sync:log.length')}>
            {t('sync:log.changes', { count: state.log.head - state.log.floor })}
            {state.log.head > state.log.floor && ` · ${t('sync:log.span', { from: formatNumber(state.log.floor + 1), to: formatNumber(state.log.head) })}`}
          </Fact>
          <Fact label={t('sync:log.numbers')}>
            {t(state.authority ? 'sync:log.numbers_here' : 'sync:log.numbers_elsewhere')}
            {state.unnumbered > 0 && ` · ${t('sync:log.unnumbered', { count: state.unnumbered })}`}
          </Fact>
          <Fact label={t('sync:log.compacted')}>
            {state.last_compaction ? (
              <>
                <When value={state.last_compaction.at} /> · {t('sync:log.blanked', { count: state.last_compaction.blanked })}
              </>
            ) : (
              t('sync:never')
            )}
          </Fact>
        </Stack>
        {maySystem && <Compaction state={state} />}
      </Panel>
      <Panel title={t('sync:lives.title')} hint={t('sync:lives.hint')}>
        <List size="sm" spacing={4} aria-label={t('sync:lives.title')}>
          {state.lives.map((life, index) => (
            <List.Item key={life.id}>
              {t(index === 0 ? 'sync:lives.present' : 'sync:lives.past', { since: formatMoment(life.since) })}
              {life.from > 0 && t('sync:lives.behind', { from: formatNumber(life.from) })}
            </List.Item>
          ))}
        </List>
        {maySystem && (
          <div>
            <Button variant="light" color="orange" onClick={() => setRestored(true)}>
              {t('sync:lives.restored')}
            </Button>
          </div>
        )}
      </Panel>
      {restored && <AfterRestore onClose={() => setRestored(false)} />}
    </>
  );
}

/** Says beforehand what compaction would take away, and whom it waits for. */
function Compaction({ state }: { state: HubState }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const devices = useQuery({ queryKey: [...SYNC_KEY, 'devices'], queryFn: () => client.sync.devices() });
  const { floor, head, reach } = state.log;
  const takes = Math.max(0, reach - floor);
  const slow = (devices.data?.items ?? []).filter((device) => device.holds_back);
  const compact = async (): Promise<void> => {
    setBusy(true);
    try {
      const { blanked } = await client.sync.compact();
      toastDone(t('sync:log.compact_done', { count: blanked }));
      await cache.invalidateQueries({ queryKey: SYNC_KEY });
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">{takes > 0 ? t('sync:log.would', { count: takes, to: formatNumber(reach) }) : t(head === floor ? 'sync:log.nothing' : 'sync:log.nothing_yet')}</Text>
      {slow.length > 0 && <Text size="sm">{t('sync:log.held_back', { names: slow.map((device) => quoted(device.name) + (device.last_contact ? ` (${formatMoment(device.last_contact)})` : '')).join(', ') })}</Text>}
      <Button variant="light" loading={busy} disabled={takes === 0} onClick={() => void compact()}>
        {t('sync:log.compact')}
      </Button>
    </Stack>
  );
}

/** A new life of the log cannot be taken back: it is begun by typing the organisation's name. */
function AfterRestore({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const name = useSession((session) => session.me?.organization.name) ?? '';
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const begin = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.sync.newEpoch();
      toastDone(t('sync:lives.done'));
      await cache.invalidateQueries({ queryKey: SYNC_KEY });
      onClose();
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('sync:lives.restored')}>
      <Stack
        component="form"
        onSubmit={(event: React.FormEvent) => {
          event.preventDefault();
          if (typed.trim() === name) void begin();
        }}
      >
        <Text size="sm">{t('sync:lives.when')}</Text>
        <Text size="sm">{t('sync:lives.effect')}</Text>
        <TextInput label={t('sync:lives.type_name', { name })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" data-autofocus />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app:actions.cancel')}
          </Button>
          <Button type="submit" color="orange" loading={busy} disabled={typed.trim() !== name}>
            {t('sync:lives.begin')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
