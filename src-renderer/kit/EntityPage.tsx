import { Box, Button, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate, useParams } from 'react-router';
import { ActionMenu, type MenuPlace } from './ActionMenu.tsx';
import { BulkBar } from './BulkBar.tsx';
import { ColumnMenu } from './ColumnMenu.tsx';
import { CardPane } from './CardPane.tsx';
import { DataTable } from './DataTable.tsx';
import type { EntityPageDefinition, EntityRow, Field } from './definition.ts';
import { FilterBar } from './FilterBar.tsx';
import { cardLink } from './links.ts';
import { QuickField } from './QuickField.tsx';
import type { RowEditing } from './RowEditor.tsx';
import { EmptyState, ErrorState, Loading } from './States.tsx';
import { useColumns } from './useColumns.ts';
import { useKeys } from './useKeys.ts';
import { useListState } from './useListState.ts';
import { useRowEditing } from './useMutations.ts';
import { useRows } from './useRows.ts';
import classes from './EntityPage.module.css';

/** The page of one entity: its list, and beside it the card of the row that is open. Going through the list never leaves the page. */
export function EntityPage<T extends EntityRow>({ definition }: { definition: EntityPageDefinition<T> }) {
  const { t } = useTranslation();
  const { '*': path = '' } = useParams();
  const navigate = useNavigate();
  const location = useLocation();
  const narrow = useMediaQuery('(max-width: 900px)') ?? false;
  const state = useListState(definition.filters, definition.defaultSort);
  const { query, rows } = useRows(definition.feature, definition.list, state.input);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [menu, setMenu] = useState<MenuPlace<T> | null>(null);
  const [quick, setQuick] = useState<{ title: string; field: Field; row: RowEditing } | null>(null);
  const inPlace = useRowEditing(definition);
  const columns = useColumns(definition.feature, definition.columns);

  const open = path || null;
  const openRow = open ? rows.find((row) => row.id === open || String(row.no) === open) : undefined;
  const go = useCallback((to: string) => navigate({ pathname: to, search: location.search }), [navigate, location.search]);
  // A key may come after a card was called and before it is drawn.
  const called = useRef(open);
  useEffect(() => {
    called.current = open;
  }, [open]);
  const show = useCallback((row: T) => {
    setCursor(row.id);
    called.current = row.id;
    void go(cardLink(definition.feature, row));
  }, [definition.feature, go]);
  const close = useCallback(() => {
    called.current = null;
    void go(`/${definition.feature}`);
  }, [definition.feature, go]);

  const select = (row: T, range: boolean): void => {
    const next = new Set(selected);
    const from = rows.findIndex((one) => one.id === anchor);
    const to = rows.findIndex((one) => one.id === row.id);
    if (range && from >= 0) for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one.id);
    else if (!next.delete(row.id)) next.add(row.id);
    setAnchor(row.id);
    setSelected(next);
  };
  const step = (by: number): void => {
    const at = rows.findIndex((row) => row.id === (cursor ?? openRow?.id));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!next) return;
    if (open) show(next);
    else setCursor(next.id);
  };
  const current = rows.find((row) => row.id === cursor) ?? openRow;
  const change = (...names: string[]): void => {
    const field = definition.fields.find((one) => names.includes(one.name));
    const row = current && field && inPlace(current);
    if (row) setQuick({ title: definition.title(current), field, row });
  };
  useKeys({
    KeyA: () => change('assigned_to', 'responsible_id'),
    KeyS: () => change('status'),
    KeyP: () => change('priority'),
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => current && show(current),
    Space: () => current && select(current, false),
    Period: () => current && setMenu({ row: current, x: window.innerWidth / 3, y: 200 }),
    Escape: () => (menu ? setMenu(null) : called.current || open ? close() : setSelected(new Set())),
  });

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const filtered = Object.keys(state.filters).length > 0 || state.q !== '';
  const view = definition.views?.find((one) => one.key === state.view);

  const newButton = definition.create && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void go(`/${definition.feature}/new`)}>
      {t(`${definition.messages}:new`)}
    </Button>
  );

  return (
    <div className={classes['page']} data-open={open !== null || undefined}>
      <section className={classes['list']} aria-label={t(`${definition.messages}:title`)} hidden={narrow && open !== null}>
        <Group px="md" pt="sm" pb={4} justify="space-between" wrap="nowrap">
          <Title order={1}>{t(`${definition.messages}:title`)}</Title>
          <Group gap="xs" wrap="nowrap">
            {definition.views && !open && <SegmentedControl size="xs" aria-label={t('app:list.view')} value={view?.key ?? 'list'} onChange={(next) => state.set({ view: next === 'list' ? null : next })} data={[{ value: 'list', label: t('app:list.as_list') }, ...definition.views.map((one) => ({ value: one.key, label: t(one.label) }))]} />}
            {!open && !narrow && <ColumnMenu columns={columns} />}
            {definition.toolbar}
            {newButton}
          </Group>
        </Group>
        <FilterBar feature={definition.feature} filters={definition.filters} presets={definition.presets ?? []} state={state} />
        <Box className={classes['rows']}>
          {view && !open ? (
            view.render(state.input)
          ) : query.isPending ? (
            <Loading rows={12} />
          ) : query.isError ? (
            <ErrorState error={query.error} retry={() => void query.refetch()} />
          ) : rows.length === 0 ? (
            <EmptyState title={filtered ? t('app:list.nothing_found') : t(`${definition.messages}:empty.title`)} hint={filtered ? t('app:list.nothing_found_hint') : t(`${definition.messages}:empty.hint`)} action={filtered ? undefined : newButton} />
          ) : (
            <DataTable
              label={t(`${definition.messages}:title`)}
              rows={rows}
              columns={columns.shown}
              onResize={columns.resize}
              compact={open || narrow ? definition.compact : null}
              sort={state.sort}
              onSort={(sort) => state.set({ sort: sort === definition.defaultSort ? null : sort })}
              openId={openRow?.id ?? null}
              cursorId={cursor}
              selected={selected}
              onSelect={select}
              onOpen={show}
              onMenu={(row, event) => {
                event.preventDefault();
                setMenu({ row, x: event.clientX, y: event.clientY });
              }}
              onEnd={more}
            />
          )}
        </Box>
        {query.isFetchingNextPage && (
          <Text size="xs" c="dimmed" ta="center" py={4}>
            {t('app:list.loading_more')}
          </Text>
        )}
        <BulkBar definition={definition} rows={rows.filter((row) => selected.has(row.id))} onDone={() => setSelected(new Set())} />
      </section>
      {open && <CardPane key={open} definition={definition} path={open} preview={openRow} onClose={close} onOpen={show} />}
      {quick && <QuickField {...quick} onClose={() => setQuick(null)} />}
      <ActionMenu definition={definition} place={menu} onClose={() => setMenu(null)} onOpen={show} />
    </div>
  );
}
