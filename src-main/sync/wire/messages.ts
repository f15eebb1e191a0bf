import { z } from 'zod';
import { certificate, PROTOCOL, epoch, seal } from '../../../src-shared/sync/wire.ts';
import { PACKING } from '../../store/packing.ts';

/** What travels around the engine's own messages: pairing, sessions, snapshots. */
export const pairRequest = z.object({ protocol: z.literal(PROTOCOL), secret: z.string().max(40), key: z.string().max(200), name: z.string().min(1).max(100), version: z.string().max(40) });
export const pairReply = z.object({
  peer: z.string(),
  authority: z.string(),
  organization: z.object({ id: z.string(), name: z.string() }),
  member: z.object({ id: z.string(), email: z.string(), full_name: z.string(), language: z.enum(['ru', 'en']) }),
});
export type PairReply = z.infer<typeof pairReply>;
export const challengeReply = z.object({ challenge: z.string(), protocol: z.number().int() });
export const sessionRequest = z.object({ protocol: z.literal(PROTOCOL), peer: z.string().max(64), challenge: z.string().max(100), signature: z.string().max(200), version: z.string().max(40) });
/** Where the hub processes of an organisation are reached. */
export const hubAddresses = z.array(z.string().max(300)).max(200);
export const sessionReply = z.object({ token: z.string(), expires_in: z.number(), certificate: certificate.nullish(), hubs: hubAddresses.nullish() });
/** `packings`: how the file may be packed; a device of an older version says nothing. */
export const snapshotRequest = z.object({ packings: z.array(z.string().max(20)).max(20).optional() });
/** `size` and `sha256` are those of the file that is sent. `packed`: how, and how large the database in it is; a hub of an older version sends it as it is. */
export const snapshotReply = z.object({
  id: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  packed: z.object({ packing: z.literal(PACKING), whole: z.number().int() }).optional(),
  position: z.number().int(),
  epoch,
  seals: z.array(seal).max(1_000).optional(),
});
export type SnapshotReply = z.infer<typeof snapshotReply>;

/** A refusal on the way: the codes of the house. */
export const refusal = z.object({ code: z.string(), detail: z.string().nullish(), message: z.string().optional() });

/** Largest body in either direction, unpacked: one changeset's ops at the most, many small ones as a rule. */
export const MAX_MESSAGE = 64 * 1024 * 1024;
export const CONTENT_TYPE = 'application/x-polevik-sync';
