import { ORPCError } from '@orpc/client';
import { create } from 'zustand';
import type { SignedIn } from '../../src-shared/auth/model.ts';
import type { Permission } from '../../src-shared/kernel/permissions.ts';
import { client, dropSession, keepSession, refreshSession, switchOrganization, whenSignedOut } from './client.ts';
import { queryClient } from './query.ts';
import { setLanguage } from './i18n.ts';

type Me = Omit<SignedIn, 'access_token' | 'token_type' | 'expires_in' | 'refresh_token'>;

interface SessionState {
  /** `unknown` until the first answer. */
  state: 'unknown' | 'first_run' | 'signed_out' | 'signed_in';
  me: Me | null;
  demo: boolean;
  /** Why somebody who was let in, or came by a link, is asked to sign in. */
  notice: 'expired' | 'link' | null;
  /** Why the program could not be reached at the start. */
  failure: unknown;
  start(): Promise<void>;
  enter(session: SignedIn): Promise<void>;
  leave(): Promise<void>;
  reload(): Promise<void>;
  /** Goes on in another organisation; everything that was read belongs to the former one and is forgotten. */
  switchTo(organizationId: string): Promise<void>;
}

/** Who is signed in, as the page shows it. */
export const useSession = create<SessionState>((set, get) => ({
  state: 'unknown',
  me: null,
  demo: false,
  failure: null,
  notice: null,
  start: async () => {
    whenSignedOut(() => set({ state: 'signed_out', me: null, notice: 'expired' }));
    set({ failure: null });
    const byLink = window.location.pathname === '/link';
    try {
      const status = await client.auth.status();
      set({ demo: status.demo });
      if (status.first_run) return set({ state: 'first_run' });
      const link = new URLSearchParams(window.location.hash.slice(1)).get('token');
      if (link && window.location.pathname === '/link') {
        window.history.replaceState(null, '', '/desk');
        return await get().enter(await client.auth.linkLogin({ token: link }));
      }
      if (await refreshSession()) await get().reload();
      else set({ state: 'signed_out' });
    } catch (failure) {
      if (failure instanceof ORPCError && failure.code === 'UNAUTHENTICATED') set({ state: 'signed_out', notice: byLink ? 'link' : null });
      else set({ failure });
    }
  },
  enter: async (session) => {
    await keepSession(session);
    setLanguage(session.user.language);
    set({ state: 'signed_in', me: session, notice: null });
  },
  leave: async () => {
    await client.auth.logout({}).catch(() => undefined);
    await dropSession();
    set({ state: 'signed_out', me: null, notice: null });
  },
  switchTo: async (organizationId) => {
    await switchOrganization(organizationId);
    queryClient.clear();
    await get().reload();
  },
  reload: async () => {
    const me = await client.auth.me();
    setLanguage(me.user.language);
    set({ state: 'signed_in', me });
  },
}));

/** Whether the signed-in person's role gives a right; buttons of refused operations are not shown. */
export const useMay = (permission: Permission): boolean => useSession((session) => session.me?.permissions.includes(permission) ?? false);
