import { Button } from '@mantine/core';
import { IconDeviceDesktopShare } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteSession } from '../../src-shared/remote-access/model.ts';
import { FinishSession } from './FinishSession.tsx';
import { useOpenSessions } from './state.ts';

/** Says on the desk that sessions wait for their line, the latest first; nothing where none does. */
export function OpenSessions() {
  const { t } = useTranslation();
  const { data } = useOpenSessions();
  const [asked, setAsked] = useState<RemoteSession | null>(null);
  const count = data?.items.length ?? 0;
  return (
    <>
      {count > 0 && (
        <Button variant="light" color="orange" size="compact-md" leftSection={<IconDeviceDesktopShare size={16} aria-hidden />} onClick={() => setAsked(data?.items[0] ?? null)} className="no-print">
          {t('remote-access:sessions.waiting', { count })}
        </Button>
      )}
      <FinishSession session={asked} close={() => setAsked(null)} />
    </>
  );
}
