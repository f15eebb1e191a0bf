import { PasswordInput, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';

const LONG = 16;

interface Props {
  name: string;
  label: string;
  value: string;
  onChange: (next: string) => void;
  error: string | undefined;
  person: { email: string; full_name: string };
  autoFocus?: boolean;
  required?: boolean;
}

/** A new password: while it is typed it says whether it may be chosen, by the same rule that the core goes by. */
export function PasswordField({ name, label, value, onChange, error, person, autoFocus, required }: Props) {
  const { t } = useTranslation();
  const weakness = passwordWeakness(value, person);
  const long = [...value].length >= LONG;
  const share = weakness === 'password_short' ? Math.min(40, [...value].length * 4) : weakness ? 40 : long ? 100 : 70;
  return (
    <div>
      <PasswordInput
        name={name}
        label={label}
        autoComplete="new-password"
        description={t('auth:password.hint')}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        required={required ?? false}
        autoFocus={autoFocus ?? false}
        visibilityToggleButtonProps={{ 'aria-label': t('auth:show_password') }}
      />
      {value && (
        <>
          <Progress value={share} size={4} mt={6} color={weakness ? 'orange' : 'teal'} aria-label={t('auth:password.strength')} />
          {!error && (
            <Text size="xs" c="dimmed" mt={4} aria-live="polite">
              {weakness ? t(`auth:errors.${weakness}`) : t(long ? 'auth:password.strong' : 'auth:password.fits')}
            </Text>
          )}
        </>
      )}
    </div>
  );
}
