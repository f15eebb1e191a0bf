import { useRef, useState, type FormEvent, type RefObject } from 'react';
import { fieldErrors, refusalOf, type Refusal } from '../kit/errors.ts';

export interface Submit {
  form: RefObject<HTMLFormElement | null>;
  busy: boolean;
  errors: Record<string, string>;
  /** What was refused as a whole. */
  failure: string | null;
  setErrors: (errors: Record<string, string>) => void;
  run: (event?: FormEvent) => void;
}

interface Options {
  /** Faults seen before anything is sent, by field. */
  check?: () => Record<string, string>;
  send: () => Promise<void>;
  /** Takes a refusal over; true when nothing is to be said about it. */
  onRefusal?: (refusal: Refusal) => boolean;
  /** Fields that the form shows; a refusal of another one is said above the form. */
  fields: readonly string[];
}

/** Sends a small form once at a time, puts refusals at their fields and the focus on the first of them. */
export function useSubmit({ check, send, onRefusal, fields }: Options): Submit {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const focusFirst = (faults: Record<string, string>): void => {
    const first = fields.find((field) => faults[field]);
    if (first) setTimeout(() => form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus(), 0);
  };
  const work = async (): Promise<void> => {
    const faults = check?.() ?? {};
    setErrors(faults);
    setFailure(null);
    if (Object.keys(faults).length > 0) return focusFirst(faults);
    setBusy(true);
    try {
      await send();
    } catch (error) {
      const refusal = refusalOf(error);
      if (onRefusal?.(refusal)) return;
      const atFields = fieldErrors(refusal);
      setErrors(atFields);
      setFailure(fields.some((field) => atFields[field]) ? null : refusal.message);
      focusFirst(atFields);
    } finally {
      setBusy(false);
    }
  };
  return {
    form,
    busy,
    errors,
    failure,
    setErrors,
    run: (event) => {
      event?.preventDefault();
      if (!busy) void work();
    },
  };
}
