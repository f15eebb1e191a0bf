import { describe, expect, it } from 'vitest';
import { lockSeconds, passwordWeakness } from '../../src-shared/auth/rules.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { authenticatorCode } from '../support/auth.ts';
import { checkCode, newTotpSecret, totpUri } from '../../src-main/auth/totp.ts';

describe('passwords', () => {
  it.each([
    ['Ключ-от-серверной-7', null],
    ['correct horse battery', null],
    ['abcde12345xyz-полка', null],
    ['моя собака лает', null],
    ['🦊🐻🐼🐨🦁🐯🐮🐷🐸🐵', null],
    ['короткий', 'password_short'],
    ['123456789', 'password_short'],
    ['', 'password_short'],
    ['🦊🐻🐼🐨🦁', 'password_short'],
    ['aaaaaaaaaaaa', 'password_simple'],
    ['абабабабабаб', 'password_simple'],
    ['password12', 'password_known'],
    ['Пароль12345', 'password_known'],
    ['QWERTYuiop', 'password_known'],
    ['polevik2026', 'password_known'],
    ['admin-admin', 'password_known'],
    ['volkova2026', 'password_known'],
    ['Анна-Волкова', 'password_known'],
    ['Волкова-любит-сыр', null],
  ])('%s → %s', (password, why) => {
    expect(passwordWeakness(password, { email: 'volkova@example.com', full_name: 'Анна Волкова' })).toBe(why);
    if (!why) return;
    for (const language of ['ru', 'en'] as const) expect(translateError(language, 'INVALID', { detail: why })).not.toBe(translateError(language, 'INVALID'));
  });
});

it('locks after five failures for half a minute, each time twice as long, at most a quarter of an hour', () => {
  expect([0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 100].map(lockSeconds)).toEqual([0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
});

describe('one-time codes', () => {
  const secret = newTotpSecret();
  const now = Date.parse('2026-06-15T06:00:00.000Z');

  it('are those that authenticator apps show', () => {
    // Test vectors of RFC 6238, appendix B, the last six digits.
    const rfc = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    for (const [seconds, code] of [[59, '287082'], [1111111109, '081804'], [1234567890, '005924'], [2000000000, '279037']] as const) {
      expect(authenticatorCode(rfc, seconds * 1000)).toBe(code);
      expect(checkCode(rfc, code, seconds * 1000, null)).toMatchObject({ ok: true });
    }
    expect(totpUri(secret, 'anna@example.com')).toMatch(/^otpauth:\/\/totp\/Polevik:anna(@|%40)example\.com\?.*secret=/);
  });

  it('are accepted a step before and after, and never twice', () => {
    const step = Math.floor(now / 30_000);
    for (const [offset, expected] of [[-1, step - 1], [0, step], [1, step + 1]] as const) expect(checkCode(secret, authenticatorCode(secret, now + offset * 30_000), now, null)).toEqual({ ok: true, step: expected });
    expect(checkCode(secret, ` ${authenticatorCode(secret, now).slice(0, 3)} ${authenticatorCode(secret, now).slice(3)} `, now, null)).toMatchObject({ ok: true });
    expect(checkCode(secret, authenticatorCode(secret, now), now, step)).toEqual({ ok: false, why: 'replayed' });
    expect(checkCode(secret, authenticatorCode(secret, now - 30_000), now, step)).toEqual({ ok: false, why: 'replayed' });
  });

  it('tell how far a clock is off', () => {
    for (const [steps, minutes] of [[-2, 1], [4, 2], [-10, 5], [20, 10]] as const) expect(checkCode(secret, authenticatorCode(secret, now + steps * 30_000), now, null)).toEqual({ ok: false, why: 'drift', minutes });
    expect(checkCode(secret, authenticatorCode(secret, now + 25 * 30_000), now, null)).toEqual({ ok: false, why: 'wrong' });
    for (const wrong of ['', '12345', '1234567', 'abcdef']) expect(checkCode(secret, wrong, now, null)).toEqual({ ok: false, why: 'wrong' });
  });
});
