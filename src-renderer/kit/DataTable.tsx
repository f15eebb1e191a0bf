import { Checkbox, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ColumnEdge } from './ColumnEdge.tsx';
import classes from './DataTable.module.css';
import type { Column, EntityRow } from './definition.ts';
import { USUAL_WIDTH } from './useColumns.ts';

interface Props<T extends EntityRow> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  compact: ((row: T) => { title: React.ReactNode; line: React.ReactNode; badge?: React.ReactNode }) | null;
  sort: string;
  onSort: (sort: string) => void;
  openId: string | null;
  cursorId: string | null;
  selected: ReadonlySet<string>;
  onSelect: (row: T, range: boolean) => void;
  onOpen: (row: T) => void;
  onMenu: (row: T, event: MouseEvent) => void;
  onEnd: () => void;
  onResize: (key: string, width: number) => void;
}

const ROW = 33;
const COMPACT_ROW = 54;
const OVERSCAN = 12;

/** A list of any length: only what is seen is in the page. Columns on a wide place, two lines a row beside an open card. */
export function DataTable<T extends EntityRow>({ label, rows, columns, compact, sort, onSort, openId, cursorId, selected, onSelect, onOpen, onMenu, onEnd, onResize }: Props<T>) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => (compact ? COMPACT_ROW : ROW), overscan: OVERSCAN });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  const tall = compact !== null;
  useEffect(() => void virtual.measure(), [tall, virtual]);
  useEffect(() => {
    if (rows.length > 0 && lastSeen >= rows.length - 20) onEnd();
  }, [lastSeen, rows.length, onEnd]);
  const scrolledTo = useRef<string | null>(null);
  useEffect(() => {
    if (cursorId === scrolledTo.current) return;
    scrolledTo.current = cursorId;
    const at = rows.findIndex((row) => row.id === cursorId);
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [cursorId, rows, virtual]);

  const grid = { gridTemplateColumns: `36px ${columns.map((column, index) => (index === 0 ? 'minmax(160px, 1fr)' : `${column.width ?? USUAL_WIDTH}px`)).join(' ')}` };
  return (
    <div className={classes['box']} ref={box} role="table" aria-label={label} aria-rowcount={rows.length}>
      {!compact && (
        <div className={classes['head']} role="row" style={grid}>
          <span role="columnheader" aria-label={t('app:list.selection')} />
          {columns.map((column, index) => (
            <Heading key={column.key} column={column} sort={sort} onSort={onSort} onResize={index === 0 ? null : onResize} />
          ))}
        </div>
      )}
      <div style={{ height: virtual.getTotalSize(), position: 'relative', minWidth: compact ? 0 : columns.reduce((sum, column, index) => sum + (index === 0 ? 160 : (column.width ?? USUAL_WIDTH)), 36) }} role="rowgroup">
        {items.map((item) => {
          const row = rows[item.index] as T;
          const mark = { 'data-open': row.id === openId || undefined, 'data-cursor': row.id === cursorId || undefined, 'data-selected': selected.has(row.id) || undefined };
          return (
            <div
              key={row.id}
              role="row"
              aria-selected={selected.has(row.id)}
              className={compact ? classes['compact'] : classes['row']}
              style={{ transform: `translateY(${item.start}px)`, height: item.size, ...(compact ? {} : grid) }}
              onClick={(event) => (event.shiftKey ? onSelect(row, true) : onOpen(row))}
              onContextMenu={(event) => onMenu(row, event)}
              {...mark}
            >
              {compact ? (
                <Compact parts={compact(row)} />
              ) : (
                <>
                  <span role="cell" onClick={(event) => event.stopPropagation()}>
                    <Checkbox size="xs" aria-label={t('app:list.select_row', { no: row.no ?? '' })} checked={selected.has(row.id)} onChange={(event) => onSelect(row, (event.nativeEvent as globalThis.MouseEvent).shiftKey)} />
                  </span>
                  {columns.map((column) => (
                    <span role="cell" key={column.key} className={classes['cell']}>
                      {column.render(row)}
                    </span>
                  ))}
                </>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Heading<T>({ column, sort, onSort, onResize }: { column: Column<T>; sort: string; onSort: (sort: string) => void; onResize: ((key: string, width: number) => void) | null }) {
  const { t } = useTranslation();
  const by = column.sort;
  const active = by !== undefined && sort.replace(/^-/, '') === by;
  const Icon = sort.startsWith('-') ? IconArrowDown : IconArrowUp;
  const name = t(column.header);
  return (
    <span role="columnheader" aria-label={name} aria-sort={by ? (active ? (sort.startsWith('-') ? 'descending' : 'ascending') : 'none') : undefined} className={classes['heading']}>
      <div className={classes['cell']}>
        {by ? (
          <UnstyledButton className={classes['sort']} onClick={() => onSort(active && !sort.startsWith('-') ? `-${by}` : by)}>
            {name} {active && <Icon size={13} aria-hidden />}
          </UnstyledButton>
        ) : (
          name
        )}
      </div>
      {onResize && <ColumnEdge name={name} width={column.width ?? USUAL_WIDTH} onResize={(width) => onResize(column.key, width)} />}
    </span>
  );
}

function Compact({ parts }: { parts: { title: React.ReactNode; line: React.ReactNode; badge?: React.ReactNode } }) {
  return (
    <div className={classes['compactText']} role="cell">
      <div className={classes['compactTop']}>
        <Text size="sm" fw={550} truncate>
          {parts.title}
        </Text>
        {parts.badge}
      </div>
      <Text size="xs" c="dimmed" truncate component="div">
        {parts.line}
      </Text>
    </div>
  );
}
