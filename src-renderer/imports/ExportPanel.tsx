import { Button, Group, Progress, Select, Stack, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EXPORTABLE, type ExportInfo } from '../../src-shared/exports/contract.ts';
import { client } from '../app/client.ts';
import { useProgressWatch } from '../app/ProgressDock.tsx';
import { formatNumber } from '../kit/formats.ts';
import { saveFile } from '../kit/saveFile.ts';
import { ErrorState } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';

const LOOK_MS = 500;

/** Hands a finished file over to the browser. */
async function download(info: ExportInfo): Promise<void> {
  saveFile(await client.exports.download({ id: info.id }), info.file_name);
}

/** All rows of an entity as a file; every attempt is in the audit log. */
export function ExportPanel() {
  const { t } = useTranslation();
  const watch = useProgressWatch((progress) => progress.watch);
  const [entity, setEntity] = useState<(typeof EXPORTABLE)[number]>('companies');
  const [format, setFormat] = useState<'csv' | 'json'>('csv');
  const list = useQuery({ queryKey: [['exports', 'list']], queryFn: () => client.exports.list(), refetchInterval: ({ state }) => (state.data?.items.some((one) => one.state === 'running') ? LOOK_MS : false) });
  const start = (): void =>
    void client.exports
      .start({ entity, format })
      .then(() => {
        watch();
        return list.refetch();
      })
      .catch(toastError);
  return (
    <Stack gap="md" maw={760}>
      <Text size="sm" c="dimmed">
        {t('exports:hint')}
      </Text>
      <Group align="flex-end">
        <Select label={t('exports:entity')} data={EXPORTABLE.map((value) => ({ value, label: t(`app:pages.${value}`, { defaultValue: t(`exports:entities.${value}`) }) }))} value={entity} allowDeselect={false} onChange={(next) => next && setEntity(next as typeof entity)} />
        <Select label={t('exports:format')} w={120} data={['csv', 'json'].map((value) => ({ value, label: value.toUpperCase() }))} value={format} allowDeselect={false} onChange={(next) => next && setFormat(next as typeof format)} />
        <Button onClick={start}>{t('exports:start')}</Button>
      </Group>
      {list.isError && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {list.data && list.data.items.length > 0 && (
        <Table verticalSpacing={6} aria-label={t('exports:title')}>
          <Table.Tbody>
            {list.data.items.map((info) => (
              <Table.Tr key={info.id}>
                <Table.Td>{info.file_name}</Table.Td>
                <Table.Td>{t('imports:rows_count', { count: info.rows, shown: formatNumber(info.rows) })}</Table.Td>
                <Table.Td w={220}>{info.state === 'running' ? <Progress value={info.progress * 100} animated aria-label={info.file_name} /> : t(`exports:states.${info.state}`)}</Table.Td>
                <Table.Td ta="right">
                  {info.state === 'done' && (
                    <Button size="compact-sm" variant="light" leftSection={<IconDownload size={14} aria-hidden />} onClick={() => void download(info).catch(toastError)}>
                      {t('exports:download')}
                    </Button>
                  )}
                  {info.state === 'running' && (
                    <Button size="compact-sm" variant="subtle" color="red" onClick={() => void client.exports.cancel({ id: info.id }).then(() => list.refetch()).catch(toastError)}>
                      {t('app:progress.stop')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
