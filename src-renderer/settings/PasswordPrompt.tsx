import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { Failure } from '../kit/Failure.tsx';
import { toastDone } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';

interface Props {
  title: string;
  text: string;
  submitLabel: string;
  danger?: boolean;
  /** Asks for a one-time or a recovery code too. */
  withCode?: boolean;
  onSubmit: (given: { password: string; code: string }) => Promise<void>;
  onClose: () => void;
}

/** Asks once more who one is before something weighty; refusals stand at the fields. */
export function PasswordPrompt({ title, text, submitLabel, danger, withCode, onSubmit, onClose }: Props) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const required = t('app:form.required');
    if (refuse({ password: password ? null : required, otp: !withCode || code.trim() ? null : required })) return;
    void run(() => onSubmit({ password, code: code.trim() }));
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm">{text}</Text>
          <Failure text={failure} />
          <PasswordInput
            name="password"
            autoComplete="current-password"
            label={t('settings:prompt.password')}
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
              clear('password');
            }}
            error={errors['password']}
            data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': t('auth:show_password') }}
          />
          {withCode && (
            <TextInput
              name="otp"
              autoComplete="one-time-code"
              label={t('settings:prompt.code')}
              value={code}
              onChange={(event) => {
                setCode(event.currentTarget.value);
                clear();
              }}
              error={errors['otp'] ?? errors['recovery_code']}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('app:actions.cancel')}
            </Button>
            <Button type="submit" loading={busy} color={danger ? 'red' : undefined}>
              {submitLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Six digits come from the app; everything else is a recovery code. */
export const codeFields = (code: string): { otp: string } | { recovery_code: string } => (/^\d{3}\s?\d{3}$/.test(code) ? { otp: code.replace(/\s/g, '') } : { recovery_code: code });

/** Switches two-factor off: one's own with a code, a colleague's (who has lost the phone) with one's own password. */
export function DisableTwoFactor({ userId, name, onDone, onClose }: { userId?: string; name?: string; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const own = useSession((session) => session.me?.user.id) === userId || !userId;
  return (
    <PasswordPrompt
      title={t('settings:two_factor.disable')}
      text={own ? t('settings:two_factor.disable_text') : t('settings:two_factor.disable_other', { name })}
      submitLabel={t('settings:two_factor.disable')}
      danger
      withCode={own}
      onSubmit={async ({ password, code }) => {
        await client.auth.twoFactorDisable({ password, ...(own ? codeFields(code) : { user_id: userId }) });
        toastDone(t('settings:two_factor.disabled'));
        onDone();
        onClose();
      }}
      onClose={onClose}
    />
  );
}
