import { ActionIcon, Button, Group } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, Values } from './definition.ts';
import { fieldErrors, refusalOf } from './errors.ts';
import { FieldInput } from './FieldInput.tsx';
import { nameField } from './fieldText.ts';
import classes from './RowEditor.module.css';

/** What the open card lets one change in place. */
export interface RowEditing {
  fields: readonly Field[];
  values: Values;
  save: (values: Values) => Promise<void>;
}

const Editing = createContext<RowEditing | null>(null);
export const RowEditor = Editing.Provider;

/** A shown value that can be changed where it stands: by a click on it, or by the pencil for whoever uses the keyboard. */
export function InPlace({ name, children }: { name: string | undefined; children: (value: (shown: ReactNode) => ReactNode) => ReactNode }) {
  const { t } = useTranslation();
  const row = useContext(Editing);
  const [open, setOpen] = useState(false);
  const field = name && row?.fields.find((one) => one.name === name && one.kind !== 'custom' && !one.hidden?.(row.values, false));
  if (!row || !field) return children((shown) => shown);
  if (open) return <FieldEditor field={field} row={row} onClose={() => setOpen(false)} />;
  return children((shown) => (
    <span
      className={classes['value']}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest('a, button')) setOpen(true);
      }}
    >
      {shown}
      <ActionIcon className={classes['pencil']} size="xs" variant="subtle" color="gray" aria-label={t('app:card.edit_field', { field: t(field.label) })} onClick={() => setOpen(true)}>
        <IconPencil size={13} />
      </ActionIcon>
    </span>
  ));
}

/** One field of a row: Enter saves, Esc leaves it as it was; what is refused stays typed, with the reason at it. */
export function FieldEditor({ field, row, onClose }: { field: Field; row: RowEditing; onClose: () => void }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Values>(row.values);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => void form.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  const save = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      const value = values[field.name];
      await row.save({ [field.name]: value === '' || value === undefined ? null : value, ...(field.kind === 'ref' ? { [nameField(field.name)]: values[nameField(field.name)] } : {}) });
      onClose();
    } catch (refused) {
      const refusal = refusalOf(refused);
      setError(fieldErrors(refusal)[field.name] ?? refusal.message);
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      className="no-print"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
      }}
    >
      <FieldInput
        field={field}
        values={values}
        set={(name, value) => {
          setError(undefined);
          setValues((present) => ({ ...present, [name]: value }));
        }}
        error={error}
        autoFocus
      />
      <Group gap="xs" mt={6} justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t('app:actions.cancel')}
        </Button>
        <Button size="compact-sm" type="submit" loading={busy}>
          {t('app:actions.save')}
        </Button>
      </Group>
    </form>
  );
}
