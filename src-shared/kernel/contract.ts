import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { Permission } from './permissions.ts';
import { ERROR_STATUS, type ErrorCode } from './errors.ts';

/** What every operation says of itself besides its schemas. */
export interface OperationMeta {
  permission: Permission;
  /** Whether it changes data; such operations accept `Idempotency-Key` and `If-Match`. */
  mutates: boolean;
  /** Longest time in milliseconds that a call may take before it is answered with TIMEOUT. */
  timeout?: number;
}

const errorData = z
  .object({
    field: z.string().optional(),
    detail: z.string().optional(),
    params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    candidates: z.array(z.object({ id: z.string(), no: z.number().nullable(), label: z.string() })).optional(),
    issues: z.array(z.object({ field: z.string(), detail: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])).optional() })).optional(),
    correlation_id: z.string().optional(),
  })
  .optional();

type ErrorMap = { [K in ErrorCode]: { status: number; data: typeof errorData } };

function errorMap<const Codes extends readonly ErrorCode[]>(codes: Codes) {
  return Object.fromEntries(codes.map((code) => [code, { status: ERROR_STATUS[code], data: errorData }])) as Pick<ErrorMap, Codes[number]>;
}

/** What any operation may be refused with. */
const READ_ERRORS = errorMap(['BAD_REQUEST', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'INVALID', 'RATE_LIMITED', 'TIMEOUT']);
/** What an operation that changes data may be refused with besides. */
const WRITE_ERRORS = errorMap(['CONFLICT', 'VERSION_MISMATCH', 'IDEMPOTENCY_MISMATCH', 'REFERENCE_NOT_FOUND', 'REFERENCE_AMBIGUOUS', 'STORE_UNAVAILABLE']);

const base = oc.$meta<OperationMeta>({ permission: 'self', mutates: false }).errors(READ_ERRORS);

/** Starts the declaration of an operation that only reads. */
export function query(permission: Permission, options: { timeout?: number } = {}) {
  return base.meta({ permission, mutates: false, ...options });
}

/** Starts the declaration of an operation that changes data. */
export function command(permission: Permission, options: { timeout?: number } = {}) {
  return base.errors(WRITE_ERRORS).meta({ permission, mutates: true, ...options });
}

/** A reference at the doors: digits mean `no`, a UUID means `id`; people also by exact e-mail or full name. */
export const ref = z.union([z.string().trim().min(1).max(200), z.number().int().positive()]);
export type Ref = z.infer<typeof ref>;

export const timestamp = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());
export const date = z.iso.date();

/** Text that a person typed: trimmed, bounded. */
export const text = (max = 500) => z.string().trim().max(max);
export const requiredText = (max = 500) => z.string().trim().min(1).max(max);

/** A boolean as it comes in a URL or in JSON. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')]);

/** One or several values of an enumeration: an array, or a comma-separated word list in a URL. */
export function anyOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z
    .union([z.array(z.enum(values)), z.string().transform((value) => value.split(',').map((part) => part.trim()))])
    .pipe(z.array(z.enum(values)).min(1));
}

/** The part of a list's input that all lists share. */
export const listInput = {
  q: z.string().trim().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional(),
  total: flag.optional(),
};

/** A page of a list: rows, the cursor of the next page (null at the end), and the exact count when it was asked for. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable(), total: z.number().int().optional() });
}

/** Fields that every replicated row answers with. */
export const rowFields = {
  id: z.string(),
  no: z.number().int().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  created_by: z.string().nullable(),
  updated_by: z.string().nullable(),
  version: z.string(),
};

/** `<x>_id` of an answer with the number and the name that go beside it. */
export function refFields<const Name extends string>(name: Name) {
  const base = name.replace(/_id$/, '');
  return {
    [name]: z.string().nullable(),
    [`${base}_no`]: z.number().int().nullable(),
    [`${base}_name`]: z.string().nullable(),
  } as { [K in Name | `${StripId<Name>}_no` | `${StripId<Name>}_name`]: K extends `${string}_no` ? z.ZodNullable<z.ZodNumber> : z.ZodNullable<z.ZodString> };
}
type StripId<Name extends string> = Name extends `${infer Base}_id` ? Base : Name;
