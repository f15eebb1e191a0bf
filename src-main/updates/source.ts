import type { IncomingMessage } from 'node:http';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { MAX_FEED_BYTES, MAX_SIGNATURE_BYTES, SIGNATURE_ENDING } from '../../src-shared/updates/model.ts';
import type { House } from '../core/house.ts';
import { requestFile, type HubAddress } from '../sync/index.ts';
import { FeedError, verifyFeed, type VerifiedFeed } from './feed.ts';

/** Where updates come from: the hub, over TLS under its pinned authority, or the folder that this very installation serves. */
export interface UpdateSource {
  address: HubAddress;
  own: boolean;
}

/** The hub of the organisation, or this program's own door where it serves a folder itself; null where there is neither. */
export function sourceOf({ sync, servedAt }: Pick<House, 'sync' | 'servedAt'>, organizationId: string, servesFolder: boolean): UpdateSource | null {
  const hub = sync.hubOf(organizationId);
  const address = sync.addressOf(organizationId);
  if (hub && address && !hub.closed_at) return { address, own: false };
  return servesFolder && servedAt ? { address: { url: servedAt, authority: '' }, own: true } : null;
}

export const openFile = (source: UpdateSource, name: string, headers: Record<string, string>, signal?: AbortSignal): Promise<IncomingMessage> =>
  requestFile(source.address, `/updates/${encodeURIComponent(name)}`, { 'accept-encoding': 'identity', ...headers }, signal);

/** A small file in full; null where there is none. @throws AppError `sync_unreachable`, CANCELLED; FeedError for one that is too long */
async function readSmall(source: UpdateSource, name: string, max: number, signal?: AbortSignal): Promise<Buffer | null> {
  const response = await openFile(source, name, {}, signal);
  if (response.statusCode === 404) {
    response.resume();
    return null;
  }
  const unreachable = (reason: string): AppError => new AppError('STORE_UNAVAILABLE', { detail: 'sync_unreachable', params: { url: source.address.url, reason } });
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    if (response.statusCode !== 200) throw unreachable(`HTTP ${response.statusCode}`);
    for await (const piece of response as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > max) throw new FeedError('unreadable');
      pieces.push(piece);
    }
  } catch (error) {
    response.destroy();
    if (error instanceof FeedError || error instanceof AppError) throw error;
    throw unreachable((error as NodeJS.ErrnoException).code ?? 'cut');
  }
  return Buffer.concat(pieces);
}

/**
 * The feed of a source, believed only with the publisher's signature. @returns null where the source serves none
 * @throws FeedError; AppError `sync_unreachable`, CANCELLED
 */
export async function fetchFeed(source: UpdateSource, name: string, keys: readonly string[], signal?: AbortSignal): Promise<VerifiedFeed | null> {
  const bytes = await readSmall(source, name, MAX_FEED_BYTES, signal);
  if (!bytes) return null;
  const signature = await readSmall(source, name + SIGNATURE_ENDING, MAX_SIGNATURE_BYTES, signal);
  if (!signature) throw new FeedError('unsigned');
  return verifyFeed(name, bytes, signature, keys);
}
