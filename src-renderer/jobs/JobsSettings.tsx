import { ActionIcon, Badge, Button, Group, Switch, Table, Text, Tooltip } from '@mantine/core';
import { IconHistory, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job, JobRun } from '../../src-shared/jobs/contract.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { formatMoment } from '../kit/formats.ts';
import { Panel, Panels } from '../kit/Panel.tsx';
import { When } from '../kit/Shown.tsx';
import { StackedTable } from '../kit/StackedTable.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError, toastFailed } from '../kit/toasts.tsx';

const KEY = [['jobs', 'list']];
const EVERY_MS = 10_000;
const COLORS: Record<JobRun['outcome'], string> = { running: 'blue', done: 'teal', failed: 'red', interrupted: 'orange' };

/** What the program does by itself: when, how it ended, run now, on and off. */
export function JobsSettings() {
  const { t } = useTranslation();
  const [shown, setShown] = useState<string | null>(null);
  const query = useQuery({ queryKey: KEY, queryFn: () => client.jobs.list(), refetchInterval: EVERY_MS });
  return (
    <Panels title={t('jobs:title')} wide>
      <Text size="sm" c="dimmed">
        {t('jobs:hint')}
      </Text>
      {query.isPending ? (
        <Loading rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <StackedTable aria-label={t('jobs:title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('jobs:fields.name')}</Table.Th>
              <Table.Th>{t('jobs:fields.last_run')}</Table.Th>
              <Table.Th>{t('jobs:fields.next_run_at')}</Table.Th>
              <Table.Th>{t('jobs:fields.enabled')}</Table.Th>
              <Table.Th aria-label={t('settings:actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {query.data.items.map((job) => (
              <JobRow key={job.name} job={job} shown={shown === job.name} onShow={() => setShown(shown === job.name ? null : job.name)} />
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
      {shown && <Runs name={shown} />}
    </Panels>
  );
}

function JobRow({ job, shown, onShow }: { job: Job; shown: boolean; onShow: () => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const name = t(`jobs:names.${job.name}`);
  const act = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
      await Promise.all([queryClient.invalidateQueries({ queryKey: KEY }), queryClient.invalidateQueries({ queryKey: [['jobs', 'runs']] })]);
    }
  };
  const run = async (): Promise<void> => {
    const { outcome, error } = await client.jobs.run({ name: job.name });
    if (outcome === 'done') toastDone(t('jobs:ran', { name }));
    else toastFailed(t('jobs:ran_badly', { name, error: error ?? '' }));
  };
  const toggle = async (enabled: boolean): Promise<void> => void (await client.jobs.update({ name: job.name, enabled }));
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {t(`jobs:rules.${job.name}`)}
        </Text>
      </Table.Td>
      <Table.Td>
        {job.last_run ? (
          <Group gap="xs">
            <Outcome run={job.last_run} />
            <Text size="sm" span>
              <When value={job.last_run.started_at} />
            </Text>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            {t('jobs:never')}
          </Text>
        )}
      </Table.Td>
      <Table.Td data-label={t('jobs:fields.next_run_at')}>{job.next_run_at ? formatMoment(job.next_run_at) : t('jobs:off')}</Table.Td>
      <Table.Td>
        <Switch checked={job.enabled} disabled={busy} aria-label={t('jobs:switch_named', { name })} onChange={(event) => void act(() => toggle(event.currentTarget.checked))} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" justify="flex-end">
          <Button size="compact-sm" variant="light" leftSection={<IconPlayerPlay size={14} />} loading={busy || job.running} aria-label={t('jobs:run_named', { name })} onClick={() => void act(run)}>
            {t('jobs:run')}
          </Button>
          <Tooltip label={t('jobs:history')}>
            <ActionIcon variant="subtle" aria-label={t('jobs:show_history', { name })} aria-expanded={shown} onClick={onShow}>
              <IconHistory size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Outcome({ run }: { run: JobRun }) {
  const { t } = useTranslation();
  return (
    <Badge variant="dot" color={COLORS[run.outcome]} tt="none" radius="sm" miw="max-content">
      {t(`jobs:outcomes.${run.outcome}`)}
    </Badge>
  );
}

function Runs({ name }: { name: string }) {
  const { t } = useTranslation();
  const title = t('jobs:history_of', { name: t(`jobs:names.${name}`) });
  const query = useQuery({ queryKey: [['jobs', 'runs'], name], queryFn: () => client.jobs.runs({ name }) });
  return (
    <Panel title={title}>
      {query.isPending ? (
        <Loading rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('jobs:never')}
        </Text>
      ) : (
        <StackedTable aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('jobs:fields.started_at')}</Table.Th>
              <Table.Th>{t('jobs:fields.ended_at')}</Table.Th>
              <Table.Th>{t('jobs:fields.outcome')}</Table.Th>
              <Table.Th>{t('jobs:fields.started_by')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {query.data.items.map((run) => (
              <Table.Tr key={run.id}>
                <Table.Td data-label={t('jobs:fields.started_at')}>{formatMoment(run.started_at)}</Table.Td>
                <Table.Td data-label={t('jobs:fields.ended_at')}>{formatMoment(run.ended_at)}</Table.Td>
                <Table.Td>
                  <Outcome run={run} />
                  {run.error && (
                    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                      {run.error}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td data-label={t('jobs:fields.started_by')}>{run.started_by ? run.started_by_name : t('jobs:timetable')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
    </Panel>
  );
}
