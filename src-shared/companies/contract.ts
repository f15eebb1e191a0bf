import { z } from 'zod';
import { command, query, ref } from '../kernel/contract.ts';
import { crud } from '../kernel/crud.ts';
import { MERGE_FIELDS, company, companyFilters, companyInput, duplicateMatch } from './model.ts';

export const companiesContract = {
  ...crud({ path: '/companies', title: 'Companies', row: company, create: companyInput, filters: companyFilters, read: 'base.read', write: 'base.write', remove: 'base.delete' }),
  duplicates: query('base.read')
    .route({ method: 'POST', path: '/companies/duplicates', tags: ['companies'], summary: 'Companies that look like the given one, with reasons' })
    .input(companyInput.partial().extend({ exclude_id: ref.optional() }))
    .output(z.object({ items: z.array(duplicateMatch) })),
  merge: command('base.delete')
    .route({ method: 'POST', path: '/companies/{id}/merge', tags: ['companies'], summary: 'Merge another company into this one; `take` names the fields whose value comes from the other' })
    .input(z.object({ id: ref, other_id: ref, take: z.array(z.enum(MERGE_FIELDS)).default([]) }))
    .output(z.object({ company, change_id: z.string(), moved: z.record(z.string(), z.number().int()) })),
  activityFields: query('base.read')
    .route({ method: 'GET', path: '/companies/activity-fields', tags: ['companies'], summary: 'Fields of activity in use, with the number of companies' })
    .output(z.object({ items: z.array(z.object({ name: z.string(), count: z.number().int() })) })),
};
