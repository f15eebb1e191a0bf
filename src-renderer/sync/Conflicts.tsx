import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Conflict } from '../../src-shared/sync/model.ts';
import { client } from '../app/client.ts';
import { formatMoment, formatNumber } from '../kit/formats.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { fieldLabel, quoted } from '../kit/valueText.ts';
import { Beyond } from './Queue.tsx';
import { RowLink } from './RowLink.tsx';
import { SideText, Sides } from './Sides.tsx';
import { SYNC_KEY, useSettle } from './state.ts';

/** What several people wrote without having seen each other, as sentences with their ways out. */
export function Conflicts() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...SYNC_KEY, 'conflicts'], queryFn: () => client.sync.conflicts() });
  if (query.isPending) return <Loading rows={3} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <EmptyState title={t('sync:empty.conflicts')} hint={t('sync:empty_hints.conflicts')} />;
  return (
    <Stack gap="sm">
      {query.data.items.map((conflict) => (
        <Paper withBorder p="sm" radius="md" key={`${conflict.kind}-${conflict.row_id}-${conflict.kind === 'values' ? conflict.group : ''}`} component="article" aria-label={conflict.row_title ?? conflict.row_id}>
          <Stack gap="xs">
            <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
              {t(`app:entities.${conflict.entity}`)} <RowLink row={conflict} numbered />
            </Text>
            <Body conflict={conflict} />
          </Stack>
        </Paper>
      ))}
      {query.data.more && <Beyond>{t('sync:first_conflicts', { shown: formatNumber(query.data.items.length) })}</Beyond>}
    </Stack>
  );
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
      const parent = quoted(conflict.parent.row_title || t('app:history.untitled'));
      return (
        <>
          <Text size="sm">{t('sync:conflict.parent_in_trash', { what: t(`app:entities.${conflict.parent.entity}`).toLowerCase(), parent })}</Text>
          <Group gap="xs">
            <Button size="compact-sm" variant="light" onClick={() => settle(() => client.trash.restore({ entity: conflict.parent.entity, id: conflict.parent.row_id }))}>
              {t('sync:conflict.restore_parent')}
            </Button>
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => settle(() => client.sync.deleteAgain(row))}>
              {t('sync:conflict.delete_too')}
            </Button>
          </Group>
        </>
      );
    }
    case 'twice':
      return (
        <>
          <Text size="sm">
            {t('sync:conflict.twice', { count: conflict.columns.length, fields: conflict.columns.map((column) => fieldLabel(conflict.entity, column)).join(', ') })}{' '}
            {conflict.others.map((other, index) => (
              <Fragment key={other.row_id}>
                {index > 0 && ', '}
                <RowLink row={other} numbered />
              </Fragment>
            ))}
          </Text>
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
