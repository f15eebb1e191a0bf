import type { ServerResponse } from 'node:http';
import { StringDecoder } from 'node:string_decoder';

/** An event of a stream (text/event-stream); `data` as it was sent. */
export interface StreamEvent {
  event: string;
  data: string;
}

/** Longest line that is waited for: a hub's events are a few words each. */
const MAX_LINE = 64 * 1024;

/** The events of a stream as they come, however it is cut into pieces; comments are passed over. @throws Error for a line without an end */
export async function* readEvents(stream: AsyncIterable<Buffer>): AsyncGenerator<StreamEvent, void, void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let next: StreamEvent = { event: '', data: '' };
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new Error('an event without an end');
    for (const line of lines) {
      if (line.startsWith('event: ')) next.event = line.slice('event: '.length);
      else if (line.startsWith('data: ')) next.data = line.slice('data: '.length);
      else if (line === '') {
        if (next.event !== '') yield next;
        next = { event: '', data: '' };
      }
    }
  }
}

export const writeEvent = (to: ServerResponse, event: string, data: unknown): void => void to.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

/** Says something at once, and what comes right behind it together, once in a while. */
export interface Gathered {
  say(): void;
  stop(): void;
}

/** @param ms the shortest time between two sayings */
export function gather(ms: number, say: () => void): Gathered {
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  const sayNow = (): void => {
    again = false;
    timer = setTimeout(() => {
      timer = null;
      if (again) sayNow();
    }, ms);
    say();
  };
  return {
    say: () => {
      if (timer) again = true;
      else sayNow();
    },
    stop: () => {
      if (timer) clearTimeout(timer);
    },
  };
}
