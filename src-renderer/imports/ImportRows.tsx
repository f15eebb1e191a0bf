import { Badge, Button, Chip, Group, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportInfo, ImportRow } from '../../src-shared/imports/contract.ts';
import { client } from '../app/client.ts';
import { RefLink } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';

const VERDICTS = ['create', 'join', 'update', 'skip', 'error'] as const;
const COLORS: Record<ImportRow['verdict'], string> = { create: 'teal', join: 'blue', update: 'violet', skip: 'gray', error: 'red' };

/** What each row of the file becomes, and why. Each state of the import has verdicts of its own: what was read midway is not shown after the end. */
export function ImportRows({ id, state }: { id: string; state: ImportInfo['state'] }) {
  const { t } = useTranslation();
  const [verdict, setVerdict] = useState<ImportRow['verdict'] | null>(null);
  const query = useInfiniteQuery({
    queryKey: [['imports', 'rows'], id, state, verdict],
    refetchOnMount: 'always',
    queryFn: ({ pageParam }) => client.imports.rows({ id, limit: 100, ...(verdict ? { verdict } : {}), ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="xs">
      <Chip.Group value={verdict ?? 'all'} onChange={(next) => setVerdict(next === 'all' ? null : (next as ImportRow['verdict']))}>
        <Group gap={6}>
          {(['all', ...VERDICTS] as const).map((one) => (
            <Chip key={one} value={one} size="xs">
              {t(`imports:verdicts.${one}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {query.isPending && <Loading rows={5} />}
      {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {query.isSuccess && (
        <Table.ScrollContainer minWidth={560} mah={420}>
          <Table verticalSpacing={4} stickyHeader aria-label={t('imports:verdicts_title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={80}>{t('imports:line')}</Table.Th>
                <Table.Th w={150}>{t('imports:verdict')}</Table.Th>
                <Table.Th>{t('imports:what')}</Table.Th>
                <Table.Th>{t('imports:why')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row, index) => (
                <Table.Tr key={`${row.line}-${index}`}>
                  <Table.Td>{row.line}</Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={COLORS[row.verdict]} radius="sm" tt="none" fw={500}>
                      {t(`imports:verdicts.${row.verdict}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    {row.entity && (
                      <Text span size="xs" c="dimmed">
                        {t(`app:entities.${row.entity}`)}{' '}
                      </Text>
                    )}
                    {row.title}
                  </Table.Td>
                  <Table.Td>
                    {reasonWord(row, t)} {row.matched_id && row.entity && <RefLink to={row.entity} id={row.matched_id}>{t('app:actions.open')}</RefLink>}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {query.isSuccess && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('imports:no_rows')}
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

function reasonWord(row: ImportRow, t: (key: string, options?: Record<string, unknown>) => string): string {
  const own = t(`imports:reasons.${row.reason}`, { defaultValue: '' });
  return own || t(`imports:errors.${row.reason}`, { ...row.params, defaultValue: t(`kernel:errors.${row.reason}`, { ...row.params, defaultValue: row.reason }) });
}
