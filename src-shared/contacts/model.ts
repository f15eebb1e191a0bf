import { z } from 'zod';
import { listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';

export const contactInput = z.object({
  full_name: requiredText(300),
  client_id: ref.nullish(),
  company_id: ref.nullish(),
  position: text(200).nullish(),
  phone: text(100).nullish(),
  phones: z.array(requiredText(100)).max(30).nullish(),
  email: text(200).nullish(),
  comment: text(20_000).nullish(),
});
export type ContactInput = z.infer<typeof contactInput>;

export const contact = z.object({
  ...rowFields,
  full_name: z.string(),
  ...refFields('client_id'),
  ...refFields('company_id'),
  position: z.string().nullable(),
  phone: z.string().nullable(),
  phones: z.array(z.string()),
  email: z.string().nullable(),
  comment: z.string().nullable(),
});
export type Contact = z.infer<typeof contact>;

export const contactFilters = z.object({
  ...listInput,
  sort: z.enum(['full_name', '-full_name', 'created_at', '-created_at', 'updated_at', '-updated_at']).default('full_name'),
  client_id: ref.optional(),
  company_id: ref.optional(),
});
