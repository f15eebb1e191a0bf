import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { useSubmit } from '../kit/useSubmit.ts';
import { AuthShell } from './AuthShell.tsx';
import { Failure } from './Failure.tsx';
import { PasswordField } from './PasswordField.tsx';
import { useKept } from './useKept.ts';

/** The invitation's field for an account's e-mail is not used: the e-mail is the one that was invited. */

/** Where an invitation leads: a name and a password, and one is in. */
export function JoinPage({ token, onSignIn }: { token: string; onSignIn: () => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const enter = useSession((session) => session.enter);
  const [{ full_name }, keep, forget] = useKept('join', { full_name: '' });
  const [password, setPassword] = useState('');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const weakness = passwordWeakness(password, { email: '', full_name });
    if (refuse({ full_name: full_name.trim() ? null : t('app:form.required'), password: weakness && t(`auth:errors.${weakness}`) })) return;
    void run(async () => {
      const session = await client.auth.register({ full_name: full_name.trim(), password, language: i18n.language === 'en' ? 'en' : 'ru', invitation_token: token });
      forget();
      await navigate('/desk', { replace: true });
      await enter(session);
    });
  };

  return (
    <AuthShell title={t('auth:join.title')} hint={t('auth:join.hint')}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Failure text={failure} />
          <TextInput
            name="full_name"
            autoComplete="name"
            label={t('auth:fields.full_name')}
            value={full_name}
            onChange={(event) => {
              keep({ full_name: event.currentTarget.value });
              clear('full_name');
            }}
            error={errors['full_name']}
            autoFocus
          />
          <PasswordField
            name="password"
            label={t('auth:fields.password')}
            value={password}
            onChange={(next) => {
              setPassword(next);
              clear('password');
            }}
            error={errors['password']}
            person={{ email: '', full_name }}
          />
          <Button type="submit" loading={busy} fullWidth>
            {t('auth:join.submit')}
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={onSignIn}>
            {t('auth:join.have_account')}
          </Anchor>
        </Stack>
      </form>
    </AuthShell>
  );
}
