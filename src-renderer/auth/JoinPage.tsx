import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { useSubmit } from '../kit/useSubmit.ts';
import { AuthShell } from './AuthShell.tsx';
import { Failure } from '../kit/Failure.tsx';
import { PasswordField } from './PasswordField.tsx';
import { useKept } from './useKept.ts';

/** What somebody who signs in to another organisation in two steps already is asked for besides. */
type SecondStep = 'otp' | 'recovery_code';

/** Where an invitation leads: a name and a password, and one is in. */
export function JoinPage({ token, onSignIn }: { token: string; onSignIn: () => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const enter = useSession((session) => session.enter);
  const [{ full_name }, keep, forget] = useKept('join', { full_name: '' });
  const [password, setPassword] = useState('');
  const [second, setSecond] = useState<SecondStep | null>(null);
  const [code, setCode] = useState('');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const weakness = passwordWeakness(password, { email: '', full_name });
    const required = t('app:form.required');
    if (refuse({ full_name: full_name.trim() ? null : required, password: weakness && t(`auth:errors.${weakness}`), ...(second ? { [second]: code.trim() ? null : required } : {}) })) return;
    const refusal = await run(async () => {
      const session = await client.auth.register({ full_name: full_name.trim(), password, language: i18n.language === 'en' ? 'en' : 'ru', invitation_token: token, ...(second ? { [second]: code.trim() } : {}) });
      forget();
      await navigate('/desk', { replace: true });
      await enter(session);
    });
    if (refusal?.code === 'OTP_REQUIRED' && !second) turn('otp');
  };
  const turn = (next: SecondStep): void => {
    setCode('');
    clear();
    setSecond(next);
  };

  return (
    <AuthShell title={t('auth:join.title')} hint={t('auth:join.hint')}>
      <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
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
          {second && (
            <TextInput
              key={second}
              name={second}
              autoComplete={second === 'otp' ? 'one-time-code' : 'off'}
              inputMode={second === 'otp' ? 'numeric' : 'text'}
              label={t(`auth:fields.${second}`)}
              description={t(`auth:sign_in.${second}_hint`)}
              value={code}
              onChange={(event) => {
                setCode(event.currentTarget.value);
                clear(second);
              }}
              error={errors[second]}
              autoFocus
            />
          )}
          <Button type="submit" loading={busy} fullWidth>
            {t('auth:join.submit')}
          </Button>
          {second && (
            <Anchor component="button" type="button" size="sm" onClick={() => turn(second === 'otp' ? 'recovery_code' : 'otp')}>
              {t(second === 'otp' ? 'auth:sign_in.use_recovery' : 'auth:sign_in.use_otp')}
            </Anchor>
          )}
          <Anchor component="button" type="button" size="sm" onClick={onSignIn}>
            {t('auth:join.have_account')}
          </Anchor>
        </Stack>
      </form>
    </AuthShell>
  );
}
