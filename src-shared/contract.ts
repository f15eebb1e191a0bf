import { appointmentsContract } from './appointments/contract.ts';
import { assetsContract } from './assets/contract.ts';
import { attachmentsContract } from './attachments/contract.ts';
import { auditContract } from './audit/contract.ts';
import { authContract } from './auth/contract.ts';
import { branchesContract } from './branches/contract.ts';
import { clientsContract } from './clients/contract.ts';
import { companiesContract } from './companies/contract.ts';
import { contactsContract } from './contacts/contract.ts';
import { contractsContract } from './contracts/contract.ts';
import { dashboardContract } from './dashboard/contract.ts';
import { draftsContract } from './drafts/contract.ts';
import { eventsContract } from './events/contract.ts';
import { exportsContract } from './exports/contract.ts';
import { importsContract } from './imports/contract.ts';
import { jobsContract } from './jobs/contract.ts';
import { articlesContract, knowledgeBaseContract } from './knowledge/contract.ts';
import { notesContract } from './notes/contract.ts';
import { organizationsContract } from './organizations/contract.ts';
import { progressContract } from './progress/contract.ts';
import { remoteAccessContract, remoteAddressesContract, remoteSessionsContract } from './remote-access/contract.ts';
import { engineersContract, scheduleContract } from './schedule/contract.ts';
import { searchContract } from './search/contract.ts';
import { syncContract } from './sync/contract.ts';
import { systemContract } from './system/contract.ts';
import { tasksContract } from './tasks/contract.ts';
import { ticketsContract } from './tickets/contract.ts';
import { trashContract } from './trash/contract.ts';
import { updatesContract } from './updates/contract.ts';
import { usersContract } from './users/contract.ts';

/** Every operation of the house. IPC, REST, OpenAPI, the CLI and the renderer's client are derived from this one declaration. */
export const contract = {
  auth: authContract,
  users: usersContract,
  organizations: organizationsContract,
  branches: branchesContract,
  companies: companiesContract,
  clients: clientsContract,
  contacts: contactsContract,
  notes: notesContract,
  assets: assetsContract,
  contracts: contractsContract,
  tickets: ticketsContract,
  tasks: tasksContract,
  appointments: appointmentsContract,
  engineers: engineersContract,
  schedule: scheduleContract,
  remoteAccess: remoteAccessContract,
  remoteAddresses: remoteAddressesContract,
  remoteSessions: remoteSessionsContract,
  attachments: attachmentsContract,
  articles: articlesContract,
  knowledgeBase: knowledgeBaseContract,
  dashboard: dashboardContract,
  search: searchContract,
  audit: auditContract,
  trash: trashContract,
  imports: importsContract,
  exports: exportsContract,
  drafts: draftsContract,
  progress: progressContract,
  events: eventsContract,
  sync: syncContract,
  jobs: jobsContract,
  system: systemContract,
  updates: updatesContract,
};
export type Contract = typeof contract;
