import { z } from 'zod';
import { listInput, ref, refFields, requiredText, rowFields } from '../kernel/contract.ts';
import type { Permission } from '../kernel/permissions.ts';

/**
 * What a file may hang on, with what one must be allowed to do in order to see and to change it: a file follows its row. An entity of
 * another feature takes files once it has its line here.
 */
export const OWNERS = {
  tickets: { read: 'work.read', write: 'work.write' },
  appointments: { read: 'work.read', write: 'work.write' },
  assets: { read: 'base.read', write: 'base.write' },
  articles: { read: 'base.read', write: 'base.write' },
} as const satisfies Record<string, { read: Permission; write: Permission }>;
export type AttachmentOwner = keyof typeof OWNERS;
export const OWNER_ENTITIES = Object.keys(OWNERS) as [AttachmentOwner, ...AttachmentOwner[]];

const MIB = 1024 * 1024;
/** Largest file, in bytes. */
export const MAX_ATTACHMENT = 200 * MIB;
/** Largest piece of a file in one call, in bytes: it is held in memory as a whole. */
export const MAX_PART = 8 * MIB;
/** What the page and the command line send at a time, in bytes. */
export const PART = 2 * MIB;
export const MAX_FILE_NAME = 180;

/**
 * Where the content of a file is known to be: `both` here and on the hub, `here` only, `hub` only, or `nowhere` yet, which is with whoever
 * added it. On a copy that has no hub, `here` is all there is.
 */
export const CONTENT_PLACES = ['both', 'here', 'hub', 'nowhere'] as const;
export type ContentPlace = (typeof CONTENT_PLACES)[number];

const entity = z.enum(OWNER_ENTITIES);
export const attachmentOwner = z.object({ entity, row_id: ref });

export const attachment = z.object({
  ...rowFields,
  entity,
  row_id: z.string(),
  file_name: z.string(),
  media_type: z.string(),
  /** Bytes. */
  size: z.number().int(),
  /** Of the content, hex. */
  sha256: z.string(),
  place: z.enum(CONTENT_PLACES),
  ...refFields('created_by'),
});
export type Attachment = z.infer<typeof attachment>;

/** What of a file may be changed: its content never is. */
export const attachmentInput = z.object({ file_name: requiredText(MAX_FILE_NAME) });

export const attachmentFilters = z.object({
  ...listInput,
  sort: z.enum(['created_at', '-created_at']).default('-created_at'),
  entity: entity.optional(),
  row_id: ref.optional(),
});

/** A file on its way in, piece by piece. */
export const upload = z.object({
  id: z.string(),
  entity,
  row_id: z.string(),
  file_name: z.string(),
  size: z.number().int(),
  /** Bytes that are on the disk here; the next piece begins there. */
  received: z.number().int(),
  created_at: z.string(),
});
export type Upload = z.infer<typeof upload>;

/** How many files there are and where their contents are. */
export const attachmentSummary = z.object({
  total: z.number().int(),
  here: z.number().int(),
  on_hub: z.number().int(),
  /** Contents that the hub has not got yet, and their bytes. */
  to_send: z.number().int(),
  to_send_bytes: z.number().int(),
  /** Contents that the hub has and this copy has not. */
  to_fetch: z.number().int(),
  to_fetch_bytes: z.number().int(),
  bytes: z.number().int(),
  /** `alone`: nobody shares this copy; `hub`: what is here is on the hub; `device`: there is a hub elsewhere. */
  role: z.enum(['alone', 'hub', 'device']),
  /** What is being sent or fetched at the moment. */
  moving: z.object({ direction: z.enum(['up', 'down']), done: z.number().int(), size: z.number().int() }).nullable(),
  /** Why files do not move, in the caller's language. */
  trouble: z.string().nullable(),
});
export type AttachmentSummary = z.infer<typeof attachmentSummary>;
