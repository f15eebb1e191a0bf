import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Name of a zone with its present distance from UTC: «Europe/Samara, GMT+4». */
function offsetOf(zone: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts().find((part) => part.type === 'timeZoneName')?.value ?? '';
}

interface Props {
  label: string;
  value: string;
  onChange: (next: string | null) => void;
  error?: string | undefined;
  description?: string;
  required?: boolean;
  clearable?: boolean;
}

/** A time zone, found by any part of its name. */
export function TimeZoneSelect({ label, value, onChange, error, description, required, clearable }: Props) {
  const { i18n } = useTranslation();
  const data = useMemo(() => {
    const zones = new Set([...Intl.supportedValuesOf('timeZone'), ...(value ? [value] : [])]);
    return [...zones].sort().map((zone) => ({ value: zone, label: `${zone.replaceAll('_', ' ')}, ${offsetOf(zone, i18n.language)}` }));
  }, [value, i18n.language]);
  return <Select label={label} description={description} data={data} value={value || null} onChange={onChange} error={error} required={required ?? false} searchable limit={100} allowDeselect={false} clearable={clearable ?? false} />;
}
