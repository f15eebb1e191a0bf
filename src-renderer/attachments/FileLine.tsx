import { ActionIcon, Button, Group, Menu, Modal, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { IconCloudCheck, IconCloudUp, IconDots, IconDownload, IconFile, IconPencil, IconPhoto, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_FILE_NAME, type Attachment, type AttachmentSummary } from '../../src-shared/attachments/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { ifMatch } from '../kit/conditional.ts';
import { saveFile } from '../kit/saveFile.ts';
import { When } from '../kit/Shown.tsx';
import { formatSize } from '../kit/sizes.ts';
import { toastError, toastUndo } from '../kit/toasts.tsx';
import { drawThumbnail, isHere, isPicture, readContent } from './reading.ts';
import classes from './Attachments.module.css';

interface Props {
  file: Attachment;
  role: AttachmentSummary['role'];
  mayChange: boolean;
  /** Shows it, where the page can. @returns whether it could */
  open: () => boolean;
}

const refresh = (): Promise<void> => queryClient.invalidateQueries({ predicate: ({ queryKey: [path] }) => Array.isArray(path) && (path[0] === 'attachments' || path[0] === 'sync') });

/** One file: what it shows, who added it and when, where it is, and what can be done with it. */
export function FileLine({ file, role, mayChange, open }: Props) {
  const { t } = useTranslation();
  const [renaming, setRenaming] = useState(false);
  const [busy, setBusy] = useState(false);
  const download = async (): Promise<void> => {
    setBusy(true);
    try {
      saveFile(await readContent(file), file.file_name);
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = (): void =>
    void client.attachments
      .delete({ id: file.id })
      .then(({ change_id }) => toastUndo(t('attachments:deleted', { name: file.file_name }), change_id))
      .then(refresh)
      .catch(toastError);
  const place = role === 'device' ? file.place : isHere(file) ? null : 'nowhere';
  return (
    <div className={classes['file']} role="listitem">
      <UnstyledButton tabIndex={-1} aria-hidden onClick={() => open() || void download()} disabled={!isHere(file)}>
        <Thumbnail file={file} />
      </UnstyledButton>
      <div style={{ minWidth: 0 }}>
        <UnstyledButton className={classes['name']} onClick={() => open() || void download()} disabled={!isHere(file)} title={file.file_name}>
          <Text size="sm" truncate span display="block">
            {file.file_name}
          </Text>
        </UnstyledButton>
        <Group gap={4} wrap="wrap">
          <Text size="xs" c="dimmed" span>
            {formatSize(file.size)}
            {file.created_by_name ? ` · ${file.created_by_name}` : ''} · <When value={file.created_at} />
          </Text>
          {place && (
            <Text size="xs" c={place === 'both' ? 'teal' : 'orange'} span style={{ display: 'inline-flex', alignItems: 'center', gap: 3 }}>
              {place === 'both' ? <IconCloudCheck size={13} aria-hidden /> : <IconCloudUp size={13} aria-hidden />}
              {t(`attachments:place.${place}`)}
            </Text>
          )}
        </Group>
      </div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" loading={busy} aria-label={t('attachments:actions_of', { name: file.file_name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isPicture(file) && isHere(file) && (
            <Menu.Item leftSection={<IconPhoto size={15} />} onClick={() => open()}>
              {t('attachments:open')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconDownload size={15} />} disabled={!isHere(file)} onClick={() => void download()}>
            {t('attachments:download')}
          </Menu.Item>
          {mayChange && (
            <>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setRenaming(true)}>
                {t('attachments:rename')}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={remove}>
                {t('app:actions.delete')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={renaming} onClose={() => setRenaming(false)} title={t('attachments:rename_file')}>
        <Rename file={file} close={() => setRenaming(false)} />
      </Modal>
    </div>
  );
}

function Rename({ file, close }: { file: Attachment; close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(file.file_name);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.attachments.update({ id: file.id, file_name: name }, ifMatch(file.version));
      await refresh();
      close();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput label={t('attachments:fields.file_name')} value={name} maxLength={MAX_FILE_NAME} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>
          {t('app:actions.cancel')}
        </Button>
        <Button type="submit" loading={busy} disabled={name.trim() === ''}>
          {t('app:actions.save')}
        </Button>
      </Group>
    </form>
  );
}

/** A small picture of a picture once it comes into view; a sign for everything else. */
function Thumbnail({ file }: { file: Attachment }) {
  const { ref, inViewport } = useInViewport();
  const drawable = isPicture(file) && isHere(file);
  const picture = useQuery({ queryKey: [['thumbnails'], file.sha256], queryFn: ({ signal }) => drawThumbnail(file, signal), enabled: drawable && inViewport, staleTime: Number.POSITIVE_INFINITY, retry: false });
  return (
    <div ref={ref} className={classes['picture']}>
      {picture.data ? <img src={picture.data} alt="" /> : drawable ? <IconPhoto size={22} stroke={1.4} aria-hidden /> : <IconFile size={22} stroke={1.4} aria-hidden />}
    </div>
  );
}
