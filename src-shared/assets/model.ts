import { z } from 'zod';
import { anyOf, date, listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';

export const ASSET_STATUSES = ['in_use', 'in_stock', 'in_repair', 'retired'] as const;

export const assetBody = z.object({
  name: requiredText(300),
  type: text(100).nullish(),
  vendor: text(200).nullish(),
  model: text(200).nullish(),
  serial_number: text(200).nullish(),
  inventory_number: text(200).nullish(),
  location: text(500).nullish(),
  purchased_on: date.nullish(),
  warranty_until: date.nullish(),
  status: z.enum(ASSET_STATUSES).optional(),
  comment: text(20_000).nullish(),
});
export const assetInput = assetBody.extend({ client_id: ref });
export type AssetInput = z.infer<typeof assetInput>;

export const asset = z.object({
  ...rowFields,
  ...refFields('client_id'),
  name: z.string(),
  type: z.string().nullable(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  serial_number: z.string().nullable(),
  inventory_number: z.string().nullable(),
  location: z.string().nullable(),
  purchased_on: z.string().nullable(),
  warranty_until: z.string().nullable(),
  status: z.enum(ASSET_STATUSES),
  comment: z.string().nullable(),
});
export type Asset = z.infer<typeof asset>;

export const assetFilters = z.object({
  ...listInput,
  sort: z.enum(['name', '-name', 'created_at', '-created_at', 'warranty_until', '-warranty_until']).default('name'),
  client_id: ref.optional(),
  status: anyOf(ASSET_STATUSES).optional(),
  type: text(100).optional(),
  warranty_before: date.optional(),
});
