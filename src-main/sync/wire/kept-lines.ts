import type { LogEntry, PushReply, PushRequest } from '../../../src-shared/sync/wire.ts';
import { wholeRunOf } from '../log.ts';

/** Bytes of lines that are kept: those of the changes that devices ask for next. */
const KEPT_BYTES = 4_000_000;
const END_OF_OBJECT = 125;

interface KeptLine {
  position: number;
  /** The JSON of the change up to where its place in the log is added. */
  start: Buffer;
}

/** The newest changes of the log as their devices wrote them, so that they are not put into JSON once more for those that read them. */
export interface KeptLines {
  /** `items`: the bytes of each changeset of a push. */
  keep(push: PushRequest, items: readonly Buffer[], reply: PushReply): void;
  /** An entry of a page in JSON. */
  of(entry: LogEntry): Iterable<string | Buffer>;
}

export function createKeptLines(): KeptLines {
  const lines = new Map<string, KeptLine>();
  let bytes = 0;
  const forget = (hash: string): void => {
    bytes -= lines.get(hash)?.start.length ?? 0;
    lines.delete(hash);
  };
  return {
    keep: ({ device, changesets }, items, { verdicts }) => {
      const run = wholeRunOf(verdicts, changesets);
      // What was answered before, and what is brought of others, may say more, or otherwise, than the log does.
      if (!run || items.length !== changesets.length) return;
      if (changesets.some((change) => change.device !== device || change.undoes !== null || change.void !== undefined || change.linked !== undefined)) return;
      for (const [index, { hash, position }] of run.entries()) {
        const item = items[index];
        if (item?.at(-1) !== END_OF_OBJECT) continue;
        const start = item.subarray(0, -1);
        forget(hash);
        lines.set(hash, { position, start });
        bytes += start.length;
      }
      for (const hash of lines.keys()) {
        if (bytes <= KEPT_BYTES) break;
        forget(hash);
      }
    },
    of: (entry) => {
      const known = lines.get(entry.hash);
      if (known?.position !== entry.position) return [JSON.stringify(entry)];
      return [known.start, `,"position":${entry.position},"effective":[${entry.effective[0]},${entry.effective[1]}]}`];
    },
  };
}
