const LINE_END = 10;
const ROOM = 65_536;
/** Bytes that a UTF-16 unit takes at the most. */
const WIDEST = 3;

/**
 * Texts one after another as UTF-8. Encoded and decoded line by line, a page of changes costs a fraction of what it does as one text: one of
 * half a million characters that are not Latin is moved about in memory several times on its way.
 */
export function utf8Of(texts: Iterable<string>): Buffer {
  let room = Buffer.allocUnsafe(ROOM);
  let length = 0;
  for (const text of texts) {
    const needed = length + text.length * WIDEST;
    if (needed > room.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, room.length * 2));
      room.copy(larger, 0, 0, length);
      room = larger;
    }
    length += room.write(text, length);
  }
  return room.subarray(0, length);
}

/** Lines of a text in UTF-8. */
export function* linesIn(bytes: Buffer): Generator<string> {
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf(LINE_END, from);
    const to = end < 0 ? bytes.length : end;
    yield bytes.toString('utf8', from, to);
    from = to + 1;
  }
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

/** What JSON says, read line by line where it was written so; no text in JSON goes over the end of a line. @throws SyntaxError */
export function parseByLines(bytes: Buffer, name: string): unknown {
  const end = bytes.indexOf(LINE_END);
  const head = end < 0 ? '' : bytes.toString('utf8', 0, end);
  if (!head.endsWith(`${JSON.stringify(name)}:[`)) return JSON.parse(bytes.toString('utf8'));
  const lines = [...linesIn(bytes.subarray(end + 1))];
  const value = JSON.parse(head + (lines.pop() ?? '')) as Record<string, unknown>;
  const last = lines.length - 1;
  value[name] = lines.map((line, index) => JSON.parse(index < last && line.endsWith(',') ? line.slice(0, -1) : line) as unknown);
  return value;
}
