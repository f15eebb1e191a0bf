import { Anchor, Badge, Button, CopyButton, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { QueuedChange } from '../../src-shared/sync/model.ts';
import { client } from '../app/client.ts';
import { formatMoment, formatNumber } from '../kit/formats.ts';
import { isEmpty, sameValue } from '../kit/saving.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError, toastFailed } from '../kit/toasts.tsx';
import { fieldLabel, quoted } from '../kit/valueText.ts';
import { reasonText } from './reasons.ts';
import { RowLink } from './RowLink.tsx';
import { SYNC_KEY } from './state.ts';
import { toldFields, writtenText } from './told.ts';
import { Written } from './Written.tsx';

export type QueueKind = 'waiting' | 'returned' | 'set_aside' | 'parked';
type QueuedRow = QueuedChange['rows'][number];

const LOAD: Record<QueueKind, () => Promise<{ items: QueuedChange[]; total: number }>> = {
  waiting: () => client.sync.waiting(),
  returned: () => client.sync.returned(),
  set_aside: () => client.sync.setAside(),
  parked: () => client.sync.parked(),
};

/** What was written, field by field: of a new row all that its title does not say, of a known one what differs from before. */
function fieldsOf(row: QueuedRow): [string, unknown][] {
  const before = toldFields(row.entity, row.before);
  const known = Object.keys(row.before).length > 0;
  return Object.entries(toldFields(row.entity, row.values)).filter(([field, value]) => (row.action === 'create' ? !isEmpty(value) && value !== false && value !== row.row_title : !known || (field in before && !sameValue(before[field], value))));
}

/** Changes that wait, were returned, set aside or parked: what was written stays readable, and each has its way out. */
export function Queue({ kind }: { kind: QueueKind }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...SYNC_KEY, kind], queryFn: LOAD[kind] });
  if (query.isPending) return <Loading rows={3} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <EmptyState title={t(`sync:empty.${kind}`)} hint={t(`sync:empty_hints.${kind}`)} />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t(`sync:tab_hints.${kind}`)}{' '}
        {kind === 'parked' && (
          <Anchor component={Link} to="/settings/updates" size="sm">
            {t('sync:to_updates')}
          </Anchor>
        )}
      </Text>
      {query.data.items.map((change) => (
        <Change key={change.change_id} change={change} kind={kind} />
      ))}
      {query.data.total > query.data.items.length && <Beyond>{t('sync:first_of', { shown: formatNumber(query.data.items.length), total: formatNumber(query.data.total) })}</Beyond>}
    </Stack>
  );
}

/** That a list goes on beyond what is shown of it. */
export function Beyond({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed" role="note">
      {children}
    </Text>
  );
}

function Change({ change, kind }: { change: QueuedChange; kind: QueueKind }) {
  const { t } = useTranslation();
  const { reason, why } = reasonText(change, t);
  return (
    <Paper withBorder p="sm" radius="md" component="article" aria-label={change.rows[0]?.row_title ?? change.change_id}>
      <Stack gap={6}>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {[change.actor_name, formatMoment(change.at)].filter(Boolean).join(' · ')}
          </Text>
          {(change.undone || change.undoes) && (
            <Badge size="sm" variant="light" color="gray" tt="none">
              {t(change.undone ? 'sync:undone' : 'sync:undoes')}
            </Badge>
          )}
        </Group>
        {change.rows.map((row) => (
          <RowText key={`${row.entity}-${row.row_id}-${row.action}`} row={row} />
        ))}
        {change.rows.length === 0 && <Text size="sm">{t('sync:unreadable')}</Text>}
        {reason && (
          <Text size="sm" c="var(--soon)" style={{ overflowWrap: 'anywhere' }}>
            {reason}
            {why && (
              <Text span size="sm" c="dimmed">
                {' '}
                {why}
              </Text>
            )}
          </Text>
        )}
        <Ways change={change} kind={kind} />
      </Stack>
    </Paper>
  );
}

