import { Anchor, Button, Group, Popover, Stack, Switch, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconAlertCircle, IconBroadcast, IconCircleCheck, IconCloudOff, IconCloudUp, IconDeviceLaptop, IconPlugConnectedX, type Icon } from '@tabler/icons-react';
import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SyncState } from '../../src-shared/sync/contract.ts';
import { SHOWN } from '../../src-shared/sync/model.ts';
import { client } from '../app/client.ts';
import { useConnection } from '../app/live.ts';
import { useMay } from '../app/session.ts';
import { formatMoment, formatNumber, formatTime } from '../kit/formats.ts';
import { toastError } from '../kit/toasts.tsx';
import { COLOR, SYNC_KEY, useSyncState } from './state.ts';
import classes from './SyncCorner.module.css';

/** What each state looks like where there is no room for its word; never told by colour alone. */
const ICON: Record<SyncState['state'], Icon> = { alone: IconDeviceLaptop, hub: IconBroadcast, synchronised: IconCircleCheck, waiting: IconCloudUp, offline: IconCloudOff, attention: IconAlertCircle };

/** The corner that is always true: whether the page hears the program, and whether this copy agrees with the others. */
export function SyncCorner() {
  const { t } = useTranslation();
  const connection = useConnection();
  const { data } = useSyncState();
  const [opened, setOpened] = useState(false);
  // In the drawer of a narrow window there is no room beside it.
  const narrow = useMediaQuery('(max-width: 600px)');
  const word = !connection.online ? t('app:connection.lost') : data ? wordOf(data, t) : t('app:connection.local');
  const count = connection.online && data ? countText(data) : '';
  const Sign = !connection.online ? IconPlugConnectedX : ICON[data?.state ?? 'alone'];
  const color = !connection.online ? 'orange' : data ? COLOR[data.state] : 'teal';
  return (
    <Popover position={narrow ? 'top-start' : 'right-end'} width={300} withArrow trapFocus returnFocus opened={opened} onChange={setOpened}>
      <Tooltip label={word} position="right" disabled={opened} onClick={() => setOpened(!opened)}>
        <Popover.Target>
          <UnstyledButton className={classes['corner']} aria-label={word}>
            <Sign size={18} style={{ color: `var(--mantine-color-${color}-text)`, flexShrink: 0 }} aria-hidden />
            <span className={classes['word']}>{word}</span>
            {count && (
              <span className={classes['count']} aria-hidden>
                {count}
              </span>
            )}
          </UnstyledButton>
        </Popover.Target>
      </Tooltip>
      <Popover.Dropdown>
        {!connection.online || !data ? (
          <Text size="sm">{t(connection.online ? 'app:connection.local_hint' : 'app:connection.lost_hint', { time: formatTime(new Date(connection.since).toISOString()) })}</Text>
        ) : (
          <Facts state={data} word={word} onGo={() => setOpened(false)} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function countOf(state: SyncState): number {
  if (state.state === 'attention') return state.conflicts + state.returned + state.set_aside + state.parked;
  return state.state === 'waiting' || state.state === 'offline' ? state.waiting + state.files_waiting : 0;
}

/** The number that the word is about; of very many conflicts only that there are as many and more. */
const countText = (state: SyncState): string => {
  const count = countOf(state);
  return count === 0 ? '' : state.state === 'attention' && state.conflicts > SHOWN ? `${formatNumber(count - 1)}+` : formatNumber(count);
};

/** One word, with the number that it is about. */
export function wordOf(state: SyncState, t: (key: string, values?: Record<string, string>) => string): string {
  const count = countText(state);
  const said = state.state !== 'offline' ? t(`sync:states.${state.state}`) : state.work_offline ? t('sync:offline_by_will') : state.offline_since ? t('sync:offline_since', { time: sinceOf(state.offline_since) }) : t('sync:states.offline');
  return `${said}${count && ` · ${count}`}`;
}

/** The hour, and the day where it is another one. */
const sinceOf = (at: string): string => (new Date(at).toDateString() === new Date().toDateString() ? formatTime(at) : formatMoment(at));

function Facts({ state, word, onGo }: { state: SyncState; word: string; onGo: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {word}
      </Text>
      <Text size="sm">{hintOf(state, t)}</Text>
      <Counts state={state} />
      {state.diverged && <Text size="sm">{t('sync:diverged')}</Text>}
      {state.state === 'attention' && state.offline_since && (
        <Text size="sm" c="dimmed">
          {t('sync:offline_since', { time: sinceOf(state.offline_since) })}
        </Text>
      )}
      {state.trouble && !state.work_offline && (
        <Text size="sm" c="dimmed">
          {state.trouble}
        </Text>
      )}
      {state.role === 'device' && <Controls state={state} />}
      <Anchor component={Link} to="/settings/sync" size="sm" onClick={onGo}>
        {t('sync:open')}
      </Anchor>
    </Stack>
  );
}

/** What there is behind the number, list by list. */
function Counts({ state }: { state: SyncState }) {
  const { t } = useTranslation();
  const lists = ([['conflicts', state.conflicts], ['waiting', state.waiting], ['returned', state.returned], ['set_aside', state.set_aside], ['parked', state.parked]] as const).filter(([, count]) => count > 0);
  if (lists.length === 0) return null;
  return (
    <Text size="sm">
      {lists.map(([name, count]) => (
        <span key={name} style={{ display: 'block' }}>
          {t(`sync:tabs.${name}`)}: {countOfList(name, count)}
        </span>
      ))}
    </Text>
  );
}

/** How many entries a list has; of very many conflicts only that there are as many and more. */
export const countOfList = (name: string, count: number): string => (name === 'conflicts' && count > SHOWN ? `${formatNumber(SHOWN)}+` : formatNumber(count));

/** What the state means; nobody is told to wait for a network that he has switched off himself. */
export const hintOf = (state: SyncState, t: (key: string) => string): string => t(state.state === 'offline' && state.work_offline ? 'sync:offline_by_will_hint' : `sync:hints.${state.state}`);

/** The "work offline" switch and an exchange at once. */
export function Controls({ state }: { state: SyncState }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const mayWork = useMay('work.read');
  const [busy, setBusy] = useState(false);
  const act = async (work: () => Promise<SyncState>): Promise<void> => {
    setBusy(true);
    try {
      cache.setQueryData([...SYNC_KEY, 'status'], await work());
      await cache.invalidateQueries({ queryKey: SYNC_KEY });
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Group justify="space-between">
      <Switch size="sm" label={t('sync:work_offline')} checked={state.work_offline} disabled={!mayWork && !state.work_offline} onChange={(event) => void act(() => client.sync.offline({ offline: event.currentTarget.checked }))} />
      {mayWork && (
        <Button size="compact-sm" variant="light" loading={busy || state.busy} disabled={state.work_offline} onClick={() => void act(() => client.sync.now())}>
          {t('sync:now')}
        </Button>
      )}
    </Group>
  );
}
