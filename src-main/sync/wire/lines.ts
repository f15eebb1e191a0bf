const LINE_END = 10;
const COMMA = 44;
const ROOM = 65_536;
/** More room than this is taken only once it is needed. */
const MOST_AHEAD = 8_000_000;
/** Bytes of a change in JSON beside its ops. */
const ABOUT_A_CHANGE = 600;
/** Bytes that a UTF-16 unit takes at the most. */
const WIDEST = 3;

/**
 * Texts, and bytes that are UTF-8 already, one after another. Encoded and decoded line by line, a page of changes costs a fraction of what
 * it does as one text: one of half a million characters that are not Latin is moved about in memory several times on its way.
 * @param about bytes that are expected
 */
export function utf8Of(parts: Iterable<string | Buffer>, about = ROOM): Buffer {
  let room = Buffer.allocUnsafe(Math.min(about, MOST_AHEAD));
  let length = 0;
  for (const part of parts) {
    const needed = length + (typeof part === 'string' ? part.length * WIDEST : part.length);
    if (needed > room.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, room.length * 2));
      room.copy(larger, 0, 0, length);
      room = larger;
    }
    length += typeof part === 'string' ? room.write(part, length) : part.copy(room, length);
  }
  return room.subarray(0, length);
}

/** Bytes that changes are expected to take in JSON. */
export const roomFor = (changes: readonly { ops: string }[]): number => changes.reduce((sum, { ops }) => sum + ABOUT_A_CHANGE + ops.length * WIDEST, ABOUT_A_CHANGE);

/** Lines of a text in UTF-8, in the parts in which it has come. */
export function* linesIn(parts: readonly Buffer[]): Generator<string> {
  for (const line of pieces(parts)) yield line.toString('utf8');
}

function* pieces(parts: readonly Buffer[]): Generator<Buffer> {
  let begun: Buffer[] = [];
  for (const part of parts) {
    let from = 0;
    for (let end = part.indexOf(LINE_END); end >= 0; end = part.indexOf(LINE_END, from)) {
      const rest = part.subarray(from, end);
      yield begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
      begun = [];
      from = end + 1;
    }
    begun.push(part.subarray(from));
  }
  yield Buffer.concat(begun);
}

/** JSON of an object whose list `name` stands at its end, an item to a line. */
export function* jsonByLines(value: Record<string, unknown>, name: string): Generator<string> {
  const { [name]: list, ...rest } = value;
  const head = JSON.stringify(rest).slice(0, -1);
  yield `${head}${head === '{' ? '' : ','}${JSON.stringify(name)}:[`;
  let parting = '\n';
  for (const item of list as unknown[]) {
    yield parting;
    yield JSON.stringify(item);
    parting = ',\n';
  }
  yield '\n]}';
}

/** What JSON says, and where it was written line by line the bytes of each item of the list. */
export interface ReadByLines {
  value: unknown;
  items: readonly Buffer[];
}

/** Reads JSON line by line where it was written so; no text in JSON goes over the end of a line. @throws SyntaxError */
export function parseByLines(bytes: Buffer, name: string): ReadByLines {
  const end = bytes.indexOf(LINE_END);
  const head = end < 0 ? '' : bytes.toString('utf8', 0, end);
  if (!head.endsWith(`${JSON.stringify(name)}:[`)) return { value: JSON.parse(bytes.toString('utf8')), items: [] };
  const lines = [...pieces([bytes.subarray(end + 1)])];
  const value = JSON.parse(head + (lines.pop()?.toString('utf8') ?? '')) as Record<string, unknown>;
  const last = lines.length - 1;
  const items = lines.map((line, index) => (index < last && line.at(-1) === COMMA ? line.subarray(0, -1) : line));
  value[name] = items.map((item) => JSON.parse(item.toString('utf8')) as unknown);
  return { value, items };
}
