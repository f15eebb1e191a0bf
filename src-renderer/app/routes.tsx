import { IconAddressBook, IconBook2, IconBooks, IconBuilding, IconCalendar, IconChecklist, IconDeviceDesktop, IconDeviceDesktopShare, IconFileCertificate, IconHistory, IconHome, IconRoute, IconSearch, IconSettings, IconTicket, IconTrash, IconTransfer, IconUsers, type Icon } from '@tabler/icons-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Permission } from '../../src-shared/kernel/permissions.ts';

export interface AppRoute {
  /** First part of the address; also the key of its name in the messages. */
  path: string;
  icon: Icon;
  page: LazyExoticComponent<ComponentType>;
  permission?: Permission;
  /** Where it stands in the rail. */
  group: 'work' | 'base' | 'house';
}

const page = (load: () => Promise<Record<string, unknown>>, name: string): LazyExoticComponent<ComponentType> => lazy(async () => ({ default: (await load())[name] as ComponentType }));

/** Every page of the program, each loaded when it is first opened. */
export const ROUTES: readonly AppRoute[] = [
  { path: 'desk', icon: IconHome, page: page(() => import('../dashboard/index.ts'), 'DeskPage'), group: 'work' },
  { path: 'tickets', icon: IconTicket, page: page(() => import('../tickets/index.ts'), 'TicketsPage'), group: 'work' },
  { path: 'tasks', icon: IconChecklist, page: page(() => import('../tasks/index.ts'), 'TasksPage'), group: 'work' },
  { path: 'calendar', icon: IconCalendar, page: page(() => import('../appointments/index.ts'), 'CalendarPage'), group: 'work' },
  { path: 'appointments', icon: IconBooks, page: page(() => import('../appointments/index.ts'), 'AppointmentsPage'), group: 'work' },
  { path: 'schedule', icon: IconRoute, page: page(() => import('../schedule/index.ts'), 'SchedulePage'), group: 'work' },
  { path: 'remote', icon: IconDeviceDesktopShare, page: page(() => import('../remote-access/index.ts'), 'RemotePage'), group: 'work' },
  { path: 'clients', icon: IconUsers, page: page(() => import('../clients/index.ts'), 'ClientsPage'), group: 'base' },
  { path: 'companies', icon: IconBuilding, page: page(() => import('../companies/index.ts'), 'CompaniesPage'), group: 'base' },
  { path: 'contacts', icon: IconAddressBook, page: page(() => import('../contacts/index.ts'), 'ContactsPage'), group: 'base' },
  { path: 'assets', icon: IconDeviceDesktop, page: page(() => import('../assets/index.ts'), 'AssetsPage'), group: 'base' },
  { path: 'contracts', icon: IconFileCertificate, page: page(() => import('../contracts/index.ts'), 'ContractsPage'), group: 'base' },
  { path: 'articles', icon: IconBook2, page: page(() => import('../knowledge/index.ts'), 'ArticlesPage'), group: 'base' },
  { path: 'search', icon: IconSearch, page: page(() => import('../search/index.ts'), 'SearchPage'), group: 'base' },
  { path: 'exchange', icon: IconTransfer, page: page(() => import('../imports/index.ts'), 'ExchangePage'), permission: 'import.run', group: 'house' },
  { path: 'audit', icon: IconHistory, page: page(() => import('../audit/index.ts'), 'AuditPage'), permission: 'audit.read', group: 'house' },
  { path: 'trash', icon: IconTrash, page: page(() => import('../trash/index.ts'), 'TrashPage'), permission: 'trash.read', group: 'house' },
  { path: 'settings', icon: IconSettings, page: page(() => import('../settings/index.ts'), 'SettingsPage'), group: 'house' },
];
