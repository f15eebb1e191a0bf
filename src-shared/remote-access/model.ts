import { z } from 'zod';
import { flag, listInput, ref, refFields, rowFields, text, timestamp } from '../kernel/contract.ts';

export const REMOTE_TOOLS = ['anydesk', 'rustdesk', 'teamviewer'] as const;
export type RemoteTool = (typeof REMOTE_TOOLS)[number];
export const ONLINE_STATES = ['online', 'offline', 'unknown'] as const;
export const REQUEST_STATES = ['requested', 'picked_up', 'done', 'failed'] as const;

/** An address of digits, as the tools give them out; at least six, or it is "not ready yet". */
export const REMOTE_ID = /^\d{6,12}$/;
/** A name in the tool's own directory: `name@namespace`. */
export const REMOTE_ALIAS = /^[A-Za-z0-9._-]{1,64}@[A-Za-z0-9._-]{1,64}$/;
/** What may be handed to a tool: nothing else ever becomes an argument or part of an address line. */
export const isRemoteAddress = (value: string): boolean => REMOTE_ID.test(value) || REMOTE_ALIAS.test(value);

const address = z
  .string()
  .trim()
  .max(130)
  .transform((value) => value.replace(/(?<=\d) (?=\d)/g, ''))
  .refine(isRemoteAddress, { params: { detail: 'remote_address' } });
const alias = z.string().trim().max(130).regex(REMOTE_ALIAS);

export const remoteAddressInput = z.object({
  client_id: ref,
  asset_id: ref.nullish(),
  tool: z.enum(REMOTE_TOOLS),
  address,
  alias: alias.nullish(),
  /** Name of the computer behind it. */
  machine: text(100).nullish(),
  comment: text(500).nullish(),
});
export const remoteAddress = z.object({
  ...rowFields,
  ...refFields('client_id'),
  ...refFields('asset_id'),
  tool: z.enum(REMOTE_TOOLS),
  address: z.string(),
  alias: z.string().nullable(),
  machine: z.string().nullable(),
  comment: z.string().nullable(),
  online: z.enum(ONLINE_STATES).nullable(),
  last_seen_at: z.string().nullable(),
  version_of_tool: z.string().nullable(),
});
export type RemoteAddress = z.infer<typeof remoteAddress>;
export const remoteAddressFilters = z.object({ ...listInput, sort: z.enum(['created_at', '-created_at', 'last_seen_at', '-last_seen_at']).default('-created_at'), client_id: ref.optional(), asset_id: ref.optional() });

export const remoteSessionInput = z.object({
  client_id: ref,
  address_id: ref.nullish(),
  ticket_id: ref.nullish(),
  asset_id: ref.nullish(),
  contract_id: ref.nullish(),
  user_id: ref.nullish(),
  started_at: timestamp.nullish(),
  ended_at: timestamp.nullish(),
  /** One line of what was done; a session without it still waits for one. */
  summary: text(500).nullish(),
});
export const remoteSession = z.object({
  ...rowFields,
  ...refFields('client_id'),
  ...refFields('address_id'),
  ...refFields('ticket_id'),
  ...refFields('asset_id'),
  ...refFields('contract_id'),
  ...refFields('user_id'),
  tool: z.string().nullable(),
  address: z.string().nullable(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  summary: z.string().nullable(),
  /** Whole minutes begun; null while it lasts. */
  minutes: z.number().int().nullable(),
});
export type RemoteSession = z.infer<typeof remoteSession>;
export const remoteSessionFilters = z.object({
  ...listInput,
  sort: z.enum(['started_at', '-started_at']).default('-started_at'),
  client_id: ref.optional(),
  ticket_id: ref.optional(),
  asset_id: ref.optional(),
  contract_id: ref.optional(),
  user_id: ref.optional(),
  /** Those that wait for their line. */
  open: flag.optional(),
});

/** What a machine says of itself. */
export const remoteReport = z.object({
  tool: z.enum(REMOTE_TOOLS).default('anydesk'),
  address,
  alias: alias.nullish(),
  online: z.enum(ONLINE_STATES).nullish(),
  machine: text(100).nullish(),
  version_of_tool: text(100).nullish(),
});
/** Why a machine could not be read; the sentences stand below `failures.` in the messages. */
export const REMOTE_FAILURES = ['not_installed', 'not_ready', 'install_failed', 'install_refused', 'tool_failed'] as const;
/** That a machine has seen a request and is at it. */
export const remotePickUp = z.object({ picked_up: z.literal(true), machine: text(100).nullish() });
export const remoteFailure = z.object({ failed: z.enum(REMOTE_FAILURES), machine: text(100).nullish() });

export const remoteRequest = z.object({ id: z.string(), state: z.enum(REQUEST_STATES), reason: z.string().nullable(), requested_at: z.string(), requested_by_name: z.string().nullable(), finished_at: z.string().nullable() });
export type RemoteRequest = z.infer<typeof remoteRequest>;
export const remoteAccess = z.object({
  client_id: z.string(),
  /** Of the address that was seen last. */
  tool: z.enum(REMOTE_TOOLS).nullable(),
  remote_id: z.string().nullable(),
  alias: z.string().nullable(),
  online: z.enum(ONLINE_STATES).nullable(),
  last_seen_at: z.string().nullable(),
  addresses: z.array(remoteAddress),
  /** The last request to read it anew. */
  request: remoteRequest.nullable(),
  /** The program runs on this client's own machine. */
  this_machine: z.boolean(),
  /** Ids of the addresses whose password the vault of this machine holds; empty over the network. */
  passwords_here: z.array(z.string()),
});
export type RemoteAccess = z.infer<typeof remoteAccess>;
