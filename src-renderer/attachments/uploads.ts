import { ORPCError } from '@orpc/client';
import i18next from 'i18next';
import { create } from 'zustand';
import { MAX_ATTACHMENT, PART, type AttachmentOwner } from '../../src-shared/attachments/model.ts';
import { client } from '../app/client.ts';
import { useConnection } from '../app/live.ts';
import { queryClient } from '../app/query.ts';
import { refusalOf } from '../kit/errors.ts';
import { toastDone } from '../kit/toasts.tsx';

export interface Owner {
  entity: AttachmentOwner;
  id: string;
}

/** A file on its way from this page. */
export interface Sending {
  key: number;
  owner: Owner;
  file: File;
  done: number;
  state: 'waiting' | 'sending' | 'saving' | 'failed';
  error: string | null;
  /** Trying again can help: the file itself is not what stands in the way. */
  again: boolean;
  /** The core was not reached: it goes on by itself as soon as it is. */
  unreachable: boolean;
}

export const useUploads = create<{ items: Sending[] }>(() => ({ items: [] }));
export const isOf = (owner: Owner) => (one: { owner: Owner }): boolean => one.owner.entity === owner.entity && one.owner.id === owner.id;

const LIST_KEY = [['attachments']];
const SUMMARY_KEY = [['sync'], 'files'];
let nextKey = 1;
let active: { key: number; abort: AbortController } | null = null;
let saved = 0;

const change = (key: number, values: Partial<Sending>): void => useUploads.setState(({ items }) => ({ items: items.map((one) => (one.key === key ? { ...one, ...values } : one)) }));
const drop = (key: number): void => useUploads.setState(({ items }) => ({ items: items.filter((one) => one.key !== key) }));
const refresh = (): void => {
  for (const queryKey of [LIST_KEY, SUMMARY_KEY]) void queryClient.invalidateQueries({ queryKey });
};

/** Sends files to a row, one after the other; they go on when the card is closed. */
export function addFiles(owner: Owner, files: readonly File[]): void {
  const refusal = (file: File): string | null => {
    if (file.size === 0) return i18next.t('attachments:errors.attachment_empty');
    return file.size > MAX_ATTACHMENT ? i18next.t('attachments:errors.attachment_too_large', { max: MAX_ATTACHMENT / 1024 / 1024 }) : null;
  };
  const added = files.map((file): Sending => {
    const error = refusal(file);
    return { key: nextKey++, owner, file, done: 0, state: error ? 'failed' : 'waiting', error, again: error === null, unreachable: false };
  });
  useUploads.setState(({ items }) => ({ items: [...items, ...added] }));
  void work();
}

export function retry(key: number): void {
  change(key, { state: 'waiting', error: null, unreachable: false });
  void work();
}

/** Stops one, and has the core forget what has arrived of it. */
export function cancel(key: number): void {
  if (active?.key === key) active.abort.abort();
  drop(key);
}

async function work(): Promise<void> {
  if (active) return;
  const next = useUploads.getState().items.find((one) => one.state === 'waiting');
  if (!next) {
    if (saved > 0) toastDone(i18next.t('attachments:saved', { count: saved }));
    saved = 0;
    return;
  }
  const abort = new AbortController();
  active = { key: next.key, abort };
  try {
    await send(next, abort.signal);
    saved += 1;
    drop(next.key);
  } catch (error) {
    if (!abort.signal.aborted) {
      const refusal = refusalOf(error);
      change(next.key, { state: 'failed', error: error instanceof DOMException ? i18next.t('attachments:errors.file_changed', { file: next.file.name }) : refusal.message, unreachable: refusal.code === 'UNREACHABLE' });
    }
  } finally {
    active = null;
    refresh();
  }
  void work();
}

/** The same file has the same print, so that an upload that was cut short is found again. */
const printOf = (file: File): string => `${file.lastModified}`;

async function send({ key, owner, file }: Sending, signal: AbortSignal): Promise<void> {
  change(key, { state: 'sending' });
  const upload = await client.attachments.begin({ entity: owner.entity, row_id: owner.id, file_name: file.name, media_type: file.type, size: file.size, fingerprint: printOf(file) });
  let { received } = upload;
  try {
    while (received < file.size) {
      signal.throwIfAborted();
      change(key, { done: received });
      const part = new File([file.slice(received, received + PART)], 'part');
      try {
        ({ received } = await client.attachments.part({ id: upload.id, offset: received, part }, { signal }));
      } catch (error) {
        const gap = gapOf(error);
        if (gap === null) throw error;
        received = gap;
      }
    }
    change(key, { done: file.size, state: 'saving' });
    await client.attachments.finish({ id: upload.id });
  } catch (error) {
    if (signal.aborted) await client.attachments.cancel({ id: upload.id }).catch(() => undefined);
    throw error;
  }
}

/** Where to go on, when the core has less than the page thought. */
function gapOf(error: unknown): number | null {
  if (!(error instanceof ORPCError)) return null;
  const data = error.data as { detail?: string; params?: { received?: number } } | undefined;
  return data?.detail === 'upload_gap' ? (data.params?.received ?? null) : null;
}

useConnection.subscribe(({ online }, before) => {
  if (online && !before.online) for (const one of useUploads.getState().items) if (one.unreachable) retry(one.key);
});
