import { useQuery } from '@tanstack/react-query';

const NONE: string[] = [];

/** Words that are in use already, under the name of their field; none where there is nothing to ask. */
export function useWords(name: string, words: (() => Promise<string[]>) | undefined): string[] {
  const known = useQuery({ queryKey: [['words'], name], queryFn: () => words?.() ?? NONE, enabled: words !== undefined });
  return known.data ?? NONE;
}
