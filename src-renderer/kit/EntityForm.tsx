import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { issueDetail } from '../../src-shared/kernel/issues.ts';
import type { Field, Values } from './definition.ts';
import { fieldErrors, refusalOf } from './errors.ts';
import { FieldInput } from './FieldInput.tsx';
import { formatRelative } from './formats.ts';
import { isEmpty, sameValue } from './saving.ts';
import { useDraft } from './useDraft.ts';

interface Props {
  draftKey: string;
  fields: Field[];
  /** What the contract takes; each field is held against it when it is left. */
  schema?: z.ZodObject | undefined;
  initial: Values;
  creating: boolean;
  submitLabel: string;
  /** Gets only what was changed when an existing row is edited. */
  onSubmit: (values: Values) => Promise<void>;
  onCancel: () => void;
  /** Shown below the fields, e.g. likely duplicates of what is being typed. */
  aside?: (values: Values) => ReactNode;
}

/** One column, labels above, errors at the field when it is left, the first one focused, Ctrl+Enter saves; nothing typed is lost. */
export function EntityForm({ draftKey, fields, schema, initial, creating, submitLabel, onSubmit, onCancel, aside }: Props) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Values>(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [restored, setRestored] = useState<string | null>(null);
  const touched = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  const { found, keep, drop } = useDraft(draftKey);

  useEffect(() => {
    if (!found || touched.current) return;
    setValues((present) => ({ ...present, ...found.values }));
    setRestored(found.at);
    touched.current = true;
  }, [found]);

  const set = useCallback(
    (name: string, value: unknown) => {
      touched.current = true;
      setValues((present) => {
        const next = { ...present, [name]: value };
        keep(next);
        return next;
      });
      setErrors((present) => {
        const { [name]: _gone, ...rest } = present;
        return rest;
      });
    },
    [keep],
  );

  const shown = fields.filter((field) => !field.hidden?.(values, creating));
  const check = (field: Field): string | null => {
    const value = values[field.name];
    if (isEmpty(value)) return field.required ? t('app:form.required') : null;
    // The base takes what an import brings; a person is told.
    if (field.kind === 'email' && typeof value === 'string' && !/^\S+@\S+\.\S+$/.test(value)) return t('kernel:errors.format_email', { field: t(field.label) });
    const between = field.check?.(values);
    if (between) return t(between);
    const [issue] = (schema?.shape[field.name] as z.ZodType | undefined)?.safeParse(value).error?.issues ?? [];
    const fault = issue && issueDetail(issue);
    if (!fault) return null;
    const label = t(field.label);
    return t([`kernel:errors.${fault.detail}`, 'kernel:errors.wrong_value'], { field: label, ...fault.params });
  };
  const leave = (field: Field): void => {
    if (!touched.current) return;
    const fault = check(field);
    if (fault) setErrors((present) => ({ ...present, [field.name]: fault }));
  };
  const focusFirst = (faults: Record<string, string>): void => {
    const first = shown.find((field) => faults[field.name]);
    const control = (): HTMLElement | null | undefined => {
      const box = form.current?.querySelector(`[data-field="${first?.name}"]`);
      return box?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? box?.querySelector<HTMLElement>('input, textarea, button');
    };
    if (first) setTimeout(() => control()?.focus(), 0);
  };

  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (saving) return;
    const faults = Object.fromEntries(shown.flatMap((field) => (check(field) ? [[field.name, check(field) as string]] : [])));
    setErrors(faults);
    setFailure(null);
    if (Object.keys(faults).length > 0) return focusFirst(faults);
    setSaving(true);
    try {
      const changed = Object.fromEntries(shown.filter((field) => (creating ? !isEmpty(values[field.name]) : !sameValue(values[field.name], initial[field.name]))).map((field) => [field.name, isEmpty(values[field.name]) ? null : values[field.name]]));
      await onSubmit({ ...(creating ? hiddenInitial(initial, fields) : {}), ...changed });
      drop();
    } catch (error) {
      const refusal = refusalOf(error);
      const atFields = fieldErrors(refusal);
      setErrors(atFields);
      setFailure(Object.keys(atFields).some((name) => shown.some((field) => field.name === name)) ? null : refusal.message);
      focusFirst(atFields);
    } finally {
      setSaving(false);
    }
  };

  return (
    <form
      ref={form}
      onSubmit={(event) => void submit(event)}
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
      }}
    >
      <Stack gap="sm" p="md" maw={620}>
        {restored && (
          <Alert variant="light" p="xs" icon={<IconRestore size={16} aria-hidden />}>
            <Group justify="space-between">
              <Text size="sm">{t('app:form.draft_restored', { when: formatRelative(restored) })}</Text>
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => {
                  drop();
                  setRestored(null);
                  setValues(initial);
                }}
              >
                {t('app:form.draft_drop')}
              </Button>
            </Group>
          </Alert>
        )}
        {failure && (
          <Alert color="red" variant="light" role="alert">
            {failure}
          </Alert>
        )}
        {shown.map((field, index) => (
          <div key={field.name} data-field={field.name} onBlur={() => leave(field)}>
            <FieldInput field={field} values={values} set={set} error={errors[field.name]} autoFocus={index === 0} />
          </div>
        ))}
        {aside?.(values)}
        <Group justify="flex-end" mt="xs">
          <Button
            variant="default"
            onClick={() => {
              if (!touched.current) drop();
              onCancel();
            }}
          >
            {t('app:actions.cancel')}
          </Button>
          <Button type="submit" loading={saving}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Values that a link put into a new form for fields that the form does not show. */
const hiddenInitial = (initial: Values, fields: Field[]): Values => Object.fromEntries(Object.entries(initial).filter(([name, value]) => !name.endsWith('_name') && !fields.some((field) => field.name === name) && !isEmpty(value)));
