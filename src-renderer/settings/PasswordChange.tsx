import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useSession } from '../app/session.ts';
import { PasswordField } from '../auth/index.ts';
import { Failure } from '../kit/Failure.tsx';
import { toastDone } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';
import { Panel } from '../kit/Panel.tsx';

/** A new password; all other sessions end with it. */
export function PasswordChange() {
  const { t } = useTranslation();
  const user = useSession((session) => session.me?.user);
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const person = { email: user?.email ?? '', full_name: user?.full_name ?? '' };

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const weakness = passwordWeakness(next, person);
    if (refuse({ current_password: present ? null : t('app:form.required'), new_password: weakness && t(`auth:errors.${weakness}`) })) return;
    void run(async () => {
      await client.auth.changePassword({ current_password: present, new_password: next });
      setPresent('');
      setNext('');
      toastDone(t('settings:password.done'));
      await queryClient.invalidateQueries({ queryKey: [['auth', 'sessions']] });
    });
  };

  return (
    <Panel title={t('settings:password.title')} hint={t('settings:password.hint')}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="sm" maw={400}>
          <Failure text={failure} />
          <input type="text" name="username" autoComplete="username" value={person.email} readOnly hidden />
          <PasswordInput
            name="current_password"
            autoComplete="current-password"
            label={t('settings:password.current')}
            value={present}
            onChange={(event) => {
              setPresent(event.currentTarget.value);
              clear('current_password');
            }}
            error={errors['current_password']}
            visibilityToggleButtonProps={{ 'aria-label': t('auth:show_password') }}
          />
          <PasswordField
            name="new_password"
            label={t('settings:password.new')}
            value={next}
            onChange={(value) => {
              setNext(value);
              clear('new_password');
            }}
            error={errors['new_password']}
            person={person}
          />
          <Group>
            <Button type="submit" loading={busy} variant="light">
              {t('settings:password.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
