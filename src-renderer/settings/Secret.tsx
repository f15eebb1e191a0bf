import { Alert, Button, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCopy, IconPrinter } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { Copyable } from '../kit/Copyable.tsx';
import classes from './SettingsPage.module.css';

/** Something that is shown once; it goes away only by its own button, so that a stray click loses nothing. */
export function SecretModal({ title, text, value, label, onClose }: { title: string; text: string; value: string; label: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <Stack gap="sm">
        <Text size="sm">{text}</Text>
        <Copyable value={value} label={label} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t('settings:kept_it')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Where an invited colleague opens the program for the first time. */
export async function invitationLink(token: string): Promise<string> {
  // The desktop window has an address of its own, which opens nothing elsewhere.
  const origin = window.polevik ? (await client.system.info()).served_at : window.location.origin;
  return `${origin ?? ''}/join#token=${token}`;
}

/** Recovery codes, shown once and made to be printed. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const user = useSession((session) => session.me?.user);
  useEffect(() => {
    const mark = classes['printing'] ?? 'printing';
    document.body.classList.add(mark);
    return () => document.body.classList.remove(mark);
  }, []);
  return (
    <Modal opened onClose={onClose} title={t('settings:recovery.title')} overlayProps={{ className: 'no-print' }} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <Stack gap="sm">
        <Alert variant="light" color="orange" p="xs" className="no-print">
          {t('settings:recovery.text', { count: codes.length })}
        </Alert>
        <Text size="sm">
          {t('app:name')} · {user?.email}
        </Text>
        <ol className={classes['codes']} aria-label={t('settings:recovery.title')}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <Group justify="space-between" className="no-print">
          <Group gap="xs">
            <Button variant="light" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
              {t('app:actions.print')}
            </Button>
            <CopyButton value={codes.join('\n')}>
              {({ copied, copy }) => (
                <Button variant="light" leftSection={<IconCopy size={16} />} onClick={copy}>
                  {t(copied ? 'settings:copied' : 'settings:copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Button onClick={onClose}>{t('settings:kept_it')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
