import { decodeOutput } from './decode.ts';

/** One session as a tool's own log has it, in milliseconds of that log's clock. */
interface TracedSession {
  address: string;
  from: number;
  to: number | null;
}

// A line of AnyDesk's `ad.trace`: level, moment, part of the program, process, thread, now and then a fibre, source and text. What is read
// here was seen in published readers of the file and in logs that people have shown; the vendor documents none of it.
const LINE = /^\s*\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\s+\w+\s+(\d{1,10})\s+\d{1,10}\s+(?:\d{1,10}\s+)?([a-z_.]{1,60}) - (.*)$/;
const BEGIN = /^(\d{1,9}): Connecting to "([^"]{1,130})"/;
const END = /^(?:(\d{1,9}): Processing done\.|Session closed\b)/;
const QUIT = /^The user has requested a connection quit\./;

/** Outgoing sessions of a trace, in the order of their beginnings. Lines that are not understood are passed over. */
export function readTrace(bytes: Uint8Array): TracedSession[] {
  const sessions: (TracedSession & { process: string; number: string })[] = [];
  for (const line of decodeOutput(bytes).split(/\r\n|\r|\n/)) {
    const [, day, time, process, source, text] = LINE.exec(line) ?? [];
    const at = Date.parse(`${day}T${time}Z`);
    if (process === undefined || text === undefined || Number.isNaN(at)) continue;
    const begin = source === 'app.session' ? BEGIN.exec(text) : null;
    if (begin) {
      sessions.push({ address: begin[2] as string, from: at, to: null, process, number: begin[1] as string });
      continue;
    }
    const end = source === 'app.session' ? END.exec(text) : null;
    if (!end && !(source === 'app.frontend_session' && QUIT.test(text))) continue;
    const session = sessions.findLast((one) => one.to === null && one.process === process && (end?.[1] === undefined || one.number === end[1]));
    if (session && at >= session.from) session.to = at;
  }
  return sessions.map(({ address, from, to }) => ({ address, from, to }));
}

/** A log keeps universal or local time, depending on its version: the difference is whole quarters of an hour. */
const QUARTER_MS = 15 * 60_000;
const FARTHEST_ZONE_MS = 14 * 60 * 60_000;
/** From the start of the tool to the line of the connection. */
const NEAR_MS = 3 * 60_000;

/**
 * When a session that this program began ended, by the tool's own trace.
 * @returns UTC milliseconds; null while it lasts; undefined where the trace does not know of it
 */
export function endInTrace(bytes: Uint8Array, address: string, began: number): number | null | undefined {
  let best: { away: number; end: number | null } | undefined;
  for (const { address: traced, from, to } of readTrace(bytes)) {
    if (traced.toLowerCase() !== address.toLowerCase()) continue;
    const zone = Math.round((began - from) / QUARTER_MS) * QUARTER_MS;
    const away = Math.abs(from + zone - began);
    if (Math.abs(zone) > FARTHEST_ZONE_MS || away > NEAR_MS || (best && best.away < away)) continue;
    best = { away, end: to === null ? null : began + (to - from) };
  }
  return best?.end;
}
