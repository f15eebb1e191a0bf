import { Anchor, Button, Group, Stack, Text, Timeline } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { HistoryEntry } from '../../src-shared/audit/model.ts';
import { cardLink, ENTITY_NAMES } from './links.ts';
import { ErrorState, Loading } from './States.tsx';
import { When } from './Shown.tsx';
import { fieldLabel, quoted, valueText } from './valueText.ts';

interface Props {
  queryKey: readonly unknown[];
  load: (cursor: string | undefined) => Promise<{ items: HistoryEntry[]; next_cursor: string | null }>;
  /** Whether entries name the row they are about. */
  named?: boolean;
}

/** What happened, who did it, from what to what, in sentences. */
export function History({ queryKey, load, named }: Props) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({ queryKey: [['audit', 'history'], ...queryKey], queryFn: ({ pageParam }) => load(pageParam || undefined), initialPageParam: '', getNextPageParam: (last) => last.next_cursor ?? undefined });
  if (query.isPending) return <Loading rows={5} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const entries = query.data.pages.flatMap((page) => page.items);
  return (
    <Stack gap="sm">
      <Timeline bulletSize={12} lineWidth={2} active={entries.length}>
        {entries.map((entry) => (
          <Timeline.Item key={`${entry.change_id}-${entry.entity}-${entry.row_id}-${entry.action}`}>
            <Text size="sm" td={entry.undone ? 'line-through' : undefined}>
              <b>{entry.actor_name ?? t('app:history.system')}</b> · {t(`app:history.actions.${entry.action}`)}
              {named && <>: <RowName entry={entry} /></>}
            </Text>
            {entry.action === 'update' && <Fields entry={entry} />}
            <Text size="xs" c="dimmed">
              <When value={entry.at} /> · {t(`app:history.origins.${entry.origin}`)}
              {entry.undone && ` · ${t('app:history.undone')}`}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      {entries.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('app:history.none')}
        </Text>
      )}
      {query.hasNextPage && (
        <Group>
          <Button size="xs" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('app:list.more')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

export function RowName({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const title = quoted(entry.row_title || t('app:history.untitled'));
  const linked = (ENTITY_NAMES as readonly string[]).includes(entry.entity) && entry.action !== 'purge';
  return (
    <>
      {t(`app:entities.${entry.entity}`).toLowerCase()}{' '}
      {linked ? (
        <Anchor component={Link} to={cardLink(entry.entity, { id: entry.row_id, no: entry.row_no })} size="sm">
          {title}
        </Anchor>
      ) : (
        title
      )}
    </>
  );
}

/** The fields of a change: name, old value, new value. */
export function Fields({ entry }: { entry: HistoryEntry }) {
  useTranslation();
  const word = (field: string, value: unknown, name: string | null): string => name ?? valueText(entry.entity, field, value);
  return (
    <Stack gap={0}>
      {entry.fields.map((change) => (
        <Text size="sm" key={change.field} style={{ overflowWrap: 'anywhere' }}>
          <Text span c="dimmed" size="sm">
            {fieldLabel(entry.entity, change.field)}:
          </Text>{' '}
          <Text span size="sm" c="dimmed" td="line-through">
            {word(change.field, change.before, change.before_name)}
          </Text>{' '}
          → {word(change.field, change.after, change.after_name)}
        </Text>
      ))}
    </Stack>
  );
}
