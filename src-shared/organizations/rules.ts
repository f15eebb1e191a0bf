import { ALLOWED, may, refuse, type RowPolicy } from '../kernel/permissions.ts';

/** Settings and branches of the organisation are the administrators'. */
export const organizationPolicy: RowPolicy<Record<string, unknown>> = (actor) => (may(actor, 'organization.manage') ? ALLOWED : refuse('organization_manage'));
