import { Button, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteSession } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { Failure } from '../kit/Failure.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';

const MINUTE = 60_000;

/** One line of what was done makes a session a time entry. */
export function FinishSession({ session, close }: { session: RemoteSession | null; close: () => void }) {
  const { t } = useTranslation();
  const [summary, setSummary] = useState('');
  const [minutes, setMinutes] = useState<number | string>('');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  useEffect(() => {
    if (!session) return;
    setSummary('');
    setMinutes(session.minutes ?? Math.max(1, Math.round((Date.now() - Date.parse(session.started_at)) / MINUTE)));
  }, [session]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!session || refuse({ summary: summary.trim() ? null : t('app:form.required') })) return;
    void run(async () => {
      await client.remoteAccess.finish({ id: session.id, summary, ...(minutes === '' ? {} : { minutes: Number(minutes) }) });
      await queryClient.invalidateQueries();
      toastDone(t('remote-access:sessions.saved'));
      close();
    });
  };
  const discard = async (): Promise<void> => {
    if (!session) return;
    try {
      await client.remoteSessions.delete({ id: session.id });
      await queryClient.invalidateQueries();
      close();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Modal opened={session !== null} onClose={close} title={t('remote-access:sessions.ask_title')} closeButtonProps={{ 'aria-label': t('app:actions.close') }}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('remote-access:sessions.hint', { client: session?.client_name ?? '', address: session?.address ?? '' })}
          </Text>
          <Failure text={failure} />
          <TextInput
            name="summary"
            label={t('remote-access:sessions.summary')}
            required
            data-autofocus
            value={summary}
            onChange={(event) => {
              setSummary(event.currentTarget.value);
              clear('summary');
            }}
            error={errors['summary']}
            maxLength={500}
          />
          <NumberInput name="minutes" label={t('remote-access:sessions.minutes')} min={1} max={1440} value={minutes} onChange={setMinutes} error={errors['minutes']} w={140} />
          <Group justify="space-between">
            <Button variant="subtle" color="red" onClick={() => void discard()}>
              {t('remote-access:sessions.discard')}
            </Button>
            <Group gap="xs">
              <Button variant="subtle" onClick={close}>
                {t('remote-access:sessions.later')}
              </Button>
              <Button type="submit" loading={busy}>
                {t('remote-access:sessions.save')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
