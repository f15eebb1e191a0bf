import { ActionIcon, Button, Group, Progress, Stack, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Upload } from '../../src-shared/attachments/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { formatSize } from '../kit/sizes.ts';
import { toastError } from '../kit/toasts.tsx';
import { cancel, isOf, retry, useUploads, type Owner, type Sending } from './uploads.ts';

/** Files of a row that are on their way, and those that an earlier page did not bring to the end. */
export function SendingLines({ owner }: { owner: Owner }) {
  const sending = useUploads(({ items }) => items).filter(isOf(owner));
  const unfinished = useQuery({ queryKey: [['attachments', 'uploads'], owner.entity, owner.id], queryFn: () => client.attachments.uploads({ entity: owner.entity, row_id: owner.id }) });
  const left = (unfinished.data?.items ?? []).filter((upload) => upload.received < upload.size && !sending.some((one) => one.file.size === upload.size));
  return (
    <>
      {sending.map((one) => (
        <SendingLine key={one.key} sending={one} />
      ))}
      {left.map((upload) => (
        <LeftLine key={upload.id} upload={upload} />
      ))}
    </>
  );
}

function SendingLine({ sending: { key, file, done, state, error, again } }: { sending: Sending }) {
  const { t } = useTranslation();
  const failed = state === 'failed';
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" truncate>
          {file.name}
        </Text>
        <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
          <Text size="xs" c={failed ? 'red' : 'dimmed'}>
            {failed ? t('attachments:upload.failed') : state === 'sending' ? t('attachments:upload.sending', { done: formatSize(done), size: formatSize(file.size) }) : t(`attachments:upload.${state}`)}
          </Text>
          {failed && again && (
            <Button size="compact-xs" variant="light" onClick={() => retry(key)}>
              {t('attachments:upload.retry')}
            </Button>
          )}
          <Tooltip label={t(failed ? 'attachments:upload.dismiss' : 'attachments:upload.cancel')}>
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('attachments:upload.cancel_file', { name: file.name })} onClick={() => cancel(key)}>
              <IconX size={14} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {failed ? (
        <Text size="xs" c="red" role="alert">
          {error}
        </Text>
      ) : (
        <Progress size="sm" value={(done / file.size) * 100} animated={state === 'saving'} aria-label={t('attachments:upload.progress', { name: file.name })} />
      )}
    </Stack>
  );
}

function LeftLine({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const forget = (): void =>
    void client.attachments
      .cancel({ id: upload.id })
      .then(() => queryClient.invalidateQueries({ queryKey: [['attachments']] }))
      .catch(toastError);
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" truncate>
          {upload.file_name}
        </Text>
        <Text size="xs" c="dimmed">
          {t('attachments:upload.unfinished', { done: formatSize(upload.received), size: formatSize(upload.size) })}
        </Text>
      </div>
      <Button size="compact-xs" variant="subtle" color="gray" style={{ flexShrink: 0 }} onClick={forget}>
        {t('attachments:upload.forget')}
      </Button>
    </Group>
  );
}
