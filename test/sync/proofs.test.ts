import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDirectory, type Directory } from '../../src-main/auth/directory.ts';
import { serverCertificate } from '../../src-main/sync/wire/certificates.ts';
import { deviceKey } from '../../src-main/sync/wire/keys.ts';
import { changeText, createProofs, readCertificate, sealedBytes } from '../../src-main/sync/wire/proofs.ts';
import type { LogEntry, PushProofs, WireChangeset } from '../../src-shared/sync/wire.ts';

const NOW = Date.parse('2026-06-15T06:00:00.000Z');
const clock = { now: () => NOW };
const ORGANIZATION = 'o1';
const LIFE = { id: 'e1', lineage: [{ id: 'e0', from: 3 }] };
let folder: string;
let hub: Directory;
let device: Directory;
let authority: string;

const change = (seq: number, byte: string): WireChangeset => ({ device: 'd1', seq, actor: 'u1', schema: 1, stamp: [NOW, seq], origin: 'window', import_id: null, undoes: null, ops: '[]', prev_hash: '0'.repeat(64), hash: byte.repeat(64) });
const entry = (position: number, byte: string): LogEntry => ({ ...change(position, byte), position, effective: [NOW + position, 0] });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-proofs-'));
  hub = createDirectory({ file: join(folder, 'hub.sqlite') });
  device = createDirectory({ file: join(folder, 'device.sqlite') });
  authority = (await serverCertificate(hub.db, clock, ['localhost'])).authority;
});
afterEach(() => {
  hub.db.close();
  device.db.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a hub takes back what it has sealed, and nothing that it has not', () => {
  const entries = [entry(11, 'a'), entry(12, 'b')];
  const kept = createProofs(device.db, clock);
  const at = createProofs(hub.db, clock);
  const page = { epoch: LIFE, now: NOW, since: 10, head: 12, floor: 0, snapshot_required: false, state: null, entries, rows: [], verdicts: [], seal: at.seal(ORGANIZATION, LIFE, 10, entries) };
  kept.keepSeal(ORGANIZATION, page);
  const place = { position: 0, hash: null };
  const push = { protocol: 1, organization: ORGANIZATION, device: 'd2', epoch: 'e2', cursor: place, newest: place, changesets: [change(12, 'b')], more: false };
  const proofs = kept.proofsFor(push);
  expect(at.vouching(ORGANIZATION, proofs)(change(12, 'b'))).toEqual({});
  expect(at.vouching(ORGANIZATION, proofs)(change(12, 'c'))).toBeNull();
  expect(at.vouching('o2', proofs)(change(12, 'b'))).toBeNull();
  const entriesOf = sealedBytes([entry(11, 'a'), entry(12, 'c')]).toString('base64');
  const forged: PushProofs = { seals: (proofs?.seals ?? []).map((seal) => ({ ...seal, entries: entriesOf })), signed: [] };
  expect(forged.seals).toHaveLength(1);
  expect(at.vouching(ORGANIZATION, forged)(change(12, 'c'))).toBeNull();
  expect(kept.proofsFor({ ...push, device: 'd1' })).toBeUndefined();
});

it('a signature counts while its installation is a member, and under the names that are its own', () => {
  const key = deviceKey(device.db);
  const at = createProofs(hub.db, clock);
  const mine = change(1, 'a');
  const proof = { device: mine.device, seq: mine.seq, hash: mine.hash, key: key.publicKey, signature: key.sign(changeText(ORGANIZATION, mine)) };
  const signed = [proof];
  const vouched = () => at.vouching(ORGANIZATION, { seals: [], signed })(mine);
  expect(vouched()).toBeNull();
  hub.db.run("INSERT INTO sync_peers (id, organization_id, user_id, key, name, version, paired_at) VALUES ('p', ?, 'u1', ?, 'n', '1', 't')", ORGANIZATION, key.publicKey);
  expect(vouched()).toEqual({ actors: ['u1'] });
  expect(at.vouching(ORGANIZATION, { seals: [], signed: [{ ...proof, signature: key.sign('something else') }] })(mine)).toBeNull();
  hub.db.run("UPDATE sync_peers SET revoked_at = 't'");
  expect(vouched()).toBeNull();
  hub.db.run('UPDATE sync_peers SET revoked_at = NULL');
  hub.db.run("UPDATE sync_peer_devices SET key = 'another'");
  expect(vouched()).toBeNull();
});

it('a certificate counts for its organisation, until its day', () => {
  const at = createProofs(hub.db, clock);
  const made = at.certify({ id: 'p', organizationId: ORGANIZATION, key: 'k', actors: ['u1'] }, ['d1']);
  if (!made) throw new Error('no certificate');
  const read = (organization = ORGANIZATION, now = NOW, one = made) => readCertificate(authority, organization, one, now);
  expect(read()).toMatchObject({ key: 'k', actors: ['u1'], devices: ['d1'] });
  expect(read('o2')).toBeNull();
  expect(read(ORGANIZATION, NOW + 91 * 86_400_000)).toBeNull();
  expect(read(ORGANIZATION, NOW, { ...made, body: made.body.replace('u1', 'u2') })).toBeNull();
});
