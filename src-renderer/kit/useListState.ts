import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Filter, Values } from './definition.ts';

export interface ListState {
  q: string;
  sort: string;
  view: string;
  filters: Values;
  set(patch: Values): void;
  replaceFilters(values: Values): void;
  /** The input of the list operation. */
  input: Values;
}

/** The state of a list lives in the address, so that back, forward, reload and a sent link keep it. */
export function useListState(filters: readonly Filter[], defaultSort: string): ListState {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (patch: Values) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          for (const [name, value] of Object.entries(patch)) {
            const text = Array.isArray(value) ? value.join(',') : value === true ? 'true' : value;
            if (text === undefined || text === null || text === '' || text === false) next.delete(name);
            else next.set(name, String(text));
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return useMemo(() => {
    const q = params.get('q') ?? '';
    const sort = params.get('sort') ?? defaultSort;
    const chosen: Values = {};
    for (const filter of filters) {
      const value = params.get(filter.name);
      if (value) chosen[filter.name] = filter.kind === 'flag' ? true : filter.multiple ? value.split(',') : value;
    }
    return {
      q,
      sort,
      view: params.get('view') ?? 'list',
      filters: chosen,
      set,
      replaceFilters: (values: Values) => set({ ...Object.fromEntries(filters.map((filter) => [filter.name, null])), ...values }),
      input: { ...chosen, sort, ...(q ? { q } : {}) },
    };
  }, [params, filters, defaultSort, set]);
}
