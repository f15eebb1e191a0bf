import { ActionIcon, Box, Group, Menu, Text, Title, Tooltip } from '@mantine/core';
import { IconDots, IconPencil, IconPrinter, IconTrash, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { EntityPageDefinition, EntityRow, Values } from './definition.ts';
import { EntityForm } from './EntityForm.tsx';
import { ConflictChooser } from './ConflictChooser.tsx';
import { RowEditor } from './RowEditor.tsx';
import { FieldsConflict, saveOver } from './saving.ts';
import { ErrorState, Loading } from './States.tsx';
import { toastDone, toastError } from './toasts.tsx';
import { useDraft } from './useDraft.ts';
import { useKeys } from './useKeys.ts';
import { refusalOf } from './errors.ts';
import { ChangedMeanwhile, GoneMeanwhile } from './Meanwhile.tsx';
import { numberWords } from './No.tsx';
import { useRemove, useRowEditing } from './useMutations.ts';
import classes from './EntityPage.module.css';

interface Props<T extends EntityRow> {
  definition: EntityPageDefinition<T>;
  path: string;
  preview: T | undefined;
  onClose: () => void;
  onOpen: (row: T) => void;
}

/** The right side of a page: the card of one row, its form, or the form of a new one. */
export function CardPane<T extends EntityRow>(props: Props<T>) {
  return props.path === 'new' ? <NewCard {...props} /> : <RowCard {...props} />;
}

function NewCard<T extends EntityRow>({ definition, onClose, onOpen }: Props<T>) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [params] = useSearchParams();
  const given = Object.fromEntries([...params].filter(([name]) => definition.fields.some((field) => field.name === name || `${field.name.replace(/_id$/, '')}_name` === name) && !['status', 'sort', 'q'].includes(name)));
  return (
    <section className={classes['card']} aria-label={t(`${definition.messages}:new`)}>
      <Header title={t(`${definition.messages}:new`)} onClose={onClose} />
      <EntityForm
        draftKey={`${definition.feature}/new`}
        fields={definition.fields}
        schema={definition.schema}
        initial={{ ...definition.initial?.(params), ...given }}
        creating
        submitLabel={t('app:actions.create')}
        onCancel={onClose}
        onSubmit={async (values) => {
          if (!definition.create) return;
          const row = await definition.create(values);
          toastDone(t('app:form.created', { title: definition.title(row) }));
          await cache.invalidateQueries();
          onOpen(row);
        }}
      />
    </section>
  );
}

function RowCard<T extends EntityRow>({ definition, path, preview, onClose }: Props<T>) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const editing = params.get('edit') === '1';
  const remove = useRemove(definition);
  const inPlace = useRowEditing(definition);
  const query = useQuery({ queryKey: [[definition.feature, 'get'], path], queryFn: () => definition.get(path) });
  const edit = (on: boolean): void =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (on) next.set('edit', '1');
      else next.delete('edit');
      return next;
    });
  useKeys({ KeyE: () => definition.update && edit(true) });

  const row = query.data ?? preview;
  if (query.isError && !row)
    return (
      <section className={classes['card']}>
        <Header title={t('app:card.not_found')} onClose={onClose} />
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      </section>
    );
  if (!row)
    return (
      <section className={classes['card']}>
        <Loading rows={10} />
      </section>
    );
  const actions = (definition.actions?.(row) ?? []).filter((action) => action.shown?.(row) ?? true);
  return (
    <section className={classes['card']} aria-label={definition.title(row)}>
      <Header title={definition.title(row)} number={numberWords(row)} onClose={onClose}>
        {definition.update && !editing && (
          <Tooltip label={`${t('app:actions.edit')} (E)`}>
            <ActionIcon variant="subtle" aria-label={t('app:actions.edit')} onClick={() => edit(true)}>
              <IconPencil size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('app:actions.more')}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {actions.map((action) => (
              <Menu.Item key={action.key} leftSection={action.icon} color={action.danger ? 'red' : undefined} onClick={() => void Promise.resolve(action.run(row)).catch(toastError)}>
                {t(action.label)}
              </Menu.Item>
            ))}
            <Menu.Item leftSection={<IconPrinter size={15} />} onClick={() => window.print()}>
              {t('app:actions.print')}
            </Menu.Item>
            {definition.remove && (
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={15} />}
                onClick={() => {
                  remove(row);
                  onClose();
                }}
              >
                {t('app:actions.delete')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </Header>
      {query.isError && refusalOf(query.error).code === 'NOT_FOUND' && <GoneMeanwhile />}
      {editing ? (
        <EditRow definition={definition} row={row} onDone={() => edit(false)} />
      ) : (
        <Box p="md" style={{ flex: 1 }}>
          <RowEditor value={inPlace(row)}>{definition.card({ row, edit: () => edit(true) })}</RowEditor>
        </Box>
      )}
    </section>
  );
}

/** The form of a row, over the row as it was when editing began: what others write meanwhile is noticed, not overwritten. */
function EditRow<T extends EntityRow>({ definition, row, onDone }: { definition: EntityPageDefinition<T>; row: T; onDone: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [seen, setSeen] = useState(row);
  const draftKey = `${definition.feature}/${row.id}`;
  const { drop } = useDraft(draftKey);
  const [conflict, setConflict] = useState<{ with: FieldsConflict<T>; mine: Values } | null>(null);
  const save = async (values: Values, over: T): Promise<void> => {
    try {
      await saveOver(definition, over, values);
    } catch (error) {
      if (error instanceof FieldsConflict) setConflict({ with: error as FieldsConflict<T>, mine: values });
      throw error;
    }
    setConflict(null);
    drop();
    onDone();
    await cache.invalidateQueries();
  };
  return (
    <>
      {!conflict && <ChangedMeanwhile seen={seen} now={row} fields={definition.fields} />}
      {conflict && (
        <ConflictChooser
          key={conflict.with.theirs.version}
          conflict={conflict.with}
          fields={definition.fields}
          mine={conflict.mine}
          onSave={(chosen, theirs) => void save(chosen, theirs).catch(toastError)}
          onClose={() => {
            setSeen(conflict.with.theirs);
            setConflict(null);
          }}
        />
      )}
      <EntityForm
        key={row.id}
        draftKey={draftKey}
        fields={definition.fields}
        schema={definition.schema}
        initial={seen as unknown as Values}
        creating={false}
        submitLabel={t('app:actions.save')}
        onCancel={onDone}
        onSubmit={(values) => save(values, seen)}
      />
    </>
  );
}

function Header({ title, number, onClose, children }: { title: string; number?: string; onClose: () => void; children?: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" px="md" py="sm" gap="sm" style={{ borderBottom: '1px solid var(--line)', position: 'sticky', top: 0, background: 'var(--surface)', zIndex: 3 }}>
      <div style={{ minWidth: 0 }}>
        {number !== undefined && (
          <Text size="xs" c="dimmed">
            {number}
          </Text>
        )}
        <Title order={2} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
      </div>
      <Group gap={4} wrap="nowrap" className="no-print">
        {children}
        <Tooltip label={`${t('app:actions.close')} (Esc)`}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('app:actions.close')} onClick={onClose}>
            <IconX size={18} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}
