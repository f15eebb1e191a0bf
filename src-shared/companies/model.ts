import { z } from 'zod';
import { listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';

export const companyInput = z.object({
  name: requiredText(300),
  inn: text(20).nullish(),
  kpp: text(20).nullish(),
  ogrn: text(20).nullish(),
  legal_name: text(500).nullish(),
  address: text(500).nullish(),
  phone: text(100).nullish(),
  email: text(200).nullish(),
  website: text(300).nullish(),
  activity_fields: z.array(requiredText(100)).max(100).nullish(),
  branch_id: ref.nullish(),
  responsible_id: ref.nullish(),
  comment: text(20_000).nullish(),
});
export type CompanyInput = z.infer<typeof companyInput>;

export const company = z.object({
  ...rowFields,
  name: z.string(),
  inn: z.string().nullable(),
  kpp: z.string().nullable(),
  ogrn: z.string().nullable(),
  legal_name: z.string().nullable(),
  address: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  website: z.string().nullable(),
  activity_fields: z.array(z.string()),
  ...refFields('branch_id'),
  ...refFields('responsible_id'),
  comment: z.string().nullable(),
});
export type Company = z.infer<typeof company>;

export const companyFilters = z.object({
  ...listInput,
  sort: z.enum(['name', '-name', 'created_at', '-created_at', 'updated_at', '-updated_at']).default('name'),
  responsible_id: ref.optional(),
  branch_id: ref.optional(),
  activity_field: text(100).optional(),
  inn: text(20).optional(),
});

/** Why an existing company looks like the one being written. */
export const duplicateReason = z.object({
  field: z.enum(['inn', 'kpp', 'ogrn', 'name', 'address', 'phone', 'email', 'website']),
  strength: z.enum(['exact', 'similar', 'branch']),
});
export const duplicateMatch = z.object({ company, reasons: z.array(duplicateReason) });

/** Fields whose value a merge chooses; the rest of the loser's relations move. */
export const MERGE_FIELDS = ['name', 'inn', 'kpp', 'ogrn', 'legal_name', 'address', 'phone', 'email', 'website', 'activity_fields', 'branch_id', 'responsible_id', 'comment'] as const;
