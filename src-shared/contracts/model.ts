import { z } from 'zod';
import { date, flag, listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';

/** Levels that every organisation has; it may add its own. */
export const SUPPORT_LEVELS = ['bronze', 'silver', 'gold'] as const;

export const contractBody = z.object({
  title: requiredText(300),
  number: text(100).nullish(),
  start_date: date,
  end_date: date.nullish(),
  support_level: text(100).nullish(),
  /** Whole kopecks. */
  amount: z.coerce.number().int().min(0).max(1e14).nullish(),
  auto_renew: flag.nullish(),
  comment: text(20_000).nullish(),
});
export const contractInput = contractBody.extend({ client_id: ref });
export type ContractInput = z.infer<typeof contractInput>;

export const contractRow = z.object({
  ...rowFields,
  ...refFields('client_id'),
  title: z.string(),
  number: z.string().nullable(),
  start_date: z.string(),
  end_date: z.string().nullable(),
  support_level: z.string().nullable(),
  amount: z.number().int().nullable(),
  auto_renew: z.boolean(),
  comment: z.string().nullable(),
});
export type Contract = z.infer<typeof contractRow>;

export const contractFilters = z.object({
  ...listInput,
  sort: z.enum(['title', '-title', 'created_at', '-created_at', 'end_date', '-end_date', 'start_date', '-start_date']).default('end_date'),
  client_id: ref.optional(),
  support_level: text(100).optional(),
  active_on: date.optional(),
  /** Ends on or after today and not later than this date. */
  expiring_before: date.optional(),
});
