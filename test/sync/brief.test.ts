import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortened, spelledOut } from '../../src-main/sync/wire/brief.ts';
import { createKeptLines } from '../../src-main/sync/wire/kept-lines.ts';
import { jsonByLines, parseByLines, utf8Of } from '../../src-main/sync/wire/lines.ts';
import { logEntry, PROTOCOL, pushReply, pushRequest, type LogEntry, type PushReply, type PushRequest, type SyncVerdict, type WireChangeset } from '../../src-shared/sync/wire.ts';

const LAPTOP = 'laptop';
const hashOf = (seq: number): string => seq.toString(16).padStart(64, '0');
const changeOf = (seq: number, part: Partial<WireChangeset> = {}): WireChangeset => ({ device: LAPTOP, seq, actor: null, schema: 4, stamp: [seq, 0], origin: 'api', import_id: null, undoes: null, ops: '[{"v":{"name":"ООО «Ёлка»"}}]', prev_hash: hashOf(seq - 1), hash: hashOf(seq), ...part });
const requestOf = (changesets: WireChangeset[], part: Partial<PushRequest> = {}): PushRequest => ({ protocol: PROTOCOL, organization: 'o', device: LAPTOP, epoch: null, cursor: { position: 0, hash: null }, newest: { position: 0, hash: null }, more: false, changesets, brief: true, ...part });
const acceptedOf = ({ device, seq, hash, stamp }: WireChangeset, position: number): Extract<SyncVerdict, { verdict: 'accepted' }> => ({ device, seq, hash, verdict: 'accepted', position, effective: stamp, duplicate: false });
const replyOf = (verdicts: SyncVerdict[]): PushReply => ({ epoch: { id: 'e', lineage: [] }, now: 1, head: 100, verdicts, follows: [] });
const three = [1, 2, 3].map((seq) => changeOf(seq));
const placed = three.map((change, index) => acceptedOf(change, 41 + index));
const [first, second, third] = placed as [SyncVerdict, SyncVerdict, SyncVerdict];

describe('an answer without its verdicts', () => {
  it('says that all stands behind one another, and is spelled out again', () => {
    const brief = shortened(requestOf(three), replyOf(placed));
    expect(brief).toMatchObject({ verdicts: [], placed: 41 });
    expect(spelledOut(requestOf(three), pushReply.parse(JSON.parse(JSON.stringify(brief))))).toEqual(replyOf(placed));
  });

  it.each<[string, PushRequest, SyncVerdict[]]>([
    ['a device that does not understand it', requestOf(three, { brief: undefined }), placed],
    ['a change that was there before', requestOf(three), [first, second, { ...third, duplicate: true } as SyncVerdict]],
    ['a change that was put at another time', requestOf(three), [first, { ...second, effective: [7, 7] } as SyncVerdict, third]],
    ['a change that waits', requestOf(three), [first, second, { device: LAPTOP, seq: 3, hash: hashOf(3), verdict: 'parked' }]],
    ['an end before the last change', requestOf(three), [first, second]],
    ['a hole between places', requestOf(three), [first, second, { ...third, position: 99 } as SyncVerdict]],
    ['answers in another order', requestOf(three), [{ ...second, position: 41 } as SyncVerdict, { ...first, position: 42 } as SyncVerdict, third]],
    ['nothing at all', requestOf([]), []],
  ])('is not given to %s', (_name, request, verdicts) => {
    const reply = replyOf(verdicts);
    expect(shortened(request, reply)).toBe(reply);
    expect(spelledOut(request, reply)).toEqual(reply);
  });

  it('means the same as the whole answer, whatever it is', () => {
    const kind = fc.constantFrom('accepted', 'parked', 'moved', 'duplicate');
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 6 }), fc.nat(9), (kinds, from) => {
        const changesets = kinds.map((_, index) => changeOf(index + 1));
        const verdicts = kinds.map((one, index): SyncVerdict => {
          const change = changesets[index] as WireChangeset;
          if (one === 'parked') return { device: LAPTOP, seq: change.seq, hash: change.hash, verdict: 'parked' };
          return { ...acceptedOf(change, from + 1 + index), ...(one === 'moved' ? { effective: [0, 1] as [number, number] } : {}), duplicate: one === 'duplicate' };
        });
        const request = requestOf(changesets);
        expect(spelledOut(request, shortened(request, replyOf(verdicts)))).toEqual(replyOf(verdicts));
      }),
    );
  });
});

describe('changes in the bytes in which they came', () => {
  const sent = (request: PushRequest, spacing = ''): { read: PushRequest; items: readonly Buffer[] } => {
    const text = utf8Of(jsonByLines(request as never, 'changesets')).toString('utf8').replaceAll('}\n', `}${spacing}\n`);
    const { value, items } = parseByLines(Buffer.from(text), 'changesets');
    return { read: pushRequest.parse(value), items };
  };
  const entryOf = (change: WireChangeset, position: number): LogEntry => ({ ...change, position, effective: change.stamp });
  const readBack = (lines: ReturnType<typeof createKeptLines>, entry: LogEntry): unknown => JSON.parse(utf8Of(lines.of(entry)).toString('utf8'));

  it('are read as the entries that they have become', () => {
    const lines = createKeptLines();
    const { read, items } = sent(requestOf(three));
    lines.keep(read, items, replyOf(placed));
    for (const [index, change] of three.entries()) {
      const entry = entryOf(change, 41 + index);
      expect([...lines.of(entry)][0]).toBeInstanceOf(Buffer);
      expect(logEntry.parse(readBack(lines, entry))).toEqual(entry);
    }
  });

  it('go to nobody for another place, nor with what only the log knows', () => {
    const lines = createKeptLines();
    const { read, items } = sent(requestOf(three));
    lines.keep(read, items, replyOf(placed));
    const other = { ...entryOf(three[0] as WireChangeset, 77), origin: 'import' as const };
    expect(readBack(lines, other)).toEqual(other);
  });

  it.each<[string, Partial<WireChangeset>, SyncVerdict[], string]>([
    ['answered before', {}, [{ ...first, duplicate: true } as SyncVerdict], ''],
    ['that take something back', { undoes: ['other', 1] }, [first], ''],
    ['of another device', { device: 'other' }, [{ ...first, device: 'other' }], ''],
    ['with a word for the way', { linked: true }, [first], ''],
    ['that are not placed', {}, [{ device: LAPTOP, seq: 1, hash: hashOf(1), verdict: 'parked' }], ''],
    ['that do not end where their line does', {}, [first], ' '],
  ])('are not kept of changes %s', (_name, part, verdicts, spacing) => {
    const lines = createKeptLines();
    const change = changeOf(1, part);
    const { read, items } = sent(requestOf([change]), spacing);
    lines.keep(read, items, replyOf(verdicts));
    expect([...lines.of(entryOf(change, 41))]).toEqual([JSON.stringify(entryOf(change, 41))]);
  });

  it('are kept of the newest alone', () => {
    const lines = createKeptLines();
    const long = (seq: number): WireChangeset => changeOf(seq, { ops: `["${'х'.repeat(900_000)}"]` });
    for (const seq of [1, 2, 3]) {
      const { read, items } = sent(requestOf([long(seq)]));
      lines.keep(read, items, replyOf([acceptedOf(long(seq), seq)]));
    }
    expect([1, 2, 3].map((seq) => [...lines.of(entryOf(long(seq), seq))].length)).toEqual([1, 2, 2]);
  });
});
