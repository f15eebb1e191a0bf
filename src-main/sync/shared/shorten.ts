import type { PostgresLog } from './postgres.ts';

/** A hub process that has not been heard of for as long is no longer told of, nor waited for. */
export const GONE_DAYS = 30;

/** Asks all hub processes to shorten the log up to a position that every device has. @throws AppError `sync_log_unavailable` */
export async function askToShorten(log: PostgresLog, organization: string, upTo: number): Promise<void> {
  await log.ask('UPDATE polevik_log_state SET floor = greatest(floor, $2) WHERE organization_id = $1', [organization, upTo]);
  await log.tellPeers();
}

/** Up to where the log is to be shortened. @throws AppError `sync_log_unavailable` */
export async function floorAsked(log: PostgresLog, organization: string): Promise<number> {
  const [state] = await log.ask<{ floor: string }>('SELECT floor FROM polevik_log_state WHERE organization_id = $1', [organization]);
  return Number(state?.floor ?? 0);
}

/**
 * Takes out of the database what every hub process has read by now, as far as it is asked to: the copies keep of it who wrote what when, to
 * know it again. The last entry of it stays for copies to hold theirs against. @throws AppError `sync_log_unavailable`
 */
export async function shorten(log: PostgresLog, organization: string): Promise<void> {
  await log.ask(
    `DELETE FROM polevik_log_entries WHERE organization_id = $1 AND position < least(
       (SELECT floor FROM polevik_log_state WHERE organization_id = $1),
       (SELECT coalesce(min(coalesce(position, 0)), 0) FROM polevik_log_hubs WHERE organization_id = $1 AND at > now() - make_interval(days => $2)))`,
    [organization, GONE_DAYS],
  );
}
