import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconCircleCheck, IconAlertTriangle, IconDatabaseExport, IconFileDownload, IconStethoscope } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useMay } from '../app/session.ts';
import { useProgressWatch } from '../app/ProgressDock.tsx';
import { formatSize } from '../kit/sizes.ts';
import { formatMoment } from '../kit/formats.ts';
import { Fact, When } from '../kit/Shown.tsx';
import { StackedTable } from '../kit/StackedTable.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { Panel, Panels } from '../kit/Panel.tsx';

/** The program itself: what it is, where the data lies, its backups and its health. */
export function SystemSettings() {
  const { t } = useTranslation();
  const mayManage = useMay('system.manage');
  const query = useQuery({ queryKey: [['system', 'info']], queryFn: () => client.system.info() });
  return (
    <Panels title={t('settings:sections.system')} wide>
      {query.isPending ? (
        <Loading rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Stack gap={6}>
          <Fact label={t('settings:system.version')}>
            {query.data.version}
            {query.data.demo && ` · ${t('settings:system.demo')}`}
          </Fact>
          <Fact label={t('settings:system.data_dir')}>{query.data.data_dir}</Fact>
          <Fact label={t('settings:system.size')}>{formatSize(query.data.database_bytes)}</Fact>
          <Fact label={t('settings:system.schema')}>{String(query.data.schema)}</Fact>
          <Fact label={t('settings:system.started_at')}>
            <When value={query.data.started_at} />
          </Fact>
        </Stack>
      )}
      {mayManage && <Backups />}
      {mayManage && <Doctor />}
      {mayManage && <DiagnosticsFile />}
    </Panels>
  );
}

function Backups() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const query = useQuery({ queryKey: [['system', 'backups']], queryFn: () => client.system.backups() });
  const backup = async (): Promise<void> => {
    setBusy(true);
    useProgressWatch.getState().watch();
    try {
      const made = await client.system.backup();
      toastDone(t('settings:backups.done', { size: formatSize(made.size) }));
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
      await query.refetch();
    }
  };
  return (
    <Panel
      title={t('settings:backups.title')}
      hint={t('settings:backups.hint')}
      action={
        <Button variant="light" leftSection={<IconDatabaseExport size={16} />} loading={busy} onClick={() => void backup()} style={{ flexShrink: 0 }}>
          {t('settings:backups.now')}
        </Button>
      }
    >
      {query.isPending ? (
        <Loading rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('settings:backups.none')}
        </Text>
      ) : (
        <StackedTable aria-label={t('settings:backups.title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings:backups.created_at')}</Table.Th>
              <Table.Th>{t('settings:backups.size')}</Table.Th>
              <Table.Th>{t('settings:backups.verified')}</Table.Th>
              <Table.Th>{t('settings:backups.file')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {query.data.items.map((one) => (
              <Table.Tr key={one.file}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatMoment(one.created_at)}</Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatSize(one.size)}</Table.Td>
                <Table.Td>
                  <Badge variant="dot" color={one.verified ? 'teal' : 'orange'} tt="none" radius="sm" miw="max-content">
                    {t(one.verified ? 'settings:backups.is_verified' : 'settings:backups.not_verified')}
                  </Badge>
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{one.file}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
    </Panel>
  );
}

function DiagnosticsFile() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const facts = await client.system.diagnostics();
      const url = URL.createObjectURL(new Blob([JSON.stringify(facts, null, 2)], { type: 'application/json' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = `polevik-diagnostics-${facts.made_at.slice(0, 10)}.json`;
      link.click();
      URL.revokeObjectURL(url);
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel
      title={t('settings:diagnostics.title')}
      action={
        <Button variant="light" leftSection={<IconFileDownload size={16} />} loading={busy} onClick={() => void save()} style={{ flexShrink: 0 }}>
          {t('settings:diagnostics.save')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {t('settings:diagnostics.hint')}
      </Text>
    </Panel>
  );
}

function Doctor() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [['system', 'doctor']], queryFn: () => client.system.doctor(), enabled: false, gcTime: 0 });
  const named = (name: string): string => (name.startsWith('search_') ? t('settings:doctor.checks.search', { entity: t(`app:pages.${name.slice(7)}`, { defaultValue: t(`app:entities.${name.slice(7)}`) }) }) : t(`settings:doctor.checks.${name}`, { defaultValue: name }));
  return (
    <Panel
      title={t('settings:doctor.title')}
      hint={t('settings:doctor.hint')}
      action={
        <Button variant="light" leftSection={<IconStethoscope size={16} />} loading={query.isFetching} onClick={() => void query.refetch()} style={{ flexShrink: 0 }}>
          {t('settings:doctor.run')}
        </Button>
      }
    >
      {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {query.data && (
        <Stack gap={6} role="status">
          <Text size="sm" fw={600}>
            {t(query.data.ok ? 'settings:doctor.well' : 'settings:doctor.ill')}
          </Text>
          {query.data.checks.map((check) => (
            <Group key={check.name} gap="xs" wrap="nowrap">
              {check.ok ? <IconCircleCheck size={16} color="var(--mantine-color-teal-filled)" aria-hidden /> : <IconAlertTriangle size={16} color="var(--late)" aria-hidden />}
              <Text size="sm">
                {named(check.name)}: {t(check.ok ? 'settings:doctor.ok' : 'settings:doctor.fault')}
              </Text>
              {!check.ok && (
                <Text size="xs" c="dimmed">
                  {check.message}
                </Text>
              )}
            </Group>
          ))}
        </Stack>
      )}
    </Panel>
  );
}
