import { z } from 'zod';
import { command, query } from '../kernel/contract.ts';
import { organization, organizationInput } from './model.ts';

const tags = ['organizations'];

export const organizationsContract = {
  list: query('self').route({ method: 'GET', path: '/organizations', tags, summary: 'Organisations that one is a member of' }).output(z.object({ items: z.array(organization) })),
  create: command('self')
    .route({ method: 'POST', path: '/organizations', tags, summary: 'A new organisation with a file of its own; its creator owns it', successStatus: 201 })
    .input(organizationInput)
    .output(organization),
  current: query('self').route({ method: 'GET', path: '/organizations/current', tags, summary: 'The organisation in use' }).output(organization),
  update: command('organization.manage')
    .route({ method: 'PUT', path: '/organizations/current', tags, summary: 'Change the organisation in use' })
    .input(organizationInput.partial())
    .output(organization),
};
