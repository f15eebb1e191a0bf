import { useQuery } from '@tanstack/react-query';
import type { WordsInUse } from './definition.ts';

const NONE: string[] = [];

/** Words that are in use already; none where there is nothing to ask. */
export function useWords(words: WordsInUse | undefined): string[] {
  const known = useQuery({ queryKey: [words?.query ?? []], queryFn: () => words?.load() ?? NONE, enabled: words !== undefined });
  return known.data ?? NONE;
}
