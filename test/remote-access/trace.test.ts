import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endInTrace, readTrace } from '../../src-main/remote-access/tools/trace.ts';

const line = (at: string, source: string, text: string, process = 48_620): string => `   info ${at}      front  ${process}  36660                  ${source} - ${text}`;
const trace = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'));
const BEGAN = Date.parse('2026-11-20T09:00:05.000Z');
const connecting = (at: string, address = '123456789', process?: number): string => line(at, 'app.session', `1: Connecting to "${address}".`, process);
const minutes = (bytes: Uint8Array, address = '123456789'): number | null | undefined => {
  const end = endInTrace(bytes, address, BEGAN);
  return typeof end === 'number' ? (end - BEGAN) / 60_000 : end;
};

describe('the tool’s own trace', () => {
  it.each<[string, string[], number | null | undefined]>([
    ['that is done', [connecting('2026-11-20 09:00:06.100'), line('2026-11-20 09:25:06.100', 'app.session', '1: Processing done.')], 25],
    ['that was closed', [connecting('2026-11-20 09:00:06.100'), line('2026-11-20 09:10:06.100', 'app.session', 'Session closed by local user.')], 10],
    ['that the person left', [connecting('2026-11-20 09:00:06.100'), line('2026-11-20 09:01:06.100', 'app.frontend_session', 'The user has requested a connection quit.')], 1],
    ['in a clock three hours ahead', [connecting('2026-11-20 12:00:06.100'), line('2026-11-20 12:25:06.100', 'app.session', '1: Processing done.')], 25],
    ['in a clock of India, over midnight', [connecting('2026-11-19 23:30:06.000'), line('2026-11-20 00:05:06.000', 'app.session', '1: Processing done.')], 35],
    ['that lasts', [connecting('2026-11-20 09:00:06.100')], null],
    ['that another process ended', [connecting('2026-11-20 09:00:06.100'), line('2026-11-20 09:25:06.100', 'app.session', '1: Processing done.', 7)], null],
    ['of another number', [connecting('2026-11-20 09:00:06.100'), line('2026-11-20 09:25:06.100', 'app.session', '2: Processing done.')], null],
    ['to another address', [connecting('2026-11-20 09:00:06.100', '987654321'), line('2026-11-20 09:25:06.100', 'app.session', '1: Processing done.')], undefined],
    ['of half an hour before', [connecting('2026-11-20 08:37:06.100'), line('2026-11-20 08:50:06.100', 'app.session', '1: Processing done.')], undefined],
    ['that ends before it begins', [connecting('2026-11-20 09:00:06.100'), line('2026-11-20 08:00:06.100', 'app.session', '1: Processing done.')], null],
    ['of nobody', [], undefined],
  ])('knows a session %s', (_what, lines, expected) => {
    expect(minutes(trace(...lines))).toBe(expected);
  });

  it('takes the session that began nearest, and passes over what it does not understand', () => {
    const lines = [connecting('2026-11-20 08:58:30.000'), line('2026-11-20 08:59:30.000', 'app.session', '1: Processing done.'), 'ерунда', '   info 2026-99-99 99:99:99.999      front  1  2  app.session - 1: Connecting to "123456789".', connecting('2026-11-20 09:00:06.000'), line('2026-11-20 09:20:06.000', 'app.session', '1: Processing done.')];
    expect(minutes(trace(...lines))).toBe(20);
    expect(minutes(Buffer.from(`\uFEFF${lines.join('\n')}`, 'utf16le'))).toBe(20);
  });

  it('never breaks, whatever stands in the file', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(connecting('2026-11-20 09:00:06.100'), line('2026-11-20 09:25:06.100', 'app.session', '1: Processing done.'), line('2026-11-20 09:25:06.100', 'app.session', 'Session closed')));
    fc.assert(fc.property(fc.array(piece), (lines) => readTrace(trace(...lines)).every((one) => Number.isFinite(one.from) && (one.to === null || one.to >= one.from))));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => Array.isArray(readTrace(bytes))));
  });
});
