import { Badge, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { Failure } from '../kit/Failure.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { useSubmit } from '../kit/useSubmit.ts';
import { Panel } from '../kit/Panel.tsx';
import { codeFields, DisableTwoFactor, PasswordPrompt } from './PasswordPrompt.tsx';
import { Copyable } from '../kit/Copyable.tsx';
import { RecoveryCodes } from './Secret.tsx';
import classes from './SettingsPage.module.css';

interface Setup {
  secret: string;
  otpauth_url: string;
  qr_svg: string;
}

/** The second step of signing in: a QR code, a first code that switches it on, and codes for the day the phone is lost. */
export function TwoFactor() {
  const { t } = useTranslation();
  const { me, reload } = useSession();
  const [asking, setAsking] = useState<'setup' | 'disable' | 'renew' | null>(null);
  const [setup, setSetup] = useState<Setup | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const on = me?.user.two_factor ?? false;
  const refresh = (): void => void reload().catch(toastError);

  return (
    <Panel
      title={t('settings:two_factor.title')}
      hint={t('settings:two_factor.hint')}
      action={
        <Badge variant="dot" color={on ? 'teal' : 'gray'} tt="none" radius="sm" style={{ flexShrink: 0 }}>
          {t(on ? 'settings:two_factor.on' : 'settings:two_factor.off')}
        </Badge>
      }
    >
      <Group gap="xs">
        {on ? (
          <>
            <Button variant="light" onClick={() => setAsking('renew')}>
              {t('settings:recovery.renew')}
            </Button>
            <Button variant="subtle" color="red" onClick={() => setAsking('disable')}>
              {t('settings:two_factor.disable')}
            </Button>
          </>
        ) : (
          <Button variant="light" onClick={() => setAsking('setup')}>
            {t('settings:two_factor.enable')}
          </Button>
        )}
      </Group>
      {asking === 'setup' && (
        <PasswordPrompt
          title={t('settings:two_factor.enable')}
          text={t('settings:two_factor.enable_text')}
          submitLabel={t('auth:next')}
          onSubmit={async ({ password }) => {
            setSetup(await client.auth.twoFactorSetup({ password }));
            setAsking(null);
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'renew' && (
        <PasswordPrompt
          title={t('settings:recovery.renew')}
          text={t('settings:recovery.renew_text')}
          submitLabel={t('settings:recovery.renew')}
          withCode
          onSubmit={async ({ password, code }) => {
            setCodes((await client.auth.recoveryCodes({ password, ...codeFields(code) })).recovery_codes);
            setAsking(null);
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'disable' && <DisableTwoFactor onDone={refresh} onClose={() => setAsking(null)} />}
      {setup && (
        <Verify
          setup={setup}
          onDone={(next) => {
            setSetup(null);
            setCodes(next);
            toastDone(t('settings:two_factor.enabled'));
          }}
          onClose={() => setSetup(null)}
        />
      )}
      {codes && (
        <RecoveryCodes
          codes={codes}
          onClose={() => {
            setCodes(null);
            refresh();
          }}
        />
      )}
    </Panel>
  );
}

function Verify({ setup, onDone, onClose }: { setup: Setup; onDone: (codes: string[]) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [otp, setOtp] = useState('');
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (refuse({ otp: otp.trim() ? null : t('app:form.required') })) return;
    void run(async () => onDone((await client.auth.twoFactorVerify({ otp: otp.trim() })).recovery_codes));
  };
  return (
    <Modal opened onClose={onClose} title={t('settings:two_factor.scan')} closeOnClickOutside={false}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm">{t('settings:two_factor.scan_text')}</Text>
          <div className={classes['qr']}>
            <img src={`data:image/svg+xml;utf8,${encodeURIComponent(setup.qr_svg)}`} alt={t('settings:two_factor.qr')} width="100%" />
          </div>
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              {t('settings:two_factor.secret')}
            </Text>
            <Copyable value={setup.secret} label={t('settings:two_factor.secret')} />
          </div>
          <Failure text={failure} />
          <TextInput
            name="otp"
            label={t('settings:two_factor.first_code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={otp}
            onChange={(event) => {
              setOtp(event.currentTarget.value);
              clear('otp');
            }}
            error={errors['otp']}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('app:actions.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('settings:two_factor.enable')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
