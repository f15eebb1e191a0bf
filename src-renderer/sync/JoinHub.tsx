import { Alert, Button, Group, PasswordInput, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { Failure } from '../kit/Failure.tsx';
import { useSubmit } from '../kit/useSubmit.ts';
import { mebibytes } from './sizes.ts';

const LOOK_MS = 400;
type Joining = Awaited<ReturnType<typeof client.sync.joining>>;

/** Joins a colleague's organisation by a code, and signs in with the password that was chosen for this machine. */
export function JoinHub() {
  const { t } = useTranslation();
  const enter = useSession((session) => session.enter);
  const linked = new URLSearchParams(window.location.search);
  const [values, setValues] = useState({ code: linked.get('code') ?? '', hub: linked.get('hub') ?? '', password: '' });
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const stopping = useRef<AbortController | null>(null);
  const joining = useQuery({ queryKey: [['sync'], 'joining'], queryFn: () => client.sync.joining(), refetchInterval: busy ? LOOK_MS : false });
  const set = (name: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    setValues({ ...values, [name]: event.currentTarget.value });
    clear(name);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const required = t('app:form.required');
    if (refuse({ code: values.code.trim() ? null : required, password: values.password ? null : required })) return;
    const ending = new AbortController();
    stopping.current = ending;
    void run(async () => {
      const joined = await client.sync.join({ code: values.code, hub: values.hub.trim() || undefined, password: values.password }, { signal: ending.signal });
      await enter(await client.auth.login({ email: joined.member.email, password: values.password, organization_id: joined.organization.id }));
    }).then(() => joining.refetch());
  };
  const stage = joining.data;
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Failure text={failure} />
        <TextInput name="code" label={t('sync:join.code')} placeholder="XXXXX-XXXXX-XXXXX-XXXXX" value={values.code} onChange={set('code')} error={errors['code']} autoComplete="off" styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} />
        <TextInput name="hub" label={t('sync:join.hub')} placeholder="192.168.1.10" value={values.hub} onChange={set('hub')} error={errors['hub']} autoComplete="off" />
        <PasswordInput name="password" label={t('sync:join.password')} value={values.password} onChange={set('password')} error={errors['password']} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('auth:show_password') }} />
        {busy && stage && <Stage joining={stage} />}
        {!busy && stage?.resumable && (
          <Alert variant="light" p="xs" role="status">
            {t('sync:join.again')}
          </Alert>
        )}
        <Group justify="flex-end">
          {busy && (
            <Button variant="default" onClick={() => stopping.current?.abort()}>
              {t('sync:join.stop')}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {t('sync:join.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** How far it has come, in words and as a bar; a bar that is full of stripes where nobody knows how long it takes. */
function Stage({ joining }: { joining: Joining }) {
  const { t } = useTranslation();
  const { stage, received, size } = joining;
  const part = stage === 'receiving' && size ? (100 * received) / size : null;
  const words = t(`sync:join.stages.${stage}`, { received: mebibytes(received), size: mebibytes(size ?? 0) });
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed" role="status">
        {words}
      </Text>
      <Progress.Root size="sm">
        <Progress.Section value={part ?? 100} striped={part === null} animated={part === null} aria-label={words} aria-valuenow={part === null ? undefined : Math.round(part)} />
      </Progress.Root>
    </Stack>
  );
}
