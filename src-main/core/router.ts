import { appointmentsHandlers } from '../appointments/index.ts';
import { assetsHandlers } from '../assets/index.ts';
import { attachmentsHandlers } from '../attachments/index.ts';
import { auditHandlers } from '../audit/index.ts';
import { authRoutes } from '../auth/index.ts';
import { branchesHandlers } from '../branches/index.ts';
import { clientsHandlers } from '../clients/index.ts';
import { companiesHandlers } from '../companies/index.ts';
import { contactsHandlers } from '../contacts/index.ts';
import { contractsHandlers } from '../contracts/index.ts';
import { dashboardHandlers } from '../dashboard/index.ts';
import { draftsHandlers } from '../drafts/index.ts';
import { eventsHandlers } from '../events/index.ts';
import { exportsHandlers } from '../exports/index.ts';
import { importsHandlers } from '../imports/index.ts';
import { jobsHandlers } from '../jobs/index.ts';
import { articlesHandlers, knowledgeBaseHandlers } from '../knowledge/index.ts';
import { notesHandlers } from '../notes/index.ts';
import { organizationsHandlers } from '../organizations/index.ts';
import { progressHandlers } from '../progress/index.ts';
import { remoteAccessHandlers, remoteAddressesHandlers, remoteSessionsHandlers } from '../remote-access/index.ts';
import { engineersHandlers, scheduleHandlers } from '../schedule/index.ts';
import { searchHandlers } from '../search/index.ts';
import { syncHandlers } from '../sync/index.ts';
import { systemHandlers } from '../system/index.ts';
import { tasksHandlers } from '../tasks/index.ts';
import { ticketsHandlers } from '../tickets/index.ts';
import { trashHandlers } from '../trash/index.ts';
import { updatesHandlers } from '../updates/index.ts';
import { usersHandlers } from '../users/index.ts';
import { os } from './os.ts';

/** The contract with every operation's handler; the compiler refuses a missing one. */
export const router = os.router({
  auth: authRoutes,
  users: usersHandlers,
  organizations: organizationsHandlers,
  branches: branchesHandlers,
  companies: companiesHandlers,
  clients: clientsHandlers,
  contacts: contactsHandlers,
  notes: notesHandlers,
  assets: assetsHandlers,
  contracts: contractsHandlers,
  tickets: ticketsHandlers,
  tasks: tasksHandlers,
  appointments: appointmentsHandlers,
  engineers: engineersHandlers,
  schedule: scheduleHandlers,
  remoteAccess: remoteAccessHandlers,
  remoteAddresses: remoteAddressesHandlers,
  remoteSessions: remoteSessionsHandlers,
  attachments: attachmentsHandlers,
  articles: articlesHandlers,
  knowledgeBase: knowledgeBaseHandlers,
  dashboard: dashboardHandlers,
  search: searchHandlers,
  audit: auditHandlers,
  trash: trashHandlers,
  imports: importsHandlers,
  exports: exportsHandlers,
  drafts: draftsHandlers,
  progress: progressHandlers,
  events: eventsHandlers,
  sync: syncHandlers,
  jobs: jobsHandlers,
  system: systemHandlers,
  updates: updatesHandlers,
});
