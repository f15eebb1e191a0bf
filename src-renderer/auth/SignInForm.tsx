import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { AuthLayout } from './AuthLayout.tsx';
import { SecondStep } from './SecondStep.tsx';
import { useSubmit } from './useSubmit.ts';

/** E-mail and password; the second step follows where it is switched on. */
export function SignInForm() {
  const { t } = useTranslation();
  const { enter, notice, demo } = useSession();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [second, setSecond] = useState(false);
  const { form, busy, errors, failure, run } = useSubmit({
    fields: ['email', 'password'],
    check: () => ({ ...(email.trim() ? {} : { email: t('app:form.required') }), ...(password ? {} : { password: t('app:form.required') }) }),
    send: async () => enter(await client.auth.login({ email: email.trim(), password })),
    onRefusal: (refusal) => {
      if (refusal.code !== 'TWO_FACTOR_REQUIRED') return false;
      setSecond(true);
      return true;
    },
  });
  if (second) return <SecondStep email={email.trim()} password={password} onBack={() => setSecond(false)} />;
  return (
    <AuthLayout title={t('auth:sign_in.title')} lead={demo ? t('auth:sign_in.demo_hint') : undefined}>
      <form ref={form} onSubmit={run} noValidate>
        <Stack gap="sm">
          {(failure ?? notice) && (
            <Alert color={failure ? 'red' : 'yellow'} variant="light" role="alert">
              {failure ?? notice}
            </Alert>
          )}
          <TextInput name="email" label={t('auth:sign_in.email')} type="email" autoComplete="username" autoFocus required withAsterisk={false} value={email} error={errors['email']} onChange={(event) => setEmail(event.currentTarget.value)} />
          <PasswordInput name="password" label={t('auth:sign_in.password')} autoComplete="current-password" required withAsterisk={false} visibilityToggleButtonProps={{ 'aria-label': t('auth:sign_in.show_password') }} value={password} error={errors['password']} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Button type="submit" fullWidth mt="xs" loading={busy}>
            {t('auth:sign_in.submit')}
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  );
}
