import { z } from 'zod';

/** What the program calls the feed of a platform: Windows, Linux on 64-bit Intel and on ARM. macOS installs only what Apple's notary knows. */
export const FEED_NAME = /^latest(-linux(-arm64)?)?\.yml$/;
/** The publisher's own signature lies beside the feed under this ending. */
export const SIGNATURE_ENDING = '.sig';
export const MAX_FEED_BYTES = 64 * 1024;
export const MAX_SIGNATURE_BYTES = 256 * 1024;

/** A file beside the feed: one name, no path, nothing that a file system reads in a way of its own. */
export const fileName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._+-]*[A-Za-z0-9])?$/);
export const version = z.string().max(60).regex(/^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?$/);
const sha512 = z.string().regex(/^[A-Za-z0-9+/]{86}==$/);
const size = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const moment = z.iso.datetime();

const signedFile = z.object({ name: fileName, size, sha512 });
export type SignedFile = z.infer<typeof signedFile>;

const notes = z.object({ ru: z.string().max(4_000), en: z.string().max(4_000) });

/** What the publisher vouches for with his own key. */
export const statement = z.object({
  format: z.literal(1),
  feed: z.string().regex(FEED_NAME),
  /** Of the feed's exact bytes. */
  feed_sha512: sha512,
  version,
  /** Grows with every signature: an earlier feed is no news. */
  sequence: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  /** How many of a hundred installations take it now. */
  percent: z.number().int().min(0).max(100),
  /** Older programs need a version in between. */
  minimum: version.nullable(),
  signed_at: moment,
  expires_at: moment,
  /** The installer, its block map, and those of earlier versions that differences are counted from. */
  files: z.array(signedFile).min(1).max(64),
  notes: notes.nullable(),
});
export type Statement = z.infer<typeof statement>;

/** The file beside the feed: the statement as it was signed, letter by letter, and the signature (Ed25519, base64). */
export const envelope = z.object({ statement: z.string().max(MAX_SIGNATURE_BYTES), signature: z.string().max(200) });

/** The part of a feed that this program relies on; electron-builder writes it, electron-updater reads it. */
export const feed = z.object({
  version,
  files: z.array(z.object({ url: fileName, sha512, size })).min(1).max(16),
  path: fileName.optional(),
  sha512: sha512.optional(),
  stagingPercentage: z.number().int().min(0).max(100).optional(),
  /** Parts of a web installer would come from elsewhere. */
  packages: z.undefined().optional(),
});
export type Feed = z.infer<typeof feed>;

/** Why a feed is not believed. */
export const FEED_FAULTS = ['unreadable', 'unsigned', 'wrong_key', 'changed', 'mismatch'] as const;
export type FeedFault = (typeof FEED_FAULTS)[number];

/** How a look for updates ended. */
export const CHECK_OUTCOMES = ['offer', 'current', 'staged', 'too_old', 'expired', 'older_feed', 'no_source', 'nothing_served', 'unreachable', 'feed_refused', 'download_failed', 'wrong_file', 'disk_full', 'install_failed'] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** What an update would interrupt. */
export const BLOCKERS = ['draft', 'remote_session', 'task', 'joining', 'job'] as const;
export type Blocker = (typeof BLOCKERS)[number];
