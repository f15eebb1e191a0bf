import type { PostgresLog } from './postgres.ts';
import { GONE_DAYS } from './shorten.ts';

/** A hub process that goes on says so, long before it would be forgotten. */
const STILL_HERE_MS = 24 * 3_600_000;

interface OwnPlace {
  log: PostgresLog;
  organization: string;
  /** Of this hub process among the others. */
  key: string;
  /** Where it is reached; none as long as that is not known. */
  urls: readonly string[];
  /** How far its copy has come. */
  position: number;
}

/**
 * Writes down where this hub process is reached and how far it has read, under its own key, and tells the others where they are to ask anew.
 * @returns where all of them are. @throws AppError `sync_log_unavailable`
 */
async function shareAddresses({ log, organization, key, urls, position }: OwnPlace): Promise<string[]> {
  const text = JSON.stringify(urls);
  const [before] = await log.ask<{ urls: string }>('SELECT urls FROM polevik_log_hubs WHERE organization_id = $1 AND key = $2', [organization, key]);
  await log.ask(
    `INSERT INTO polevik_log_hubs AS h (organization_id, key, urls, position) VALUES ($1, $2, $3, $4)
     ON CONFLICT (organization_id, key) DO UPDATE SET urls = CASE WHEN excluded.urls = '[]' THEN h.urls ELSE excluded.urls END, position = excluded.position, at = now()`,
    [organization, key, text, position],
  );
  if (urls.length > 0 && before?.urls !== text) await log.tellPeers();
  return (await hubsOf(log, organization)).flatMap((hub) => hub.urls);
}

/** The hub processes that were heard of lately. @throws AppError `sync_log_unavailable` */
export async function hubsOf(log: PostgresLog, organization: string): Promise<{ key: string; urls: string[] }[]> {
  const hubs = await log.ask<{ key: string; urls: string }>('SELECT key, urls FROM polevik_log_hubs WHERE organization_id = $1 AND at > now() - make_interval(days => $2) ORDER BY key', [organization, GONE_DAYS]);
  return hubs.map(({ key, urls }) => ({ key, urls: JSON.parse(urls) as string[] }));
}

interface PlacesParts {
  log: PostgresLog;
  organization: string;
  /** Of this hub process among the others. */
  key: string;
  /** How far its copy has come. */
  position: () => number;
  /** What is to be done once the others know how far that is. */
  shared: () => Promise<void>;
}

/** Where the hub processes are, this one among them. */
export function createPlaces({ position, shared, ...own }: PlacesParts) {
  const listeners = new Set<() => void>();
  let urls: readonly string[] = [];
  let all: readonly string[] | null = null;
  const share = async (): Promise<void> => {
    const found = await shareAddresses({ ...own, urls, position: position() });
    const isNew = JSON.stringify(found) !== JSON.stringify(all);
    all = found;
    if (isNew) for (const listener of listeners) listener();
    await shared();
  };
  const shareQuietly = (): Promise<void> => share().catch(() => {});
  const still = setInterval(() => void shareQuietly(), STILL_HERE_MS);
  still.unref();
  return {
    share,
    announce: (at: readonly string[]): Promise<void> => {
      urls = at;
      return shareQuietly();
    },
    get all() {
      return all;
    },
    onChange: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(still),
  };
}
