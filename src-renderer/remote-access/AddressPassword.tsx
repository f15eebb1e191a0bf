import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteAddress } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { Failure } from '../kit/Failure.tsx';
import { toastDone } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';
import { spaced } from './state.ts';

/** Puts the password of an address into the vault of this machine; it is not shown again. */
export function AddressPassword({ address, close }: { address: RemoteAddress | null; close: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  useEffect(() => setPassword(''), [address]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!address || refuse({ password: password ? null : t('app:form.required') })) return;
    void run(async () => {
      await client.remoteAccess.setPassword({ id: address.id, password });
      await queryClient.invalidateQueries();
      toastDone(t('remote-access:password.saved'));
      close();
    });
  };
  return (
    <Modal opened={address !== null} onClose={close} title={t('remote-access:password.title', { address: spaced(address?.address ?? '') })} closeButtonProps={{ 'aria-label': t('app:actions.close') }}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('remote-access:password.hint')}
          </Text>
          <Failure text={failure} />
          <PasswordInput
            name="password"
            label={t('remote-access:password.label')}
            required
            data-autofocus
            autoComplete="new-password"
            maxLength={200}
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
              clear('password');
            }}
            error={errors['password']}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="subtle" onClick={close}>
              {t('app:actions.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('remote-access:password.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
