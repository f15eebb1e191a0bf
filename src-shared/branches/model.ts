import { z } from 'zod';
import { listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';

export const branchInput = z.object({ name: requiredText(200), director_id: ref.nullish(), address: text(500).nullish() });
export const branch = z.object({ ...rowFields, name: z.string(), ...refFields('director_id'), address: z.string().nullable() });
export type Branch = z.infer<typeof branch>;
export const branchFilters = z.object({ ...listInput, sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('name') });
