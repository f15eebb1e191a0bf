import { Button, FileButton, Group } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { saveFile } from '../kit/saveFile.ts';
import { Panel } from '../kit/Panel.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';

/** Exchange through a file, where the hub cannot be reached. */
export function Bundles() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState<'write' | 'take' | null>(null);
  const run = async (what: 'write' | 'take', work: () => Promise<string>): Promise<void> => {
    setBusy(what);
    try {
      toastDone(await work());
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(null);
    }
  };
  const write = (): Promise<void> =>
    run('write', async () => {
      const file = await client.sync.exportBundle({});
      saveFile(file, file.name);
      return t('sync:bundle.written', { name: file.name });
    });
  const take = (file: File): Promise<void> =>
    run('take', async () => {
      const taken = await client.sync.importBundle({ file });
      await cache.invalidateQueries();
      return `${t('sync:bundle.taken', { made_by: taken.made_by, count: taken.applied + taken.read })}${taken.left > 0 ? ` ${t('sync:bundle.left', { count: taken.left })}` : ''}${taken.returned > 0 ? ` ${t('sync:bundle.returned', { count: taken.returned })}` : ''}`;
    });
  return (
    <Panel title={t('sync:bundle.title')} hint={t('sync:bundle.hint')}>
      <Group gap="xs">
        <Button variant="light" leftSection={<IconDownload size={16} aria-hidden />} loading={busy === 'write'} disabled={busy === 'take'} onClick={() => void write()}>
          {t('sync:bundle.write')}
        </Button>
        <FileButton onChange={(file) => file && void take(file)} accept=".bundle">
          {(props) => (
            <Button {...props} variant="light" leftSection={<IconUpload size={16} aria-hidden />} loading={busy === 'take'} disabled={busy === 'write'}>
              {t('sync:bundle.take')}
            </Button>
          )}
        </FileButton>
      </Group>
    </Panel>
  );
}
