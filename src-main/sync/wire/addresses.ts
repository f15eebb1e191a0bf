import { AppError } from '../../../src-shared/kernel/errors.ts';
import { readHubAddress } from '../../../src-shared/sync/pairing.ts';

/** Addresses that are remembered of one organisation's hubs. */
const MAX_ADDRESSES = 32;
/** At first, after the own hub was lost; twice as long after each look in vain. */
const LOOK_HOME_MS = 60_000;
const LONGEST_LOOK_MS = 3_600_000;

/** What one hub process says that another one may not: it cannot be reached, it has lost its log, it does not know of the pairing yet. */
const ELSEWHERE: ReadonlySet<string | undefined> = new Set(['sync_unreachable', 'sync_not_hub', 'sync_not_shared', 'sync_peer_unknown', 'sync_log_unavailable', 'sync_log_newer', 'sync_log_diverged', 'sync_log_behind', 'sync_log_missing', 'sync_log_other']);

/** Whether another hub process on the same log may do better. A refusal that is the organisation's word is none. */
export const mayDoBetter = (error: unknown): boolean => error instanceof AppError && ELSEWHERE.has(error.data.detail);

/** Addresses as a hub has told them, each in its usual form and once; what is none is left out. */
export const readAddresses = (told: readonly string[]): string[] => [...new Set(told.flatMap((one) => readHubAddress(one) ?? []))].slice(0, MAX_ADDRESSES);

/** Where the hub processes of an organisation are to be found, the one that this installation was paired with first. */
export interface Addresses {
  /** The one to talk to at present. */
  current(): string;
  /** After a failure: goes to the next one. @returns false when all have failed since one has answered; the first is the next then */
  next(): boolean;
  /** The present one has answered. */
  reached(): void;
  close(): void;
}

/** Does it with the first of the hub processes that can. @throws what the first one failed with, where none can */
export async function atAnyHub<T>(addresses: Pick<Addresses, 'next'>, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  let first: unknown = null;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      first ??= error;
      if (signal?.aborted || !mayDoBetter(error)) throw error;
      if (!addresses.next()) throw first;
    }
  }
}

export interface AddressesParts {
  /** The first choice. */
  home(): string;
  /** As told by the hub, the first one possibly among them. */
  others(): string[];
  /** Whether the hub at the address answers. */
  answers(url: string): Promise<boolean>;
  /** The first choice answers again, and is the present one. */
  cameHome(): void;
}

/** Away from the first choice, that is looked for now and then. */
export function createAddresses({ home, others, answers, cameHome }: AddressesParts): Addresses {
  /** Null at home. */
  let away: string | null = null;
  const failed = new Set<string>();
  let wait = LOOK_HOME_MS;
  let looking: NodeJS.Timeout | null = null;
  const all = (): string[] => [...new Set([home(), ...others()])];
  const current = (): string => away ?? home();
  const stay = (): void => {
    if (looking) clearTimeout(looking);
    looking = null;
  };
  const lookHome = (): void => {
    looking ??= setTimeout(() => void look(), wait);
    looking.unref();
  };
  const look = async (): Promise<void> => {
    const mine = looking;
    const found = await answers(home());
    // Closed, or at home again, meanwhile.
    if (looking !== mine) return;
    looking = null;
    if (current() === home()) return;
    if (found) {
      away = null;
      cameHome();
    } else {
      wait = Math.min(LONGEST_LOOK_MS, wait * 2);
      lookHome();
    }
  };
  return {
    current,
    next: () => {
      failed.add(current());
      const left = all().find((one) => !failed.has(one));
      away = left === undefined || left === home() ? null : left;
      if (left === undefined) failed.clear();
      return left !== undefined;
    },
    reached: () => {
      failed.clear();
      if (current() !== home()) return lookHome();
      wait = LOOK_HOME_MS;
      stay();
    },
    close: stay,
  };
}
