import { Alert, Anchor, Button, Code, Group, Radio, Stack, Stepper, Text, TextInput, useMantineColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import type { SignedIn } from '../../src-shared/auth/model.ts';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';
import { LANGUAGES } from '../../src-shared/users/model.ts';
import { client } from '../app/client.ts';
import { setLanguage } from '../app/i18n.ts';
import { useSession } from '../app/session.ts';
import { useSubmit } from '../kit/useSubmit.ts';
import { JoinHub } from '../sync/index.ts';
import { AuthShell } from './AuthShell.tsx';
import { Failure } from '../kit/Failure.tsx';
import { PasswordField } from './PasswordField.tsx';
import { useKept } from './useKept.ts';

const STEPS = ['account', 'organization', 'language', 'start'] as const;
const STARTS = ['empty', 'import', 'demo'] as const;
type Start = (typeof STARTS)[number];

/** Step that shows a field, to go back to when the core refuses it. */
const STEP_OF: Record<string, number> = { full_name: 0, email: 0, password: 0, organization_name: 1, language: 2 };
const looksLikeEmail = (value: string): boolean => /^\S+@\S+\.\S+$/.test(value);

/** The first start: an owner, an organisation, a language, and what to begin with. Nothing is written before the last step. */
export function FirstRunPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const location = useLocation();
  const [registered, setRegistered] = useState<{ session: SignedIn; to: string } | null>(null);
  const enter = useSession((session) => session.enter);
  const { colorScheme } = useMantineColorScheme();
  const narrow = useMediaQuery('(max-width: 560px)') ?? false;
  const [values, keep, forget] = useKept('first-run', { full_name: '', email: '', organization_name: '', start: 'empty' as Start });
  const [password, setPassword] = useState('');
  const [step, setStep] = useState(0);
  const [joining, setJoining] = useState(() => new URLSearchParams(window.location.search).has('code'));
  const { form, busy, errors, failure, run, refuse, clear } = useSubmit();
  const language = i18n.language === 'en' ? 'en' : 'ru';
  const name = STEPS[step] ?? 'account';

  const faultsOf = (which: (typeof STEPS)[number]): Record<string, string | null> => {
    const required = t('app:form.required');
    if (which === 'organization') return { organization_name: values.organization_name.trim() ? null : required };
    if (which !== 'account') return {};
    const weakness = passwordWeakness(password, values);
    return {
      full_name: values.full_name.trim() ? null : required,
      email: !values.email.trim() ? required : looksLikeEmail(values.email.trim()) ? null : t('kernel:errors.format_email', { field: t('auth:fields.email') }),
      password: weakness && t(`auth:errors.${weakness}`),
    };
  };

  const register = async (): Promise<void> => {
    const theme = colorScheme === 'auto' ? null : colorScheme;
    const session = await client.auth.register({ full_name: values.full_name.trim(), email: values.email.trim(), password, organization_name: values.organization_name.trim(), language });
    forget();
    const to = values.start === 'import' ? '/exchange' : '/desk';
    setRegistered({ session: { ...session, user: { ...session.user, theme } }, to });
    await navigate(to, { replace: true });
  };
  // The router changes its address a moment later; who enters before that is sent to the desk.
  useEffect(() => {
    if (!registered || location.pathname !== registered.to) return;
    const { id, theme } = registered.session.user;
    void enter(registered.session).then(() => (theme ? client.users.setTheme({ id, theme }).catch(() => undefined) : undefined));
  }, [registered, location.pathname, enter]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (refuse(faultsOf(name))) return;
    if (step < STEPS.length - 1) return setStep(step + 1);
    // A reload loses the password, never the rest: then the first step is asked again.
    if (Object.values(faultsOf('account')).some(Boolean)) {
      setStep(0);
      refuse(faultsOf('account'));
      return;
    }
    const refusal = await run(register);
    const field = refusal?.data.issues?.[0]?.field ?? refusal?.data.field;
    if (field && STEP_OF[field] !== undefined) {
      setStep(STEP_OF[field]);
      setTimeout(() => form.current?.querySelector<HTMLElement>(`[name="${field}"]`)?.focus(), 0);
    }
  };

  const text = (field: 'full_name' | 'email' | 'organization_name', props: { autoComplete: string; type?: string; autoFocus?: boolean; description?: string }) => (
    <TextInput
      name={field}
      label={t(`auth:fields.${field}`)}
      value={values[field]}
      onChange={(event) => {
        keep({ [field]: event.currentTarget.value });
        clear(field);
      }}
      error={errors[field]}
      {...props}
    />
  );

  if (joining) {
    return (
      <AuthShell title={t('sync:join.title')} hint={t('sync:join.hint')} wide>
        <JoinHub />
        <Anchor component="button" type="button" size="sm" mt="md" onClick={() => setJoining(false)}>
          {t('auth:first_run.found_instead')}
        </Anchor>
      </AuthShell>
    );
  }
  return (
    <AuthShell title={t('auth:first_run.title')} hint={t('auth:first_run.hint')} wide>
      <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <Stepper active={step} onStepClick={(next) => next < step && setStep(next)} allowNextStepsSelect={false} size="xs" iconSize={26} aria-label={t('auth:first_run.steps_label')}>
          {STEPS.map((one) => (
            <Stepper.Step key={one} label={narrow ? undefined : t(`auth:first_run.steps.${one}`)} aria-label={t(`auth:first_run.steps.${one}`)} />
          ))}
        </Stepper>
        <Stack gap="sm" mt="md">
          <Failure text={failure} />
          {name === 'account' && (
            <>
              {text('full_name', { autoComplete: 'name', autoFocus: true })}
              {text('email', { autoComplete: 'username', type: 'email', description: t('auth:first_run.email_hint') })}
              <PasswordField
                name="password"
                label={t('auth:fields.password')}
                value={password}
                onChange={(next) => {
                  setPassword(next);
                  clear('password');
                }}
                error={errors['password']}
                person={values}
              />
            </>
          )}
          {name === 'organization' && text('organization_name', { autoComplete: 'organization', autoFocus: true, description: t('auth:first_run.organization_hint') })}
          {name === 'language' && (
            <Radio.Group name="language" label={t('auth:first_run.language_label')} description={t('auth:first_run.language_hint')} value={language} onChange={(next) => setLanguage(next === 'en' ? 'en' : 'ru')}>
              <Stack gap="xs" mt="xs">
                {LANGUAGES.map((one) => (
                  <Radio key={one} value={one} label={t(`app:enums.${one}`)} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {name === 'start' && (
            <>
              <Radio.Group name="start" label={t('auth:first_run.start_label')} value={values.start} onChange={(next) => keep({ start: next as Start })}>
                <Stack gap="xs" mt="xs">
                  {STARTS.map((one) => (
                    <Radio key={one} value={one} label={t(`auth:first_run.starts.${one}`)} description={t(`auth:first_run.starts.${one}_hint`)} />
                  ))}
                </Stack>
              </Radio.Group>
              {values.start === 'demo' && (
                <Alert variant="light" title={t('auth:first_run.demo_title')}>
                  <Stack gap={6}>
                    <Text size="sm">{t('auth:first_run.demo_text')}</Text>
                    <Code block>npm start -- --demo</Code>
                  </Stack>
                </Alert>
              )}
            </>
          )}
          <Group justify="space-between" mt="xs">
            {step > 0 ? (
              <Button variant="default" onClick={() => setStep(step - 1)}>
                {t('auth:back')}
              </Button>
            ) : (
              <span />
            )}
            <Button type="submit" loading={busy} disabled={name === 'start' && values.start === 'demo'}>
              {t(step < STEPS.length - 1 ? 'auth:next' : 'auth:first_run.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
      {step === 0 && (
        <Anchor component="button" type="button" size="sm" mt="md" onClick={() => setJoining(true)}>
          {t('auth:first_run.join_instead')}
        </Anchor>
      )}
    </AuthShell>
  );
}
