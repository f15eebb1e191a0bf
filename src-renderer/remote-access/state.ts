import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import type { RemoteAddress } from '../../src-shared/remote-access/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useSession } from '../app/session.ts';
import { toastDone, toastError } from '../kit/toasts.tsx';

/** Addresses of a client and the state of the last request; follows the base's changes. */
export const useRemoteAccess = (clientId: string) => useQuery({ queryKey: [['remote-access', 'client'], clientId], queryFn: () => client.remoteAccess.ofClient({ id: clientId }) });

/** Own sessions that still wait for their line. */
export function useOpenSessions() {
  const me = useSession((session) => session.me?.user.id);
  return useQuery({ queryKey: [['remote_sessions', 'open'], me], queryFn: () => client.remoteSessions.list({ open: true, ...(me ? { user_id: me } : {}), limit: 50 }), enabled: me !== undefined });
}

/** Addresses of clients and assets by words, for the palette. */
export const useFoundAddresses = (words: string) => useQuery({ queryKey: [['remote-access', 'find'], words], queryFn: ({ signal }) => client.remoteAccess.find({ q: words }, { signal }), enabled: words.length > 1 });

/** Digits of an address in threes, as the tools show them. */
export const spaced = (address: string): string => address.replace(/(?<=^\d*)(\d)(?=(\d{3})+$)/g, '$1\u2009');

/** Starts the tool towards an address; where it is not on this machine, the tool's link is opened. */
export async function connectTo(address: RemoteAddress, { ticketId, withPassword = false }: { ticketId?: string | undefined; withPassword?: boolean } = {}): Promise<void> {
  try {
    const { started, link } = await client.remoteAccess.connect({ address_id: address.id, ...(ticketId ? { ticket_id: ticketId } : {}), ...(withPassword ? { with_password: true } : {}) });
    if (started === 'link') window.location.assign(link);
    toastDone(started === 'link' ? i18next.t('remote-access:sessions.started_link') : i18next.t('remote-access:sessions.started', { tool: i18next.t(`remote-access:tools.${address.tool}`) }));
    await queryClient.invalidateQueries();
  } catch (error) {
    toastError(error);
  }
}
