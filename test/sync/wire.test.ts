import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflict } from '../../src-shared/sync/model.ts';
import { logEntry, MAX_BATCH, MAX_OPS_CHARACTERS, PROTOCOL, pushRequest, wireChangeset } from '../../src-shared/sync/wire.ts';
import type { Peer } from '../../src-main/sync/types.ts';

const HASH = 'a'.repeat(64);
const peer: Peer = { device: 'laptop' };
const change = { device: peer.device, seq: 1, actor: null, schema: 4, stamp: [1, 0], origin: 'api', import_id: null, undoes: null, ops: '[]', prev_hash: HASH, hash: HASH };

describe('what travels', () => {
  it('is read as it was written', () => {
    expect(wireChangeset.parse(change)).toEqual(change);
  });

  it.each([
    ['a hash that is none', { hash: 'abc' }],
    ['a place before the first', { seq: 0 }],
    ['half a millisecond', { stamp: [1.5, 0] }],
    ['an unknown origin', { origin: 'dream' }],
    ['too long a text', { ops: 'x'.repeat(MAX_OPS_CHARACTERS + 1) }],
    ['a number where text belongs', { ops: 7 }],
  ])('refuses %s', (_name, part) => {
    expect(wireChangeset.safeParse({ ...change, ...part }).success).toBe(false);
  });

  it('takes at a glance only what it would take at the second look', () => {
    const entry = { ...change, position: 5, effective: [1, 0] };
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, -1, 0, 0.5, 2 ** 53, 'x'.repeat(65), HASH.toUpperCase(), [1], [1, 2, 3], [1, '2'], ['other', 1], Number.NaN));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(entry)), odd, fc.boolean(), (key, value, isGone) => {
        const { [key as 'ops']: _, ...rest } = entry;
        const said = isGone ? rest : { ...rest, [key]: value };
        const [first, second] = [logEntry.safeParse(said), logEntry.safeParse({ ...said, unknown: 1 })];
        expect(first.success).toBe(second.success);
        expect(first.data).toEqual(second.data);
      }),
    );
  });

  it('refuses a push of too many changesets', () => {
    const request = { protocol: PROTOCOL, organization: 'o', device: 'laptop', epoch: null, cursor: { position: 0, hash: null }, newest: { position: 0, hash: null }, more: false, changesets: Array.from({ length: MAX_BATCH + 1 }, () => change) };
    expect(pushRequest.safeParse(request).success).toBe(false);
  });

  it('tells kinds of conflict apart', () => {
    const row = { entity: 'clients', row_id: 'x', row_no: null, row_title: 'Ёлка' };
    expect(conflict.parse({ kind: 'parent_in_trash', ...row, entity: 'tickets', parent: row }).kind).toBe('parent_in_trash');
    expect(conflict.safeParse({ kind: 'values', ...row }).success).toBe(false);
  });
});
