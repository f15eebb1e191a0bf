import type { PostgresLog } from './postgres.ts';

/** A hub process that has not been heard of for as long is no longer told of. */
const GONE_DAYS = 30;

/**
 * Writes down where this hub process is reached, under its own key, and tells the others where that is new.
 * @returns where all of them are. @throws AppError `sync_log_unavailable`
 */
export async function shareAddresses({ log, organization, key, urls }: { log: PostgresLog; organization: string; key: string; urls: readonly string[] }): Promise<string[]> {
  if (urls.length > 0) {
    const text = JSON.stringify(urls);
    const [before] = await log.ask<{ urls: string }>('SELECT urls FROM polevik_log_hubs WHERE organization_id = $1 AND key = $2', [organization, key]);
    await log.ask('INSERT INTO polevik_log_hubs (organization_id, key, urls) VALUES ($1, $2, $3) ON CONFLICT (organization_id, key) DO UPDATE SET urls = excluded.urls, at = now()', [organization, key, text]);
    if (before?.urls !== text) await log.tellPeers();
  }
  const hubs = await log.ask<{ urls: string }>('SELECT urls FROM polevik_log_hubs WHERE organization_id = $1 AND at > now() - make_interval(days => $2) ORDER BY key', [organization, GONE_DAYS]);
  return hubs.flatMap((hub) => JSON.parse(hub.urls) as string[]);
}
