import { useRef, useState, type RefObject } from 'react';
import { fieldErrors, refusalOf, type Refusal } from './errors.ts';

export interface Submit {
  /** Goes to the form; its controls are known by their `name`. */
  form: RefObject<HTMLFormElement | null>;
  busy: boolean;
  errors: Record<string, string>;
  /** What is wrong besides the fields. */
  failure: string | null;
  /** Does the work once; a refusal goes to the fields that it names, else above the form. @returns the refusal, or null after success. */
  run: (work: () => Promise<unknown>) => Promise<Refusal | null>;
  /** Shows faults found before anything was sent and focuses the first. @returns whether there are any. */
  refuse: (faults: Record<string, string | null | undefined>) => boolean;
  clear: (name?: string) => void;
}

/** State of a small form that is not one of an entity: busy, errors at the fields, the first one focused. */
export function useSubmit(): Submit {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const controls = (): HTMLElement[] => [...(form.current?.querySelectorAll<HTMLElement>('[name]') ?? [])];
  const focusFirst = (faults: Record<string, string>): void => void setTimeout(() => controls().find((control) => faults[control.getAttribute('name') ?? ''])?.focus(), 0);

  return {
    form,
    busy,
    errors,
    failure,
    run: async (work) => {
      if (busy) return null;
      setBusy(true);
      setErrors({});
      setFailure(null);
      try {
        await work();
        return null;
      } catch (error) {
        const refusal = refusalOf(error);
        const faults = fieldErrors(refusal);
        setErrors(faults);
        if (!controls().some((control) => faults[control.getAttribute('name') ?? ''])) setFailure(refusal.message);
        focusFirst(faults);
        return refusal;
      } finally {
        setBusy(false);
      }
    },
    refuse: (given) => {
      const faults = Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1])));
      setErrors(faults);
      setFailure(null);
      focusFirst(faults);
      return Object.keys(faults).length > 0;
    },
    clear: (name) => {
      setFailure(null);
      setErrors((present) => (name ? Object.fromEntries(Object.entries(present).filter(([one]) => one !== name)) : {}));
    },
  };
}
