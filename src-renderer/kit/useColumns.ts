import { useMemo, useState } from 'react';
import type { Column } from './definition.ts';

/** How a person has set up the columns of a list on this device. */
interface ColumnChoice {
  hidden: string[];
  /** Keys in their order; columns that are not named follow in the order of the program. */
  order: string[];
  /** Widths in pixels, where they differ from the program's. */
  widths: Record<string, number>;
}

export interface Columns<T> {
  /** Those that are shown, in their order and width. */
  shown: Column<T>[];
  /** All but the first, in their order. */
  all: Column<T>[];
  hidden: ReadonlySet<string>;
  toggle: (key: string) => void;
  /** Moves a column by places to the right; negative to the left. The first column stays where it is. */
  move: (key: string, by: number) => void;
  resize: (key: string, width: number) => void;
  reset: () => void;
  changed: boolean;
}

const KEY = 'polevik.columns.';
export const MIN_WIDTH = 56;
export const MAX_WIDTH = 640;
export const USUAL_WIDTH = 140;

function read(feature: string): ColumnChoice | null {
  const kept = localStorage.getItem(KEY + feature);
  if (!kept) return null;
  const choice = JSON.parse(kept) as Partial<ColumnChoice> | string[];
  return Array.isArray(choice) ? { hidden: choice, order: [], widths: {} } : { hidden: [], order: [], widths: {}, ...choice };
}

/** The columns of a list as the person wants them; kept on this device. */
export function useColumns<T>(feature: string, columns: readonly Column<T>[]): Columns<T> {
  const [kept, setKept] = useState<ColumnChoice | null>(() => read(feature));
  const choice = useMemo<ColumnChoice>(() => kept ?? { hidden: columns.filter((column) => column.optional).map((column) => column.key), order: [], widths: {} }, [kept, columns]);
  const all = useMemo(() => {
    const place = (key: string): number => {
      const at = choice.order.indexOf(key);
      return at < 0 ? choice.order.length : at;
    };
    return columns.slice(1).sort((a, b) => place(a.key) - place(b.key));
  }, [columns, choice.order]);
  const hidden = useMemo(() => new Set(choice.hidden), [choice.hidden]);
  const shown = useMemo(() => {
    const [first] = columns;
    return [...(first ? [first] : []), ...all.filter((column) => !hidden.has(column.key))].map((column) => ({ ...column, ...(choice.widths[column.key] ? { width: choice.widths[column.key] as number } : {}) }));
  }, [columns, all, hidden, choice.widths]);

  const keep = (patch: Partial<ColumnChoice>): void => {
    const next = { ...choice, ...patch };
    localStorage.setItem(KEY + feature, JSON.stringify(next));
    setKept(next);
  };
  return {
    shown,
    all,
    hidden,
    toggle: (key) => keep({ hidden: hidden.has(key) ? choice.hidden.filter((one) => one !== key) : [...choice.hidden, key] }),
    move: (key, by) => {
      const order = all.map((column) => column.key);
      const from = order.indexOf(key);
      const to = Math.min(order.length - 1, Math.max(0, from + by));
      order.splice(to, 0, ...order.splice(from, 1));
      keep({ order });
    },
    resize: (key, width) => keep({ widths: { ...choice.widths, [key]: Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))) } }),
    reset: () => {
      localStorage.removeItem(KEY + feature);
      setKept(null);
    },
    changed: kept !== null,
  };
}
