import { Anchor, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { Conflict, conflictSide } from '../../src-shared/sync/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useSession } from '../app/session.ts';
import { formatMoment } from '../kit/formats.ts';
import { cardLink, ENTITY_NAMES } from '../kit/links.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { fieldLabel } from '../kit/valueText.ts';
import { SYNC_KEY } from './state.ts';
import { Written } from './Written.tsx';

type Side = z.infer<typeof conflictSide>;
type Values = Extract<Conflict, { kind: 'values' }>;

/** What several people wrote without having seen each other, as sentences with their ways out. */
export function Conflicts() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...SYNC_KEY, 'conflicts'], queryFn: () => client.sync.conflicts() });
  if (query.isPending) return <Loading rows={3} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <EmptyState title={t('sync:empty.conflicts')} hint="" />;
  return (
    <Stack gap="sm">
      {query.data.items.map((conflict) => (
        <Paper withBorder p="sm" radius="md" key={`${conflict.kind}-${conflict.row_id}-${conflict.kind === 'values' ? conflict.group : ''}`} component="article" aria-label={conflict.row_title ?? conflict.row_id}>
          <Stack gap="xs">
            <Text size="sm" fw={600}>
              {t(`app:entities.${conflict.entity}`)} <RowLink conflict={conflict} />
            </Text>
            <Body conflict={conflict} />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function RowLink({ conflict }: { conflict: Pick<Conflict, 'entity' | 'row_id' | 'row_no' | 'row_title'> }) {
  const { t } = useTranslation();
  const title = t('app:quoted', { title: conflict.row_title ?? t('app:history.untitled') });
  return (ENTITY_NAMES as readonly string[]).includes(conflict.entity) ? (
    <Anchor component={Link} to={cardLink(conflict.entity, { id: conflict.row_id, no: conflict.row_no })} size="sm">
      {title}
    </Anchor>
  ) : (
    <>{title}</>
  );
}

/** Settles something and reads everything anew. */
function useSettle(): (work: () => Promise<unknown>) => void {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return (work) =>
    void work()
      .then(async () => {
        toastDone(t('sync:conflict.settled'));
        await Promise.all([cache.invalidateQueries({ queryKey: SYNC_KEY }), queryClient.invalidateQueries()]);
      })
      .catch(toastError);
}

function Body({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation();
  const settle = useSettle();
  const row = { entity: conflict.entity, row_id: conflict.row_id };
  switch (conflict.kind) {
    case 'values':
      return <Sides conflict={conflict} />;
    case 'edited_in_trash':
      return (
        <>
          <Text size="sm">{t('sync:conflict.edited_in_trash', { time: formatMoment(conflict.deleted_at) })}</Text>
          {conflict.edits.map((edit) => (
            <SideText key={`${edit.group}-${edit.at}`} entity={conflict.entity} side={edit} />
          ))}
          <Group gap="xs">
            <Button size="compact-sm" variant="light" onClick={() => settle(() => client.trash.restore({ entity: conflict.entity, id: conflict.row_id }))}>
              {t('sync:conflict.restore')}
            </Button>
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => settle(() => client.sync.deleteAgain(row))}>
              {t('sync:conflict.delete_again')}
            </Button>
          </Group>
        </>
      );
    case 'parent_in_trash': {
      const parent = conflict.parent.row_title ?? '';
      return (
        <>
          <Text size="sm">{t('sync:conflict.parent_in_trash', { parent })}</Text>
          <Group gap="xs">
            <Button size="compact-sm" variant="light" onClick={() => settle(() => client.trash.restore({ entity: conflict.parent.entity, id: conflict.parent.row_id }))}>
              {t('sync:conflict.restore_parent', { parent })}
            </Button>
          </Group>
        </>
      );
    }
    case 'twice':
      return (
        <>
          <Text size="sm">{t('sync:conflict.twice', { others: conflict.others.map((one) => one.row_title ?? one.row_id).join(', ') })}</Text>
          {conflict.entity === 'companies' && conflict.others[0] && (
            <Group gap="xs">
              <Button size="compact-sm" variant="light" component={Link} to={`/companies/${conflict.row_id}?merge=1&other=${conflict.others[0].row_id}`}>
                {t('sync:conflict.merge')}
              </Button>
            </Group>
          )}
        </>
      );
  }
}

function SideText({ entity, side }: { entity: Conflict['entity']; side: Side }) {
  const { t } = useTranslation();
  const me = useSession((session) => session.me?.user.id);
  const who = side.actor_id === me ? t('sync:conflict.you') : (side.actor_name ?? t('sync:conflict.somebody'));
  return (
    <Group gap="xs" align="flex-start">
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {Object.entries(side.values).map(([field, value], index) => (
          <div key={field}>
            <Text span size="sm" c="dimmed">
              {fieldLabel(entity, field)}:{' '}
            </Text>
            {index === 0 && `${who}: `}
            <Written entity={entity} field={field} value={value} />
          </div>
        ))}
        <Text span size="xs" c="dimmed">
          {formatMoment(side.at)}
        </Text>
      </Text>
      {side.shown && (
        <Badge size="sm" variant="light" tt="none">
          {t('sync:conflict.shown')}
        </Badge>
      )}
    </Group>
  );
}

function Sides({ conflict }: { conflict: Values }) {
  const { t } = useTranslation();
  const settle = useSettle();
  const me = useSession((session) => session.me?.user.id);
  return (
    <>
      {conflict.sides.map((side) => (
        <Group key={`${side.at}-${side.actor_id}`} justify="space-between" align="flex-start" wrap="wrap">
          <SideText entity={conflict.entity} side={side} />
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => settle(() => client.sync.resolve({ entity: conflict.entity, row_id: conflict.row_id, group: conflict.group, values: side.values }))}
          >
            {side.actor_id === me ? t('sync:conflict.keep_mine') : side.actor_name ? t('sync:conflict.keep_theirs', { who: side.actor_name }) : t('sync:conflict.keep_this')}
          </Button>
        </Group>
      ))}
      {(ENTITY_NAMES as readonly string[]).includes(conflict.entity) && (
        <Group>
          <Button size="compact-sm" variant="subtle" component={Link} to={cardLink(conflict.entity, { id: conflict.row_id, no: conflict.row_no })}>
            {t('sync:conflict.edit')}
          </Button>
        </Group>
      )}
    </>
  );
}
