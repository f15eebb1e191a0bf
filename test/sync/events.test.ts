import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gather, readEvents, type StreamEvent } from '../../src-main/sync/wire/events.ts';

async function read(pieces: readonly Buffer[]): Promise<StreamEvent[]> {
  async function* stream(): AsyncGenerator<Buffer> {
    for (const piece of pieces) yield piece;
  }
  const found: StreamEvent[] = [];
  for await (const event of readEvents(stream())) found.push(event);
  return found;
}

describe('a stream of events', () => {
  it('is read whatever pieces it comes in, comments passed over', async () => {
    const events = fc.array(fc.record({ event: fc.constantFrom('log', 'content', 'hubs'), data: fc.oneof(fc.constant('{}'), fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text))) }));
    await fc.assert(
      fc.asyncProperty(events, fc.array(fc.nat({ max: 200 })), async (sent, cuts) => {
        const whole = Buffer.from(`: open\n\n${sent.map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n:\n\n`).join('')}`);
        const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        expect(await read(at.slice(1).map((end, index) => whole.subarray(at[index], end)))).toEqual(sent);
      }),
    );
  });

  it('that breaks off in an event says nothing of it', async () => {
    expect(await read([Buffer.from('event: log\ndata: {"posit')])).toEqual([]);
  });

  it('without an end of a line is given up', async () => {
    await expect(read([Buffer.alloc(70_000, 'x')])).rejects.toThrow(/without an end/);
  });
});

describe('what is said together', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is said at once, then once for all that comes behind it, and at once again after a pause', () => {
    const said: number[] = [];
    const gathered = gather(30, () => void said.push(Date.now()));
    const begun = Date.now();
    for (let time = 0; time < 50; time += 10) {
      gathered.say();
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(500);
    gathered.say();
    expect(said.map((at) => at - begun)).toEqual([0, 30, 60, 550]);
    gathered.stop();
  });

  it('is not said any more once it was stopped', () => {
    let said = 0;
    const gathered = gather(30, () => void said++);
    gathered.say();
    gathered.say();
    gathered.stop();
    vi.advanceTimersByTime(100);
    expect(said).toBe(1);
  });
});
