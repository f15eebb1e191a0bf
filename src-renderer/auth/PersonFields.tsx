import { PasswordInput, TextInput } from '@mantine/core';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';

export interface Person {
  full_name: string;
  email: string;
  password: string;
}

const EMAIL = /^\S+@\S+\.\S+$/;

/** What is wrong with a new person's own data, by field. */
export function personFaults(person: Person, { email: withEmail }: { email: boolean }): Record<string, string> {
  const weakness = passwordWeakness(person.password, person);
  return {
    ...(person.full_name.trim() ? {} : { full_name: i18next.t('app:form.required') }),
    ...(withEmail && !EMAIL.test(person.email.trim()) ? { email: i18next.t(person.email.trim() ? 'auth:person.email_wrong' : 'app:form.required') } : {}),
    ...(weakness ? { password: i18next.t(`auth:errors.${weakness}`) } : {}),
  };
}

interface Props {
  person: Person;
  withEmail: boolean;
  errors: Record<string, string>;
  onChange: (person: Person) => void;
  /** Called with the fault of a field that was left, or without one. */
  onLeave: (field: string, fault: string | undefined) => void;
}

/** Name, e-mail and a new password. */
export function PersonFields({ person, withEmail, errors, onChange, onLeave }: Props) {
  const { t } = useTranslation();
  const leave = (field: keyof Person) => () => {
    if (person[field]) onLeave(field, personFaults(person, { email: withEmail })[field]);
  };
  return (
    <>
      <TextInput name="full_name" label={t('auth:person.full_name')} autoComplete="name" autoFocus required withAsterisk={false} value={person.full_name} error={errors['full_name']} onBlur={leave('full_name')} onChange={(event) => onChange({ ...person, full_name: event.currentTarget.value })} />
      {withEmail && <TextInput name="email" type="email" label={t('auth:person.email')} autoComplete="username" required withAsterisk={false} value={person.email} error={errors['email']} onBlur={leave('email')} onChange={(event) => onChange({ ...person, email: event.currentTarget.value })} />}
      <PasswordInput
        name="password"
        label={t('auth:person.password')}
        description={t('auth:person.password_hint')}
        autoComplete="new-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('auth:sign_in.show_password') }}
        value={person.password}
        error={errors['password']}
        onBlur={leave('password')}
        onChange={(event) => onChange({ ...person, password: event.currentTarget.value })}
      />
    </>
  );
}
