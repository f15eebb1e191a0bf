import { ActionIcon, Group, Modal, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attachment } from '../../src-shared/attachments/model.ts';
import { saveFile } from '../kit/saveFile.ts';
import { ErrorState, Loading } from '../kit/States.tsx';
import { readContent } from './reading.ts';
import classes from './Attachments.module.css';

/** Pictures of a row, one at a time; arrows go on and back. */
export function Viewer({ files, shown, show }: { files: readonly Attachment[]; shown: string | null; show: (id: string | null) => void }) {
  const { t } = useTranslation();
  const index = files.findIndex((file) => file.id === shown);
  const file = files[index];
  const go = (step: number): void => {
    const next = files[(index + step + files.length) % files.length];
    if (next) show(next.id);
  };
  return (
    <Modal
      opened={file !== undefined}
      onClose={() => show(null)}
      size="auto"
      centered
      title={file?.file_name}
      closeButtonProps={{ 'aria-label': t('attachments:close') }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') go(1);
        if (event.key === 'ArrowLeft') go(-1);
      }}
    >
      {file && <Picture key={file.id} file={file} count={files.length} index={index} go={go} />}
    </Modal>
  );
}

function Picture({ file, count, index, go }: { file: Attachment; count: number; index: number; go: (step: number) => void }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [['pictures'], file.sha256], queryFn: ({ signal }) => readContent(file, signal), gcTime: 0, retry: false });
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!query.data) return undefined;
    const made = URL.createObjectURL(query.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [query.data]);
  return (
    <>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : url ? <img className={classes['shown']} src={url} alt={file.file_name} /> : <Loading rows={6} />}
      <Group justify="space-between" mt="sm" wrap="nowrap">
        <Group gap="xs">
          {count > 1 && (
            <>
              <Tooltip label={t('attachments:previous')}>
                <ActionIcon variant="default" aria-label={t('attachments:previous')} onClick={() => go(-1)}>
                  <IconChevronLeft size={16} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={t('attachments:next')}>
                <ActionIcon variant="default" aria-label={t('attachments:next')} onClick={() => go(1)}>
                  <IconChevronRight size={16} />
                </ActionIcon>
              </Tooltip>
              <Text size="sm" c="dimmed">
                {t('attachments:position', { index: index + 1, count })}
              </Text>
            </>
          )}
        </Group>
        <Tooltip label={t('attachments:download')}>
          <ActionIcon variant="default" disabled={!query.data} aria-label={t('attachments:download')} onClick={() => query.data && saveFile(query.data, file.file_name)}>
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </>
  );
}
