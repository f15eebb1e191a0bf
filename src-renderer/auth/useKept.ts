import { useCallback, useState } from 'react';

/**
 * Values of a form before anybody is signed in, kept in this window so that a reload loses nothing. Never give it a password.
 * @returns the values, how to change some of them, and how to forget them.
 */
export function useKept<T extends object>(key: string, initial: T): [T, (patch: Partial<T>) => void, () => void] {
  const name = `polevik.form.${key}`;
  const [values, setValues] = useState<T>(() => ({ ...initial, ...(JSON.parse(sessionStorage.getItem(name) ?? '{}') as Partial<T>) }));
  const change = useCallback(
    (patch: Partial<T>) =>
      setValues((present) => {
        const next = { ...present, ...patch };
        sessionStorage.setItem(name, JSON.stringify(next));
        return next;
      }),
    [name],
  );
  const forget = useCallback(() => sessionStorage.removeItem(name), [name]);
  return [values, change, forget];
}
