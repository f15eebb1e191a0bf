import { Stack, Tabs, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useMay } from '../app/session.ts';
import { ExportPanel } from './ExportPanel.tsx';
import { ImportPanel } from './ImportPanel.tsx';

/** What comes in from other programs, and what goes out into files. */
export function ExchangePage() {
  const { t } = useTranslation();
  const mayExport = useMay('export.run');
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') === 'export' && mayExport ? 'export' : 'import';
  return (
    <Stack p="md" maw={1100}>
      <Title order={1}>{t('app:pages.exchange')}</Title>
      <Tabs value={tab} onChange={(next) => setParams(next === 'export' ? { tab: 'export' } : {})} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="import">{t('imports:title')}</Tabs.Tab>
          {mayExport && <Tabs.Tab value="export">{t('exports:title')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="import">
          <ImportPanel />
        </Tabs.Panel>
        <Tabs.Panel value="export">
          <ExportPanel />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
