import { generateSecret, generateSync, generateURI } from 'otplib';

/** RFC 6238: steps of 30 seconds, six digits. */
const STEP_SECONDS = 30;
/** Steps before and after now that are accepted, for clocks that are slightly off. */
const WINDOW = 1;
/** Steps around now in which a code is looked for to tell how far a clock is off. */
const HINT_WINDOW = 20;
/** How long a code that was hinted at can still come true. */
export const HINT_MS = (HINT_WINDOW + WINDOW + 1) * STEP_SECONDS * 1000;

export type CodeVerdict = { ok: true; step: number } | { ok: false; why: 'wrong' | 'replayed' } | { ok: false; why: 'drift'; minutes: number };

export const newTotpSecret = (): string => generateSecret();
export const totpUri = (secret: string, label: string): string => generateURI({ issuer: 'Polevik', label, secret });
export const codeAt = (secret: string, ms: number): string => generateSync({ secret, epoch: Math.floor(ms / 1000) });

/**
 * Checks a one-time code. A step that was used, or lies before one, is refused; a code that fits a step outside the window says how
 * many minutes the phone's clock is off.
 */
export function checkCode(secret: string, code: string, nowMs: number, lastStep: number | null): CodeVerdict {
  const plain = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(plain)) return { ok: false, why: 'wrong' };
  const now = Math.floor(nowMs / 1000 / STEP_SECONDS);
  for (let offset = 0; offset <= HINT_WINDOW; offset++) {
    for (const step of offset === 0 ? [now] : [now - offset, now + offset]) {
      if (codeAt(secret, step * STEP_SECONDS * 1000) !== plain) continue;
      if (offset > WINDOW) return { ok: false, why: 'drift', minutes: Math.max(1, Math.round((offset * STEP_SECONDS) / 60)) };
      return lastStep !== null && step <= lastStep ? { ok: false, why: 'replayed' } : { ok: true, step };
    }
  }
  return { ok: false, why: 'wrong' };
}
