import type { Db } from '../../store/sqlite.ts';
import type { PeerRow, Peers } from '../wire/peers.ts';
import type { PostgresLog } from './postgres.ts';

type PeerBody = Pick<PeerRow, 'id' | 'user_id' | 'key' | 'name' | 'version' | 'paired_at'>;

const isNul = (text: string): boolean => text.includes('\u0000');

/**
 * Brings the installations that this hub process knows and those that the others know together: public keys and names, nothing secret.
 * Pairings are only ever added, and one that was cut off anywhere is cut off everywhere. @throws AppError `sync_log_unavailable`
 */
export async function sharePeers({ db, peers, log, organization }: { db: Db; peers: Peers; log: PostgresLog; organization: string }): Promise<void> {
  const ours = db.all<PeerRow>('SELECT * FROM sync_peers WHERE organization_id = ?', organization);
  const given = await log.ask<{ id: string }>(
    `INSERT INTO polevik_log_peers AS p (organization_id, id, revoked_at, body) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[])
     ON CONFLICT (organization_id, id) DO UPDATE SET revoked_at = excluded.revoked_at WHERE p.revoked_at IS NULL AND excluded.revoked_at IS NOT NULL RETURNING id`,
    [organization, ours.map((peer) => peer.id), ours.map((peer) => peer.revoked_at), ours.map(({ id, user_id, key, name, version, paired_at }) => Buffer.from(JSON.stringify({ id, user_id, key, name, version, paired_at })))],
  );
  const bound = db.all<{ device: string; key: string }>('SELECT device, key FROM sync_peer_devices WHERE organization_id = ?', organization).filter(({ device, key }) => !isNul(device) && !isNul(key));
  const named = await log.ask<{ device: string }>(
    `INSERT INTO polevik_log_devices AS d (organization_id, device, key) SELECT $1, * FROM unnest($2::text[], $3::text[])
     ON CONFLICT (organization_id, device) DO UPDATE SET key = excluded.key WHERE d.key IS NULL RETURNING device`,
    [organization, bound.map((one) => one.device), bound.map((one) => one.key)],
  );
  if (given.length + named.length > 0) await log.tellPeers();

  const theirs = await log.ask<{ revoked_at: string | null; body: Buffer }>('SELECT revoked_at, body FROM polevik_log_peers WHERE organization_id = $1', [organization]);
  const all = theirs.map(({ revoked_at, body }) => ({ ...(JSON.parse(body.toString('utf8')) as PeerBody), revoked_at }));
  // Paired anew, a member's installation has left its earlier pairing behind.
  const newest = new Map<string, string>();
  for (const { user_id, key, paired_at, revoked_at } of all) {
    const name = `${user_id} ${key}`;
    if (!revoked_at && paired_at > (newest.get(name) ?? '')) newest.set(name, paired_at);
  }
  for (const peer of all) {
    if (peer.revoked_at) peers.takeRevoked(organization, { ...peer, revoked_at: peer.revoked_at });
    else if (newest.get(`${peer.user_id} ${peer.key}`) === peer.paired_at) peers.take(organization, peer);
  }
  const names = await log.ask<{ device: string; key: string }>('SELECT device, key FROM polevik_log_devices WHERE organization_id = $1 AND key IS NOT NULL', [organization]);
  for (const { device, key } of names) db.run('INSERT OR IGNORE INTO sync_peer_devices (organization_id, device, key) VALUES (?, ?, ?)', organization, device, key);
}
