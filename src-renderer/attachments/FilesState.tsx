import { Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { Panel } from '../kit/Panel.tsx';
import { formatSize } from '../kit/sizes.ts';
import { ErrorState, Loading } from '../kit/States.tsx';
import { stateText } from './stateText.ts';

/** All files of the organisation: how many are on the hub, what is moving, and why it does not. */
export function FilesState() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [['sync'], 'files'], queryFn: () => client.attachments.summary({}) });
  if (query.isPending) return <Loading rows={2} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const { total, bytes, moving, trouble } = query.data;
  return (
    <Panel title={t('attachments:sync.title')} hint={t('attachments:sync.hint')}>
      <Text size="sm" role="status">
        {total === 0 ? t('attachments:sync.none') : [...stateText(query.data, t), t('attachments:sync.bytes', { size: formatSize(bytes) })].join(' · ')}
      </Text>
      {moving && (
        <div>
          <Text size="xs" c="dimmed">
            {t(`attachments:sync.${moving.direction}`, { done: formatSize(moving.done), size: formatSize(moving.size) })}
          </Text>
          <Progress size="sm" value={(moving.done / moving.size) * 100} aria-label={t('attachments:sync.title')} />
        </div>
      )}
      {trouble && (
        <Text size="sm" c="orange">
          {trouble}
        </Text>
      )}
    </Panel>
  );
}
