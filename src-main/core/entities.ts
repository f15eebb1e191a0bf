import { appointmentEntity } from '../appointments/entity.ts';
import { assetEntity } from '../assets/entity.ts';
import { branchEntity } from '../branches/entity.ts';
import { clientEntity } from '../clients/entity.ts';
import { companyEntity } from '../companies/entity.ts';
import { contactEntity } from '../contacts/entity.ts';
import { contractEntity } from '../contracts/entity.ts';
import { noteEntity } from '../notes/entity.ts';
import { organizationEntity } from '../organizations/entity.ts';
import { taskEntity } from '../tasks/entity.ts';
import { ticketEntity } from '../tickets/entity.ts';
import { userEntity } from '../users/entity.ts';
import { createRegistry } from '../store/entity.ts';

/** Every replicated entity of the house; the log, the search index and the history know tables from here only. */
export const REGISTRY = createRegistry([
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
]);
