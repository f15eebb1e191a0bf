import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { EntityRow, Page, Values } from './definition.ts';

const PAGE_SIZE = 100;

/** The rows of a list, page after page as they are needed. */
export function useRows<T extends EntityRow>(feature: string, list: (input: Values) => Promise<Page<T>>, input: Values) {
  const query = useInfiniteQuery({
    queryKey: [[feature, 'list'], input],
    queryFn: ({ pageParam }) => list({ ...input, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { query, rows };
}
