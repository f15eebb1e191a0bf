import { Alert, Anchor, Button, Code, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { useSubmit } from '../kit/useSubmit.ts';
import { AuthShell } from './AuthShell.tsx';
import { Failure } from '../kit/Failure.tsx';
import { JoinPage } from './JoinPage.tsx';
import { useKept } from './useKept.ts';

/** User 1 of the demonstration; outside of it, and from anywhere but this machine, these open nothing. */
const DEMO = { email: 'admin@example.com', password: 'adminpass' };

const invitationToken = (): string | null => (window.location.pathname === '/join' ? new URLSearchParams(window.location.hash.slice(1)).get('token') : null);

/** The door: an invitation that is taken up (`/join#token=…`), else e-mail and password. */
export function SignInPage() {
  const [token, setToken] = useState(invitationToken);
  const leave = (): void => {
    window.history.replaceState(null, '', '/desk');
    setToken(null);
  };
  return token ? <JoinPage token={token} onSignIn={leave} /> : <SignIn />;
}

type Step = 'password' | 'otp' | 'recovery_code';

/** E-mail and password; then the one-time code, or a recovery code, where the second step is on. */
function SignIn() {
  const { t } = useTranslation();
  const { enter, demo, notice } = useSession();
  const [{ email }, keep, forget] = useKept('sign-in', { email: '' });
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [step, setStep] = useState<Step>('password');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const required = (value: string): string | null => (value.trim() ? null : t('app:form.required'));
  const turn = (next: Step): void => {
    setCode('');
    clear();
    setStep(next);
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (refuse(step === 'password' ? { email: required(email), password: required(password) } : { [step]: required(code) })) return;
    const refusal = await run(async () => {
      const session = await client.auth.login({ email: email.trim(), password, ...(step === 'password' ? {} : { [step]: code.trim() }) });
      forget();
      await enter(session);
    });
    if (refusal?.code === 'OTP_REQUIRED') turn('otp');
  };

  return (
    <AuthShell title={t(step === 'password' ? 'auth:sign_in.title' : 'auth:sign_in.second_title')} {...(step === 'password' ? {} : { hint: email.trim() })}>
      <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="sm">
          {notice && !failure && (
            <Alert variant="light" role="status">
              {t(`auth:notices.${notice}`)}
            </Alert>
          )}
          <Failure text={failure} />
          {step === 'password' ? (
            <>
              <TextInput
                name="email"
                type="email"
                autoComplete="username"
                label={t('auth:fields.email')}
                value={email}
                onChange={(event) => {
                  keep({ email: event.currentTarget.value });
                  clear('email');
                }}
                error={errors['email']}
                autoFocus
              />
              <PasswordInput
                name="password"
                autoComplete="current-password"
                label={t('auth:fields.password')}
                value={password}
                onChange={(event) => {
                  setPassword(event.currentTarget.value);
                  clear('password');
                }}
                error={errors['password']}
                visibilityToggleButtonProps={{ 'aria-label': t('auth:show_password') }}
              />
            </>
          ) : (
            <TextInput
              key={step}
              name={step}
              autoComplete={step === 'otp' ? 'one-time-code' : 'off'}
              inputMode={step === 'otp' ? 'numeric' : 'text'}
              label={t(`auth:fields.${step}`)}
              description={t(`auth:sign_in.${step}_hint`)}
              value={code}
              onChange={(event) => {
                setCode(event.currentTarget.value);
                clear(step);
              }}
              error={errors[step]}
              autoFocus
            />
          )}
          <Button type="submit" loading={busy} fullWidth>
            {t('auth:sign_in.submit')}
          </Button>
          {step !== 'password' && (
            <Group justify="space-between">
              <Anchor component="button" type="button" size="sm" onClick={() => turn('password')}>
                {t('auth:back')}
              </Anchor>
              <Anchor component="button" type="button" size="sm" onClick={() => turn(step === 'otp' ? 'recovery_code' : 'otp')}>
                {t(step === 'otp' ? 'auth:sign_in.use_recovery' : 'auth:sign_in.use_otp')}
              </Anchor>
            </Group>
          )}
        </Stack>
      </form>
      {demo && step === 'password' && (
        <Alert variant="light" title={t('auth:demo.title')}>
          <Group justify="space-between">
            <Code>
              {DEMO.email} · {DEMO.password}
            </Code>
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => {
                keep({ email: DEMO.email });
                setPassword(DEMO.password);
                clear();
              }}
            >
              {t('auth:demo.fill')}
            </Button>
          </Group>
        </Alert>
      )}
    </AuthShell>
  );
}
