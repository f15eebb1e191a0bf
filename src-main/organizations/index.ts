export { organizationsHandlers } from './handlers.ts';
export { localActor } from './local-actor.ts';
export { memberPort, type MemberPort } from './member-port.ts';
export { createOrganizations, type Organizations } from './organizations.ts';
