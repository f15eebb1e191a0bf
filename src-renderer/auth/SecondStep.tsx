import { Alert, Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { AuthLayout } from './AuthLayout.tsx';
import classes from './Auth.module.css';
import { useSubmit } from './useSubmit.ts';

const CODE = /^\d{6}$/;

/** The one-time code, sent as soon as it is complete, or a recovery code instead. */
export function SecondStep({ email, password, onBack }: { email: string; password: string; onBack: () => void }) {
  const { t } = useTranslation();
  const enter = useSession((session) => session.enter);
  const [recovering, setRecovering] = useState(false);
  const [code, setCode] = useState('');
  const field = recovering ? 'recovery_code' : 'otp';
  const { form, busy, errors, failure, setErrors, run } = useSubmit({
    fields: [field],
    check: () => (code.trim() ? {} : { [field]: t('app:form.required') }),
    send: async () => enter(await client.auth.login({ email, password, [field]: code.trim() })),
  });
  useEffect(() => {
    if (!recovering && CODE.test(code)) run();
    // Only a newly completed code is sent by itself; after a refusal the person decides.
  }, [code]);
  const swap = (): void => {
    setRecovering(!recovering);
    setCode('');
    setErrors({});
  };
  return (
    <AuthLayout title={t('auth:second.title')} lead={email}>
      <form ref={form} onSubmit={run} noValidate>
        <Stack gap="sm">
          {failure && (
            <Alert color="red" variant="light" role="alert">
              {failure}
            </Alert>
          )}
          <TextInput
            key={field}
            name={field}
            className={recovering ? undefined : classes['code']}
            label={t(recovering ? 'auth:second.recovery' : 'auth:second.otp')}
            description={t(recovering ? 'auth:second.recovery_hint' : 'auth:second.otp_hint')}
            inputMode={recovering ? 'text' : 'numeric'}
            autoComplete={recovering ? 'off' : 'one-time-code'}
            maxLength={recovering ? 50 : 6}
            autoFocus
            value={code}
            error={errors[field]}
            onChange={(event) => setCode(recovering ? event.currentTarget.value : event.currentTarget.value.replace(/\D/g, ''))}
          />
          <Button type="submit" fullWidth mt="xs" loading={busy}>
            {t('auth:second.submit')}
          </Button>
          <Group justify="space-between">
            <Anchor component="button" type="button" size="sm" onClick={onBack}>
              {t('auth:second.back')}
            </Anchor>
            <Anchor component="button" type="button" size="sm" onClick={swap}>
              {t(recovering ? 'auth:second.use_otp' : 'auth:second.use_recovery')}
            </Anchor>
          </Group>
        </Stack>
      </form>
    </AuthLayout>
  );
}
