import { QueryClient } from '@tanstack/react-query';
import { ORPCError } from '@orpc/client';

/** The page's memory of what it has read. Events of the core say when it is old. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => !(error instanceof ORPCError) && count < 2,
    },
  },
});
