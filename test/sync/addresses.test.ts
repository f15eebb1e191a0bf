import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { createAddresses, mayDoBetter, readAddresses, type Addresses } from '../../src-main/sync/wire/addresses.ts';

const [HOME, NORTH, SOUTH] = ['https://home:7412', 'https://north:7412', 'https://south:7412'] as const;
const MINUTE = 60_000;

describe('the addresses of hub processes', () => {
  let up: Set<string>;
  let asked: number;
  let cameHome: number;
  let others: string[];
  let addresses: Addresses;
  beforeEach(() => {
    vi.useFakeTimers();
    [up, asked, cameHome, others] = [new Set([HOME, NORTH, SOUTH]), 0, 0, [HOME, NORTH, SOUTH]];
    addresses = createAddresses({
      home: () => HOME,
      others: () => others,
      answers: async (url) => {
        asked++;
        return up.has(url);
      },
      cameHome: () => void cameHome++,
    });
  });
  afterEach(() => {
    addresses.close();
    vi.useRealTimers();
  });

  /** As an agent does: to the present one, and on until one answers. @returns whether any has */
  const contact = (): boolean => {
    while (!up.has(addresses.current())) if (!addresses.next()) return false;
    addresses.reached();
    return true;
  };

  it('begin with the one that was paired, and stay there', () => {
    expect([contact(), addresses.current()]).toEqual([true, HOME]);
    vi.advanceTimersByTime(100 * MINUTE);
    expect(asked).toBe(0);
  });

  it('lead to the next one that answers, and on from there', () => {
    up.delete(HOME);
    expect([contact(), addresses.current()]).toEqual([true, NORTH]);
    up.delete(NORTH);
    expect([contact(), addresses.current()]).toEqual([true, SOUTH]);
    up = new Set([NORTH]);
    expect([contact(), addresses.current()]).toEqual([true, NORTH]);
  });

  it('begin with the first again once all of them have failed', () => {
    up.clear();
    expect([contact(), addresses.current()]).toEqual([false, HOME]);
    up.add(SOUTH);
    expect([contact(), addresses.current()]).toEqual([true, SOUTH]);
  });

  it('are looked at for the first one less and less often, until it answers', async () => {
    up.delete(HOME);
    contact();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(asked).toBe(2);
    await vi.advanceTimersByTimeAsync(3 * MINUTE);
    expect([asked, addresses.current()]).toEqual([2, NORTH]);
    up.add(HOME);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect([asked, cameHome, addresses.current()]).toEqual([3, 1, HOME]);
    contact();
    await vi.advanceTimersByTimeAsync(1_000 * MINUTE);
    expect(asked).toBe(3);
  });

  it('that the hub no longer tells of are not gone to any more, once they have failed', () => {
    up.delete(HOME);
    contact();
    others = [SOUTH];
    expect(addresses.current()).toBe(NORTH);
    up.delete(NORTH);
    expect([contact(), addresses.current()]).toEqual([true, SOUTH]);
    up = new Set([NORTH]);
    expect(contact()).toBe(false);
  });

  it('of a hub that is alone are one', () => {
    others = [];
    up.clear();
    expect([contact(), addresses.current()]).toEqual([false, HOME]);
  });
});

it.each([
  ['sync_unreachable', true],
  ['sync_log_unavailable', true],
  ['sync_log_newer', true],
  ['sync_peer_unknown', true],
  ['sync_revoked', false],
  ['sync_other_organization', false],
  ['sync_protocol', false],
])('another hub process may do better than %s: %s', (detail, better) => {
  expect(mayDoBetter(new AppError('STORE_UNAVAILABLE', { detail }))).toBe(better);
});

it('addresses that a hub tells are read as typed ones: no other scheme, no path, no password, each once', () => {
  expect(readAddresses(['https://10.0.0.1:7412', '10.0.0.1', 'http://10.0.0.2', 'https://u:p@10.0.0.3', 'https://10.0.0.4/x', 'https://[fd00::1]:7000'])).toEqual(['https://10.0.0.1:7412', 'https://[fd00::1]:7000']);
  expect(readAddresses(Array.from({ length: 50 }, (_, index) => `https://hub-${index}:1`))).toHaveLength(32);
});