function RowText({ row }: { row: QueuedRow }) {
  const { t } = useTranslation();
  const before = toldFields(row.entity, row.before);
  return (
    <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
      {t(`app:entities.${row.entity}`)} {row.exists || row.row_title ? <RowLink row={row} owner={row.owner} linked={row.exists} /> : `(${t('sync:gone')})`} — {actionText(row, t)}
      {row.owner && (
        <div>
          <Text span size="sm" c="dimmed">
            {t('sync:belongs_to')}{' '}
          </Text>
          {t(`app:entities.${row.owner.entity}`)} <RowLink row={row.owner} />
        </div>
      )}
      {(row.action === 'create' || row.action === 'update') &&
        fieldsOf(row).map(([field, value]) => (
          <div key={field}>
            <Text span size="sm" c="dimmed">
              {fieldLabel(row.entity, field)}:{' '}
            </Text>
            {row.action === 'update' && !isEmpty(before[field]) && (
              <>
                <Text span size="sm" c="dimmed" td="line-through">
                  <Written entity={row.entity} field={field} value={before[field]} names={row.names} bare />
                </Text>{' '}
                →{' '}
              </>
            )}
            <Written entity={row.entity} field={field} value={value} names={row.names} bare />
          </div>
        ))}
    </Text>
  );
}

const actionText = (row: QueuedRow, t: (key: string) => string): string => `${t(`sync:actions.${row.action}`)}${row.action === 'number' && typeof row.values['no'] === 'number' ? ` ${row.values['no']}` : ''}`;

/** Everything of a change as plain words, for a letter or a note. */
function wordsOf(change: QueuedChange, t: (key: string) => string): string {
  return change.rows
    .map((row) => [`${t(`app:entities.${row.entity}`)} ${quoted(row.row_title ?? '')} — ${actionText(row, t)}`, ...(row.owner ? [`${t('sync:belongs_to')} ${t(`app:entities.${row.owner.entity}`)} ${quoted(row.owner.row_title ?? '')}`] : []), ...fieldsOf(row).map(([field, value]) => `${fieldLabel(row.entity, field)}: ${writtenText(row.entity, field, value, row.names)}`)].join('\n'))
    .join('\n\n');
}

function Ways({ change, kind }: { change: QueuedChange; kind: QueueKind }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const act = (work: () => Promise<unknown>, said: string): void =>
    void work()
      .then(async () => {
        toastDone(said);
        await cache.invalidateQueries();
      })
      .catch(toastError);
  const { change_id } = change;
  // What has a place in the common log, the others have: it can be applied here, and neither be sent once more nor forgotten.
  const ofOneself = (kind === 'returned' || kind === 'set_aside') && !change.placed;
  const tryAgain = (): void =>
    void client.sync
      .applyAgain()
      .then(async ({ applied, left }) => {
        if (applied > 0) toastDone(t('sync:applied_again', { count: applied }));
        if (left > 0) toastFailed(t('sync:not_applied'));
        await cache.invalidateQueries();
      })
      .catch(toastError);
  // What belongs to rows that are gone can only be read and copied.
  const hasPlace = change.rows.some((row) => row.exists || row.action === 'create');
  return (
    <Group gap="xs">
      {kind === 'waiting' && !change.undone && (
        <Button size="compact-sm" variant="default" onClick={() => act(() => client.audit.undo({ change_id }), t('sync:discarded'))}>
          {t(change.undoes ? 'sync:discard_undo' : 'sync:discard')}
        </Button>
      )}
      {kind === 'set_aside' && change.placed && (
        <Button size="compact-sm" variant="light" onClick={tryAgain}>
          {t('sync:apply_again')}
        </Button>
      )}
      {ofOneself && hasPlace && (
        <Button size="compact-sm" variant="light" onClick={() => act(() => client.sync.sendAgain({ change_id }), t('sync:sent_again'))}>
          {t('sync:send_again')}
        </Button>
      )}
      {kind !== 'waiting' && change.rows.length > 0 && (
        <CopyButton value={wordsOf(change, t)}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="subtle" onClick={copy}>
              {t(copied ? 'settings:copied' : 'sync:copy')}
            </Button>
          )}
        </CopyButton>
      )}
      {ofOneself && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => act(() => client.sync.dismiss({ change_id }), t('sync:dismissed'))}>
          {t('sync:dismiss')}
        </Button>
      )}
    </Group>
  );
}
