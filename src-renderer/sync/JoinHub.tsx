import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { Failure } from '../kit/Failure.tsx';
import { useSubmit } from '../kit/useSubmit.ts';

const LOOK_MS = 400;
const MIB = 1024 * 1024;

/** Joins a colleague's organisation by a code, and signs in with the password that was chosen for this machine. */
export function JoinHub() {
  const { t } = useTranslation();
  const enter = useSession((session) => session.enter);
  const linked = new URLSearchParams(window.location.search);
  const [values, setValues] = useState({ code: linked.get('code') ?? '', hub: linked.get('hub') ?? '', password: '' });
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const joining = useQuery({ queryKey: [['sync'], 'joining'], queryFn: () => client.sync.joining(), enabled: busy, refetchInterval: busy ? LOOK_MS : false });
  const set = (name: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    setValues({ ...values, [name]: event.currentTarget.value });
    clear(name);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const required = t('app:form.required');
    if (refuse({ code: values.code.trim() ? null : required, password: values.password ? null : required })) return;
    void run(async () => {
      const joined = await client.sync.join({ code: values.code, hub: values.hub.trim() || undefined, password: values.password });
      await enter(await client.auth.login({ email: joined.member.email, password: values.password, organization_id: joined.organization.id }));
    });
  };
  const stage = joining.data;
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="sm" maw={420}>
        <Failure text={failure} />
        <TextInput name="code" label={t('sync:join.code')} placeholder="XXXXX-XXXXX-XXXXX-XXXXX" value={values.code} onChange={set('code')} error={errors['code']} autoComplete="off" ff="monospace" />
        <TextInput name="hub" label={t('sync:join.hub')} placeholder="192.168.1.10" value={values.hub} onChange={set('hub')} error={errors['hub']} autoComplete="off" />
        <PasswordInput name="password" label={t('sync:join.password')} value={values.password} onChange={set('password')} error={errors['password']} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('auth:show_password') }} />
        <Group justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {busy && stage ? t(`sync:join.stages.${stage.stage}`, { received: Math.round(stage.received / MIB), size: Math.round((stage.size ?? 0) / MIB) }) : ''}
          </Text>
          <Button type="submit" loading={busy}>
            {t('sync:join.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
