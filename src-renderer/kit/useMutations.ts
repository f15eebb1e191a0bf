import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntityPageDefinition, EntityRow, Page, Values } from './definition.ts';
import type { RowEditing } from './RowEditor.tsx';
import { saveOver } from './saving.ts';
import { toastError, toastUndo } from './toasts.tsx';

type Pages<T> = InfiniteData<Page<T>, string>;

/** Puts a row into all lists and cards that show it, or takes it out of them. */
function patchCaches<T extends EntityRow>(cache: ReturnType<typeof useQueryClient>, feature: string, id: string, change: ((row: T) => T) | null): void {
  cache.setQueriesData<Pages<T>>({ predicate: (query) => Array.isArray(query.queryKey[0]) && query.queryKey[0][0] === feature && query.queryKey[0][1] === 'list' }, (data) =>
    data && { ...data, pages: data.pages.map((page) => ({ ...page, items: change ? page.items.map((row) => (row.id === id ? change(row) : row)) : page.items.filter((row) => row.id !== id) })) },
  );
  cache.setQueriesData<T>({ predicate: (query) => Array.isArray(query.queryKey[0]) && query.queryKey[0][0] === feature && query.queryKey[0][1] === 'get' }, (row) => (row && row.id === id && change ? change(row) : row));
}

/** Changes a row: shown at once, taken back visibly when it is refused. */
export function useChange<T extends EntityRow>(definition: Pick<EntityPageDefinition<T>, 'feature' | 'update'>): (row: T, values: Values) => Promise<void> {
  const cache = useQueryClient();
  return useCallback(
    async (row, values) => {
      if (!definition.update) return;
      patchCaches<T>(cache, definition.feature, row.id, (present) => ({ ...present, ...values }));
      try {
        const written = await definition.update(row.id, values, row.version);
        patchCaches<T>(cache, definition.feature, row.id, () => written);
      } catch (error) {
        patchCaches<T>(cache, definition.feature, row.id, () => row);
        toastError(error);
      } finally {
        void cache.invalidateQueries({ predicate: (query) => Array.isArray(query.queryKey[0]) && (query.queryKey[0][0] === definition.feature || query.queryKey[0][0] === 'audit') });
      }
    },
    [cache, definition],
  );
}

/** Ways to change single fields of a row: shown at once, taken back when refused, and offered to be undone. Null where rows are read only. */
export function useRowEditing<T extends EntityRow>(definition: EntityPageDefinition<T>): (row: T) => RowEditing | null {
  const cache = useQueryClient();
  const { t } = useTranslation();
  return useCallback(
    (row) => {
      if (!definition.update) return null;
      const save = async (given: Values): Promise<void> => {
        patchCaches<T>(cache, definition.feature, row.id, (present) => ({ ...present, ...given }));
        try {
          const written = await saveOver(definition, row, onlyFields(definition, given));
          patchCaches<T>(cache, definition.feature, row.id, () => written);
          // A row's version is the change that wrote it last.
          if (written.version !== row.version) toastUndo(t('app:undo.changed', { title: definition.title(written) }), written.version);
        } catch (error) {
          patchCaches<T>(cache, definition.feature, row.id, () => row);
          throw error;
        } finally {
          void cache.invalidateQueries({ predicate: (query) => Array.isArray(query.queryKey[0]) && query.queryKey[0][1] !== 'refs' });
        }
      };
      return { fields: definition.fields, values: row as unknown as Values, save };
    },
    [cache, definition, t],
  );
}

const onlyFields = <T extends EntityRow>(definition: EntityPageDefinition<T>, given: Values): Values => Object.fromEntries(Object.entries(given).filter(([name]) => definition.fields.some((field) => field.name === name)));

/** Moves rows to the trash at once and offers to bring them back. */
export function useRemove<T extends EntityRow>(definition: EntityPageDefinition<T>): (row: T) => void {
  const cache = useQueryClient();
  const { t } = useTranslation();
  return useCallback(
    (row) => {
      if (!definition.remove) return;
      patchCaches<T>(cache, definition.feature, row.id, null);
      definition
        .remove(row.id)
        .then(({ change_id }) => toastUndo(t('app:undo.deleted', { title: definition.title(row) }), change_id))
        .catch(toastError)
        .finally(() => void cache.invalidateQueries());
    },
    [cache, definition, t],
  );
}
