import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';

/** The support level out of the organisation's own list. */
export function SupportLevel({ value, onChange, error }: { value: string | null; onChange: (next: string | null) => void; error: string | undefined }) {
  const { t } = useTranslation();
  const organization = useQuery({ queryKey: [['organizations', 'current']], queryFn: () => client.organizations.current() });
  const levels = new Set([...(organization.data?.support_levels ?? []), ...(value ? [value] : [])]);
  return (
    <Select
      label={t('contracts:fields.support_level')}
      data={[...levels].map((level) => ({ value: level, label: t(`contracts:enums.${level}`, { defaultValue: level }) }))}
      value={value}
      onChange={onChange}
      error={error}
      clearable
    />
  );
}
