import { Alert, Anchor, Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { AuthLayout } from './AuthLayout.tsx';
import { PersonFields, personFaults, type Person } from './PersonFields.tsx';
import { useSubmit } from './useSubmit.ts';

/** Takes up an invitation. The address is the invitation's own, whatever is sent in its place. */
const INVITED = 'invited@example.com';

export function JoinForm({ token, onOther }: { token: string; onOther: () => void }) {
  const { t, i18n } = useTranslation();
  const enter = useSession((session) => session.enter);
  const [person, setPerson] = useState<Person>({ full_name: '', email: '', password: '' });
  const { form, busy, errors, failure, setErrors, run } = useSubmit({
    fields: ['full_name', 'password'],
    check: () => personFaults(person, { email: false }),
    send: async () => {
      const session = await client.auth.register({ full_name: person.full_name.trim(), email: INVITED, password: person.password, invitation_token: token, language: i18n.language === 'en' ? 'en' : 'ru' });
      window.history.replaceState(null, '', '/desk');
      await enter(session);
    },
  });
  return (
    <AuthLayout title={t('auth:join.title')} lead={t('auth:join.lead')}>
      <form ref={form} onSubmit={run} noValidate>
        <Stack gap="sm">
          {failure && (
            <Alert color="red" variant="light" role="alert">
              {failure}
            </Alert>
          )}
          <PersonFields person={person} withEmail={false} errors={errors} onChange={setPerson} onLeave={(field, fault) => setErrors(withFault(errors, field, fault))} />
          <Button type="submit" fullWidth mt="xs" loading={busy}>
            {t('auth:join.submit')}
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={onOther}>
            {t('auth:join.other')}
          </Anchor>
        </Stack>
      </form>
    </AuthLayout>
  );
}

function withFault(errors: Record<string, string>, field: string, fault: string | undefined): Record<string, string> {
  const { [field]: _gone, ...rest } = errors;
  return fault ? { ...rest, [field]: fault } : rest;
}
