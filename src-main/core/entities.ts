import type { Entity } from '../../src-shared/audit/model.ts';
import { appointmentEntity } from '../appointments/entity.ts';
import { attachmentEntity, withAttachments } from '../attachments/entity.ts';
import { assetEntity } from '../assets/entity.ts';
import { branchEntity } from '../branches/entity.ts';
import { clientEntity } from '../clients/entity.ts';
import { companyEntity } from '../companies/entity.ts';
import { contactEntity } from '../contacts/entity.ts';
import { contractEntity } from '../contracts/entity.ts';
import { articleEntity } from '../knowledge/entity.ts';
import { noteEntity } from '../notes/entity.ts';
import { organizationEntity } from '../organizations/entity.ts';
import { taskEntity } from '../tasks/entity.ts';
import { ticketEntity } from '../tickets/entity.ts';
import { remoteAddressEntity, remoteRequestEntity, remoteSessionEntity } from '../remote-access/entity.ts';
import { engineerEntity } from '../schedule/entity.ts';
import { userEntity } from '../users/entity.ts';
import { createRegistry } from '../store/entity.ts';

/** Every replicated entity of the house; the log, the search index and the history know tables from here only. */
export const REGISTRY = createRegistry(withAttachments([
  companyEntity,
  clientEntity,
  contactEntity,
  noteEntity,
  assetEntity,
  contractEntity,
  ticketEntity,
  taskEntity,
  appointmentEntity,
  branchEntity,
  userEntity,
  organizationEntity,
  engineerEntity,
  remoteAddressEntity,
  remoteSessionEntity,
  remoteRequestEntity,
  attachmentEntity,
  articleEntity,
]));

const PARENTS = new Map<Entity, { column: string; entity: Entity }[]>();
for (const meta of REGISTRY.values()) {
  for (const child of meta.children ?? []) PARENTS.set(child.entity, [...(PARENTS.get(child.entity) ?? []), { column: child.column, entity: meta.name }]);
}

/** What rows of an entity hang on and go to the trash with: the column that points there, and the entity. */
export const parentsOf = (entity: Entity): readonly { column: string; entity: Entity }[] => PARENTS.get(entity) ?? [];
