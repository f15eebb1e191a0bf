import type { OrganizationStore } from '../store/organization-store.ts';

/** From so many changesets at once on, more of them are likely to come. */
const MANY = 200;
/** After so long without any, the burst is over. */
const OVER_MS = 1_000;
/** Page cache meanwhile, in KiB: a hub has other things in memory too. */
const CACHE_KIB = 65_536;

/** Gives the store room for long writes while many changesets come in, batch after batch. */
export interface Burst {
  /** So many changesets are about to be written. */
  expect(changesets: number): void;
  end(): void;
}

export function createBurst({ room }: OrganizationStore): Burst {
  let leave: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  const end = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const left = leave;
    leave = null;
    left?.();
  };
  /** What putting things back meets, the next write meets too and tells of. */
  const endQuietly = (): void => {
    try {
      end();
    } catch {
      // Nobody waits for this.
    }
  };
  return {
    expect: (changesets) => {
      if (changesets < MANY && !leave) return;
      if (timer) clearTimeout(timer);
      leave ??= room.make(CACHE_KIB);
      timer = setTimeout(endQuietly, OVER_MS);
      timer.unref();
    },
    end,
  };
}
