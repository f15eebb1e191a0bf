import { Button, FileButton, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { client } from '../app/client.ts';
import { formatNumber } from '../kit/formats.ts';
import { When } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import { ImportCard } from './ImportCard.tsx';
import { State } from './State.tsx';

/** An import: hand over a file, look at what it would do, write it, take it back. */
export function ImportPanel() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const open = params.get('id');
  const show = (id: string | null): void => setParams(id ? { id } : {});
  return open ? <ImportCard id={open} onBack={() => show(null)} /> : <Start onOpen={show} title={t('imports:history')} />;
}

function Start({ onOpen, title }: { onOpen: (id: string) => void; title: string }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const list = useQuery({ queryKey: [['imports', 'list']], queryFn: () => client.imports.list() });
  const upload = async (file: File | null | undefined): Promise<void> => {
    if (!file) return;
    setBusy(true);
    try {
      const info = await client.imports.upload({ file });
      await cache.invalidateQueries({ queryKey: [['imports', 'list']] });
      onOpen(info.id);
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="lg">
      <Paper
        withBorder
        p="xl"
        radius="md"
        bg={over ? 'var(--row-active)' : 'var(--surface-sunken)'}
        style={{ borderStyle: 'dashed' }}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void upload(event.dataTransfer.files[0]);
        }}
      >
        <Stack align="center" gap="xs">
          <IconUpload size={32} stroke={1.3} aria-hidden />
          <Title order={2}>{t('imports:drop_title')}</Title>
          <Text size="sm" c="dimmed" ta="center" maw={520}>
            {t('imports:drop_hint')}
          </Text>
          <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => void upload(file)}>
            {(props) => (
              <Button {...props} loading={busy}>
                {t('imports:choose')}
              </Button>
            )}
          </FileButton>
        </Stack>
      </Paper>
      {list.isPending && <Loading rows={3} />}
      {list.isError && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {list.data && list.data.items.length > 0 && (
        <Stack gap="xs">
          <Title order={3}>{title}</Title>
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing={6} highlightOnHover aria-label={title}>
              <Table.Tbody>
                {list.data.items.map((info) => (
                  <Table.Tr key={info.id} onClick={() => onOpen(info.id)} style={{ cursor: 'pointer' }}>
                    <Table.Td>
                      <Button variant="transparent" size="compact-sm" px={0} onClick={() => onOpen(info.id)}>
                        {info.file_name}
                      </Button>
                    </Table.Td>
                    <Table.Td>
                      <State info={info} />
                    </Table.Td>
                    <Table.Td>{t('imports:rows_count', { count: info.counts.rows, shown: formatNumber(info.counts.rows) })}</Table.Td>
                    <Table.Td>
                      <When value={info.created_at} /> {info.created_by_name && `· ${info.created_by_name}`}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Stack>
      )}
    </Stack>
  );
}
