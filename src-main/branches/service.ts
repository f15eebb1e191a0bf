import type { z } from 'zod';
import type { Branch, branchFilters } from '../../src-shared/branches/model.ts';
import { createCrud } from '../core/crud-service.ts';

export const branches = createCrud<Branch, z.infer<typeof branchFilters>>('branches');
