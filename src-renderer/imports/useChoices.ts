import { useState } from 'react';

interface Choices {
  /** Time zone of the dates in the file; empty means the organisation's. */
  zone: string;
  /** Name in the file → the user that it means. */
  people: Record<string, { id: string; name: string }>;
}

/** What was chosen for one import, kept in this window until it closes, so that a reload loses nothing. */
export function useChoices(id: string): [Choices, (patch: Partial<Choices>) => void] {
  const key = `polevik.import.${id}`;
  const [choices, setChoices] = useState<Choices>(() => ({ zone: '', people: {}, ...(JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Choices>) }));
  const change = (patch: Partial<Choices>): void => {
    const next = { ...choices, ...patch };
    sessionStorage.setItem(key, JSON.stringify(next));
    setChoices(next);
  };
  return [choices, change];
}
