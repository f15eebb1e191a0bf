import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../src-shared/kernel/clock.ts';

export const ACCESS_SECONDS = 15 * 60;

/** What an access token says. */
export interface AccessClaims {
  accountId: string;
  organizationId: string;
  sessionId: string;
  expiresAt: number;
}

/** Signs access tokens, and remembers those whose signature it has checked: the next calls with one cost a map look-up. */
export interface AccessTokens {
  issue(claims: Omit<AccessClaims, 'expiresAt'>): Promise<string>;
  /** Claims of a token seen before and still in time. */
  known(token: string): AccessClaims | undefined;
  verify(token: string): Promise<AccessClaims | null>;
}

const MAX_KNOWN = 5_000;

export function createAccessTokens(key: Uint8Array, clock: Clock): AccessTokens {
  const checked = new LRUCache<string, AccessClaims>({ max: MAX_KNOWN });
  return {
    issue: ({ accountId, organizationId, sessionId }) => {
      const seconds = Math.floor(clock.now() / 1000);
      return new SignJWT({ org: organizationId, sid: sessionId })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(accountId)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + ACCESS_SECONDS)
        .sign(key);
    },
    known: (token) => {
      const claims = checked.get(token);
      return claims && claims.expiresAt > clock.now() ? claims : undefined;
    },
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate: new Date(clock.now()) });
        if (typeof payload.sub !== 'string' || typeof payload['org'] !== 'string' || typeof payload['sid'] !== 'string' || typeof payload.exp !== 'number') return null;
        const claims = { accountId: payload.sub, organizationId: payload['org'], sessionId: payload['sid'], expiresAt: payload.exp * 1000 };
        checked.set(token, claims);
        return claims;
      } catch {
        return null;
      }
    },
  };
}
