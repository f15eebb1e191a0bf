import { Menu } from '@mantine/core';
import { IconExternalLink, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EntityPageDefinition, EntityRow } from './definition.ts';
import { cardLink } from './links.ts';
import { useRemove } from './useMutations.ts';
import { toastError } from './toasts.tsx';

export interface MenuPlace<T> {
  row: T;
  x: number;
  y: number;
}

interface Props<T extends EntityRow> {
  definition: EntityPageDefinition<T>;
  place: MenuPlace<T> | null;
  onClose: () => void;
  onOpen: (row: T) => void;
}

/** The actions of a row, where the pointer is or after the key `.`. */
export function ActionMenu<T extends EntityRow>({ definition, place, onClose, onOpen }: Props<T>) {
  const { t } = useTranslation();
  const remove = useRemove(definition);
  if (!place) return null;
  const actions = (definition.actions?.(place.row) ?? []).filter((action) => action.shown?.(place.row) ?? true);
  return (
    <Menu opened onClose={onClose} withinPortal position="bottom-start" key={`${place.x}-${place.y}`}>
      <Menu.Target>
        <span style={{ position: 'fixed', left: place.x, top: place.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onOpen(place.row)}>{t('app:actions.open')}</Menu.Item>
        <Menu.Item leftSection={<IconExternalLink size={15} />} onClick={() => window.open(cardLink(definition.feature, place.row), '_blank', 'noopener')}>
          {t('app:actions.open_window')}
        </Menu.Item>
        {actions.length > 0 && <Menu.Divider />}
        {actions.map((action) => (
          <Menu.Item key={action.key} leftSection={action.icon} color={action.danger ? 'red' : undefined} onClick={() => void Promise.resolve(action.run(place.row)).catch(toastError)}>
            {t(action.label)}
          </Menu.Item>
        ))}
        {definition.remove && (
          <>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => remove(place.row)}>
              {t('app:actions.delete')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
