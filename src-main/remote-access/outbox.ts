import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const entry = z.object({ hub: z.string(), client: z.string(), report: z.record(z.string(), z.unknown()), at: z.string() });
export type Waiting = z.infer<typeof entry>;

/** What could not be told to a hub, until it can: the newest word for each client. The token is not in it. */
export function createOutbox(file: string) {
  const read = (): Waiting[] => {
    try {
      return z.array(entry).parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return [];
    }
  };
  const write = (all: readonly Waiting[]): void => {
    if (all.length === 0) return rmSync(file, { force: true });
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, JSON.stringify(all), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  const other = (all: readonly Waiting[], one: Pick<Waiting, 'hub' | 'client'>): Waiting[] => all.filter((kept) => kept.hub !== one.hub || kept.client !== one.client);
  return {
    list: (hub: string): Waiting[] => read().filter((one) => one.hub === hub),
    put: (one: Waiting): void => write([...other(read(), one), one]),
    drop: (one: Pick<Waiting, 'hub' | 'client'>): void => write(other(read(), one)),
  };
}
