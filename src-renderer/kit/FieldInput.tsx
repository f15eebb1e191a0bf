import { Checkbox, NumberInput, Select, TagsInput, Textarea, TextInput, type TagsInputProps } from '@mantine/core';
import { DateInput, DateTimePicker } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import type { Field, Values } from './definition.ts';
import { RefPicker } from './RefPicker.tsx';
import { MAKERS } from './refs.ts';
import { useWords } from './useWords.ts';

interface Props {
  field: Field;
  values: Values;
  set: (name: string, value: unknown) => void;
  error: string | undefined;
  autoFocus: boolean;
}

/** The control of one field of a form. */
export function FieldInput({ field, values, set, error, autoFocus }: Props) {
  const { t } = useTranslation();
  const value = values[field.name];
  const text = typeof value === 'string' ? value : '';
  const common = { label: t(field.label), required: field.required ?? false, error, description: field.hint ? t(field.hint) : undefined };
  switch (field.kind) {
    case 'custom':
      return <>{field.custom?.({ values, set, error })}</>;
    case 'textarea':
      return <Textarea {...common} autosize minRows={3} maxRows={14} value={text} onChange={(event) => set(field.name, event.currentTarget.value)} data-autofocus={autoFocus || undefined} />;
    case 'select':
      return (
        <Select
          {...common}
          data={(field.options ?? []).map((option) => ({ value: option, label: t(`${field.labels ?? 'app:enums'}.${option}`, { defaultValue: option }) }))}
          value={text || null}
          onChange={(next) => set(field.name, next)}
          clearable={!field.required}
          allowDeselect={false}
        />
      );
    case 'ref':
      return (
        <RefPicker
          to={field.to ?? 'clients'}
          label={common.label}
          required={common.required}
          error={error}
          description={common.description}
          value={text || null}
          name={values[`${field.name.replace(/_id$/, '')}_name`] as string | null}
          within={field.within?.(values)}
          create={MAKERS[field.to ?? 'clients']}
          onChange={(id, choice) => {
            set(`${field.name.replace(/_id$/, '')}_name`, choice?.label ?? null);
            set(field.name, id);
          }}
        />
      );
    case 'date':
      return <DateInput {...common} value={text ? text.slice(0, 10) : null} onChange={(next) => set(field.name, next ? String(next).slice(0, 10) : null)} valueFormat="DD.MM.YYYY" clearable />;
    case 'datetime':
      return (
        <DateTimePicker
          {...common}
          value={text ? (text.length === 10 ? `${text} 09:00:00` : toLocal(text)) : null}
          onChange={(next) => set(field.name, next ? new Date(String(next).replace(' ', 'T')).toISOString() : null)}
          valueFormat="DD.MM.YYYY HH:mm"
          clearable
        />
      );
    case 'money':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value / 100 : ''}
          onChange={(next) => set(field.name, typeof next === 'number' ? Math.round(next * 100) : null)}
          decimalScale={2}
          decimalSeparator=","
          thousandSeparator=" "
          min={0}
          suffix=" ₽"
          hideControls
        />
      );
    case 'number':
      return <NumberInput {...common} value={typeof value === 'number' ? value : ''} onChange={(next) => set(field.name, typeof next === 'number' ? next : null)} />;
    case 'phones':
    case 'tags':
      return <Tags {...common} words={field.words} value={Array.isArray(value) ? (value as string[]) : []} onChange={(next) => set(field.name, next)} />;
    case 'checkbox':
      return <Checkbox label={common.label} description={common.description} checked={value === true} onChange={(event) => set(field.name, event.currentTarget.checked)} />;
    default:
      return <TextInput {...common} type={field.kind === 'email' ? 'email' : 'text'} value={text} onChange={(event) => set(field.name, event.currentTarget.value)} data-autofocus={autoFocus || undefined} />;
  }
}

/** A list of short words; those in use are offered. */
function Tags({ words, ...props }: TagsInputProps & { words: Field['words'] }) {
  const known = useWords(words);
  return <TagsInput {...props} data={known} splitChars={[',', ';', '\n']} clearable />;
}

/** A UTC moment as the picker's local text. */
function toLocal(iso: string): string {
  const date = new Date(iso);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}:00`;
}
