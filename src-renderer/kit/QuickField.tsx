import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Field } from './definition.ts';
import { FieldEditor, type RowEditing } from './RowEditor.tsx';

/** One field of a row in a small window, opened by a key from the list or the card. */
export function QuickField({ field, title, row, onClose }: { field: Field; title: string; row: RowEditing; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} size="sm" aria-label={t('app:card.edit_field', { field: t(field.label) })}>
      <FieldEditor field={field} row={row} onClose={onClose} />
    </Modal>
  );
}
