import { ActionIcon, Alert, Button, Group, Progress, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ImportInfo } from '../../src-shared/imports/contract.ts';
import { client } from '../app/client.ts';
import { useProgressWatch } from '../app/ProgressDock.tsx';
import { formatNumber } from '../kit/formats.ts';
import { RefPicker } from '../kit/RefPicker.tsx';
import { Figures, Section } from '../kit/Sections.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { TimeZoneSelect } from '../kit/TimeZoneSelect.tsx';
import { toastError } from '../kit/toasts.tsx';
import { ImportRows } from './ImportRows.tsx';
import { State } from './State.tsx';
import { useChoices } from './useChoices.ts';

const LOOK_MS = 500;
const MOVING = new Set<ImportInfo['state']>(['checking', 'running', 'undoing']);

/** One import: what was recognised, who is responsible, the dry run, the run, the way back. */
export function ImportCard({ id, onBack }: { id: string; onBack: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const watch = useProgressWatch((progress) => progress.watch);
  const [{ zone, people }, choose] = useChoices(id);
  const query = useQuery({ queryKey: [['imports', 'get'], id], queryFn: () => client.imports.get({ id }), refetchInterval: ({ state }) => (state.data && MOVING.has(state.data.state) ? LOOK_MS : false) });
  if (query.isPending) return <Loading rows={6} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const info = query.data;
  const moving = MOVING.has(info.state);
  const options = { id, ...(zone ? { time_zone: zone } : {}), responsibles: Object.fromEntries(Object.entries(people).map(([name, person]) => [name, person.id])) };
  const act = (work: () => Promise<ImportInfo>): void =>
    void work()
      .then(async () => {
        watch();
        await query.refetch();
        await cache.invalidateQueries({ queryKey: [['imports', 'rows'], id] });
      })
      .catch(toastError);
  const written = info.state === 'done' || info.state === 'failed';

  return (
    <Stack gap="lg">
      <Group gap="xs">
        <ActionIcon variant="subtle" color="gray" aria-label={t('imports:back')} onClick={onBack}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <Title order={2}>{info.file_name}</Title>
        <State info={info} />
      </Group>
      <Text size="sm" c="dimmed">
        {t('imports:recognised', { encoding: info.encoding, delimiter: t(`imports:delimiters.${DELIMITERS[info.delimiter] ?? 'comma'}`), size: formatNumber(Math.ceil(info.size / 1024)) })}
      </Text>
      {moving && <Progress value={info.progress * 100} animated aria-label={t(`imports:states.${info.state}`)} />}
      {info.error && (
        <Alert color="red" variant="light" role="alert">
          {info.error === 'interrupted' ? t('imports:interrupted') : info.error}
        </Alert>
      )}
      {info.counts.rows > 0 && (
        <Figures
          figures={(['rows', 'created', 'joined', 'updated', 'skipped', 'failed'] as const).map((name) => ({ label: t(`imports:counts.${name}`), value: formatNumber(info.counts[name]), alarm: name === 'failed' && info.counts.failed > 0 }))}
        />
      )}
      <Group>
        {/* A dry run puts another state in the place of the written one, and with it the way back would go. */}
        {!moving && !written && (
          <Button variant="default" onClick={() => act(() => client.imports.check(options))}>
            {t('imports:check')}
          </Button>
        )}
        {!moving && <Button onClick={() => act(() => client.imports.run(options))}>{t('imports:run')}</Button>}
        {moving && (
          <Button variant="light" color="red" onClick={() => act(() => client.imports.cancel({ id }))}>
            {t('app:progress.stop')}
          </Button>
        )}
        {written && (
          <Button variant="light" color="orange" onClick={() => act(() => client.imports.undo({ id }))}>
            {t('imports:undo')}
          </Button>
        )}
      </Group>
      {info.counts.rows > 0 && !moving && <ImportRows id={id} state={info.state} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title={t('imports:columns')}>
          <Table verticalSpacing={4} aria-label={t('imports:columns')}>
            <Table.Tbody>
              {info.columns.map((column, index) => (
                <Table.Tr key={`${column.header}-${index}`}>
                  <Table.Td>{column.header}</Table.Td>
                  <Table.Td>
                    <Text size="sm" c={column.target ? undefined : 'dimmed'}>
                      {column.target ? targetWord(column.target, t) : t('imports:to_comment')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Section>
        <Stack gap="lg">
          <Section title={t('imports:zone_title')}>
            <TimeZoneSelect label={t('imports:zone')} description={t('imports:zone_hint')} value={zone} onChange={(next) => choose({ zone: next ?? '' })} clearable />
          </Section>
          {info.responsibles.length > 0 && (
            <Section title={t('imports:responsibles')}>
              {info.responsibles.map((person) => (
                <RefPicker
                  key={person.name}
                  to="users"
                  label={person.name}
                  value={people[person.name]?.id ?? person.user_id}
                  name={people[person.name]?.name ?? person.user_name}
                  description={person.user_id || people[person.name] ? undefined : t('imports:to_importer')}
                  onChange={(userId, choice) => choose({ people: userId && choice ? { ...people, [person.name]: { id: userId, name: choice.label } } : Object.fromEntries(Object.entries(people).filter(([name]) => name !== person.name)) })}
                />
              ))}
            </Section>
          )}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

const DELIMITERS: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

/** A target like `company.inn` in the words of the forms. */
function targetWord(target: string, t: (key: string, options?: { defaultValue: string }) => string): string {
  const [owner = '', field = ''] = target.split('.');
  const own = t(`imports:targets.${field}`, { defaultValue: '' });
  return own || t(`companies:fields.${field}`, { defaultValue: t(`contacts:fields.${field}`, { defaultValue: `${owner}.${field}` }) });
}
