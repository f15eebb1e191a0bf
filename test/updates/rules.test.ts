import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, version } from '../../src-shared/updates/model.ts';
import { MAX_RANGES, readRanges } from '../../src-shared/updates/ranges.ts';
import { bucketOf, endOfInstall, isFailure, isNewer, judge, mayInstall, waitAfter } from '../../src-shared/updates/rules.ts';

const NOW = Date.parse('2026-09-01T12:00:00Z');
const offered = { sequence: 5, expires_at: '2026-12-01T00:00:00.000Z', version: '1.2.0', minimum: null as string | null, percent: 100 };
const here = { version: '1.1.0', highest: { sequence: 5, digest: 'same' }, digest: 'same', bucket: 42, now: NOW };

describe('whether a signed feed is an update', () => {
  it.each([
    ['a newer version', {}, {}, 'offer'],
    ['the first feed that is ever seen', {}, { highest: null }, 'offer'],
    ['the version that runs', { version: '1.1.0' }, {}, 'current'],
    ['an older version under a newer signature', { version: '1.0.9', sequence: 6 }, {}, 'current'],
    ['a pre-release of the version that runs', { version: '1.1.0-beta.1' }, {}, 'current'],
    ['the version after the pre-release that runs', { version: '1.2.0' }, { version: '1.2.0-beta.1' }, 'offer'],
    ['ten after nine, as numbers', { version: '1.10.0' }, { version: '1.9.0' }, 'offer'],
    ['an earlier signature than one that was seen', { sequence: 4 }, {}, 'older_feed'],
    ['another statement under the same number', {}, { digest: 'other' }, 'older_feed'],
    ['a signature past its day, even with news', { expires_at: '2026-09-01T12:00:00.000Z' }, {}, 'expired'],
    ['a signature past its day without news', { expires_at: '2026-08-01T00:00:00.000Z', version: '1.1.0' }, {}, 'expired'],
    ['a version that wants one in between', { minimum: '1.1.5' }, {}, 'too_old'],
    ['a version that may be reached from here', { minimum: '1.1.0' }, {}, 'offer'],
    ['nobody yet', { percent: 0 }, { bucket: 0 }, 'staged'],
    ['a share that ends right before here', { percent: 42 }, {}, 'staged'],
    ['a share that reaches here', { percent: 43 }, {}, 'offer'],
    ['everybody', { percent: 100 }, { bucket: 99.999 }, 'offer'],
  ])('%s', (_name, found, facts, outcome) => {
    expect(judge({ ...offered, ...found }, { ...here, ...facts })).toBe(outcome);
  });

  it('spreads installations evenly over a hundred, each at its place', () => {
    expect([bucketOf('00000000ff'), bucketOf('80000000'), bucketOf('ffffffff') < 100]).toEqual([0, 50, true]);
    fc.assert(fc.property(fc.stringMatching(/^[0-9a-f]{8}$/), (digest) => bucketOf(digest) >= 0 && bucketOf(digest) < 100 && bucketOf(digest) === bucketOf(`${digest}00`)));
  });
});

it('waits longer after each failure in a row, a day at most, and an hour’s turn after success', () => {
  const minutes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 50].map((failures) => waitAfter(failures) / 60_000);
  expect(minutes).toEqual([50, 15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
  expect([isFailure('unreachable'), isFailure('wrong_file'), isFailure('current'), isFailure('staged'), isFailure('no_source')]).toEqual([true, true, false, false, false]);
});

it('never installs in the middle of work', () => {
  expect(mayInstall([])).toBe(true);
  for (const kind of ['draft', 'remote_session', 'task', 'joining', 'job'] as const) expect(mayInstall([{ kind: 'draft', count: 0 }, { kind, count: 1 }]), kind).toBe(false);
});

it('tells from the version that runs what came of an installation', () => {
  expect([endOfInstall({ to: '1.2.0' }, '1.2.0'), endOfInstall({ to: '1.2.0' }, '1.1.0'), endOfInstall({ to: '1.2.0' }, '1.3.0')]).toEqual(['installed', 'not_installed', 'installed']);
  expect([isNewer('1.2.0', 'no version'), isNewer('', '1.0.0')]).toEqual([false, false]);
});

it.each([
  ['polevik-setup-1.2.0-x64.exe', true],
  ['Polevik-1.2.0.AppImage.blockmap', true],
  ['../secret', false],
  ['a/b', false],
  ['a\\b', false],
  ['.hidden', false],
  ['C:evil.exe', false],
  ['name.', false],
  ['имя.exe', false],
  ['a%2fb', false],
  ['https://elsewhere/x.exe', false],
  ['', false],
])('takes %s for a file name beside the feed: %s', (name, good) => {
  expect(fileName.safeParse(name).success).toBe(good);
});

it.each([
  ['1.2.3', true],
  ['1.2.3-beta.1', true],
  ['1.2', false],
  ['v1.2.3', false],
  ['01.2.3', false],
  ['1.2.3; rm', false],
  ['1.2.3/../4', false],
])('takes %s for a version: %s', (text, good) => {
  expect(version.safeParse(text).success).toBe(good);
});

describe('ranges of a file of 1000 bytes', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['items=0-1', null],
    ['bytes=0-0', [{ start: 0, end: 0 }]],
    ['bytes=0-99, 500-', [{ start: 0, end: 99 }, { start: 500, end: 999 }]],
    ['bytes=990-5000', [{ start: 990, end: 999 }]],
    ['bytes=-10', [{ start: 990, end: 999 }]],
    ['bytes=-5000', [{ start: 0, end: 999 }]],
    ['bytes=0-1,2000-3000', [{ start: 0, end: 1 }]],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-1', null],
    ['bytes=a-b', null],
    ['bytes=--1', null],
    ['bytes=0-999999999999999999999', null],
    ['bytes=0-999,0-999', 'unsatisfiable'],
    [`bytes=${Array.from({ length: MAX_RANGES + 1 }, () => '0-0').join(',')}`, 'unsatisfiable'],
  ])('%s', (header, ranges) => {
    expect(readRanges(header, 1000)).toEqual(ranges);
  });

  it('never asks for a byte outside the file, nor for more than the file', () => {
    const text = fc.oneof(fc.string(), fc.array(fc.tuple(fc.nat(1200), fc.option(fc.nat(1200))), { maxLength: 8 }).map((list) => `bytes=${list.map(([a, b]) => `${a}-${b ?? ''}`).join(', ')}`));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 1100 }), (header, size) => {
        const ranges = readRanges(header, size);
        if (!Array.isArray(ranges)) return true;
        return ranges.length > 0 && ranges.every(({ start, end }) => start >= 0 && start <= end && end < size) && ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0) <= size;
      }),
    );
  });
});
