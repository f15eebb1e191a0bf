import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../app/client.ts';
import type { Values } from './definition.ts';

const SAVE_MS = 600;
const PREFIX = 'polevik.draft.';

interface Kept {
  values: Values;
  at: string;
}

/**
 * Keeps what is being typed: at once in the window, soon after in the core, so that an error, a reload or a restart loses nothing.
 * @returns the draft found at the start (null when there is none, undefined while looking), and how to keep and drop it.
 */
export function useDraft(key: string): { found: Kept | null | undefined; keep: (values: Values) => void; drop: () => void } {
  const [found, setFound] = useState<Kept | null | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const local = PREFIX + key;

  useEffect(() => {
    let gone = false;
    const kept = localStorage.getItem(local);
    if (kept) setFound(JSON.parse(kept) as Kept);
    else
      void client.drafts
        .get({ key })
        .then(({ draft }) => {
          if (!gone) setFound(draft ? { values: draft.value as Values, at: draft.updated_at } : null);
        })
        .catch(() => {
          if (!gone) setFound(null);
        });
    return () => {
      gone = true;
    };
  }, [key, local]);

  const keep = useCallback(
    (values: Values) => {
      localStorage.setItem(local, JSON.stringify({ values, at: new Date().toISOString() }));
      if (timer.current) clearTimeout(timer.current);
      timer.current = setTimeout(() => void client.drafts.save({ key, value: values }).catch(() => undefined), SAVE_MS);
    },
    [key, local],
  );
  const drop = useCallback(() => {
    if (timer.current) clearTimeout(timer.current);
    localStorage.removeItem(local);
    void client.drafts.remove({ key }).catch(() => undefined);
  }, [key, local]);
  return { found, keep, drop };
}
