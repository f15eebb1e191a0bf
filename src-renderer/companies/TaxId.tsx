import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { checkInn, checkKpp, checkOgrn } from '../../src-shared/kernel/tax-ids.ts';

const CHECKS = { inn: checkInn, kpp: checkKpp, ogrn: checkOgrn };

/** A tax number: a wrong form is an error, a checksum that does not fit a warning only, for real registers hold such numbers. */
export function TaxId({ name, value, onChange, error }: { name: keyof typeof CHECKS; value: string; onChange: (next: string) => void; error: string | undefined }) {
  const { t } = useTranslation();
  const check = value.trim() ? CHECKS[name](value) : null;
  const wrong = check && !check.ok;
  const checksum = wrong && check.why.endsWith('_checksum');
  const why = wrong ? (checksum ? t('companies:checksum') : t(`companies:errors.${check.why}`)) : undefined;
  return (
    <TextInput
      label={t(`companies:fields.${name}`)}
      value={value}
      inputMode="numeric"
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error ?? (wrong && !checksum && value.trim().length >= 9 ? why : undefined)}
      description={checksum ? why : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      styles={{ description: { color: 'var(--soon)' } }}
    />
  );
}
