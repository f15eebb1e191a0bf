import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCamera, IconPaperclip } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { OWNERS, type Attachment, type AttachmentSummary } from '../../src-shared/attachments/model.ts';
import { client } from '../app/client.ts';
import { useMay } from '../app/session.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { FileLine } from './FileLine.tsx';
import { isHere, isPicture } from './reading.ts';
import { SendingLines } from './SendingLines.tsx';
import { stateText } from './stateText.ts';
import { addFiles, isOf, useUploads, type Owner } from './uploads.ts';
import { useDropAndPaste } from './useDropAndPaste.ts';
import { Viewer } from './Viewer.tsx';
import classes from './Attachments.module.css';

const PAGE = 100;

/** How many files a row has and where they are; read anew whenever synchronisation moves. */
export function useSummary(owner: Owner): UseQueryResult<AttachmentSummary> {
  return useQuery({ queryKey: [['sync'], 'files', owner.entity, owner.id], queryFn: () => client.attachments.summary({ entity: owner.entity, row_id: owner.id }) });
}

/** Gives the number of a row's files to what stands around them. */
export function Counted({ entity, id, children }: Owner & { children: (count: number | undefined) => ReactNode }) {
  const { data } = useSummary({ entity, id });
  return <>{children(data?.total)}</>;
}

/** Files of one row: dropped, pasted, chosen or photographed; saved here at once, and on the hub as soon as it can be reached. */
export function Attachments({ entity, id }: Owner) {
  const { t } = useTranslation();
  const owner: Owner = { entity, id };
  const mayAdd = useMay(OWNERS[entity].write);
  const touch = useMediaQuery('(pointer: coarse)') ?? false;
  const summary = useSummary(owner);
  const sending = useUploads(({ items }) => items).some(isOf(owner));
  const [shown, setShown] = useState<string | null>(null);
  const add = (files: readonly File[]): void => {
    if (mayAdd && files.length > 0) addFiles({ entity, id }, files);
  };
  const { over, ...zone } = useDropAndPaste(add, mayAdd);
  const query = useInfiniteQuery({
    queryKey: [['attachments', 'list'], entity, id],
    queryFn: ({ pageParam }) => client.attachments.list({ entity, row_id: id, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });
  const files = query.data?.pages.flatMap((page) => page.items) ?? [];
  const pictures = files.filter((file) => isPicture(file) && isHere(file));
  // What is being shown may be deleted meanwhile, here or elsewhere.
  const gone = shown !== null && query.isSuccess && !pictures.some((file) => file.id === shown);
  useEffect(() => {
    if (gone) setShown(null);
  }, [gone]);

  if (query.isPending) return <Loading rows={3} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const none = files.length === 0 && !sending;
  const buttons = mayAdd && (
    <Group gap="xs" justify={none ? 'center' : 'flex-start'}>
      <FileButton multiple onChange={(chosen) => add(chosen)}>
        {(props) => (
          <Button {...props} size="xs" variant="light" leftSection={<IconPaperclip size={15} aria-hidden />}>
            {t('attachments:add')}
          </Button>
        )}
      </FileButton>
      {touch && (
        <FileButton accept="image/*" capture="environment" onChange={(photo) => photo && add([photo])}>
          {(props) => (
            <Button {...props} size="xs" variant="light" leftSection={<IconCamera size={15} aria-hidden />}>
              {t('attachments:photo')}
            </Button>
          )}
        </FileButton>
      )}
    </Group>
  );
  return (
    <Stack gap="sm" component="section" aria-label={t('attachments:title')} className={`${classes['zone']} ${over ? classes['over'] : ''}`} data-hint={t('attachments:drop_now')} {...zone}>
      {none ? (
        <EmptyState title={t('attachments:empty')} hint={[t('attachments:empty_hint'), ...(mayAdd && !touch ? [`${t('attachments:drop')}.`] : [])].join(' ')} action={buttons} />
      ) : (
        <>
          {buttons}
          {summary.data && summary.data.total > 0 && (
            <Text size="sm" c="dimmed" role="status">
              {stateText(summary.data, t).join(' · ')}
            </Text>
          )}
        </>
      )}
      {mayAdd && !touch && !none && (
        <Text size="xs" c="dimmed" className="no-print">
          {t('attachments:drop')}
        </Text>
      )}
      <SendingLines owner={owner} />
      <div role="list" aria-label={t('attachments:title')} hidden={files.length === 0}>
        {files.map((file) => (
          <FileLine key={file.id} file={file} role={summary.data?.role ?? 'alone'} mayChange={mayAdd} open={() => openFile(file, setShown)} />
        ))}
      </div>
      {query.hasNextPage && (
        <Button size="xs" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('attachments:more')}
        </Button>
      )}
      <Viewer files={pictures} shown={shown} show={setShown} />
    </Stack>
  );
}

function openFile(file: Attachment, show: (id: string) => void): boolean {
  if (!isPicture(file) || !isHere(file)) return false;
  show(file.id);
  return true;
}
