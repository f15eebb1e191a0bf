import { OWNER_ENTITIES } from '../../src-shared/attachments/model.ts';
import type { Searchable } from '../../src-shared/search/contract.ts';
import { OPEN_TICKET_STATUSES } from '../../src-shared/tickets/model.ts';
import { REGISTRY } from '../core/entities.ts';
import { metaOf } from '../store/entity.ts';

/** How the rows of one entity are shown and weighed among the results. */
export interface Kind {
  entity: Searchable;
  weight: number;
  /** Parts of the line below the title, as SQL. */
  subtitle: readonly string[];
  /** Numbers by which the thing is known, as SQL. */
  keys?: readonly string[];
  /** Whether it is still to be done or in force; its `?` is the moment of asking. */
  open?: string;
  joins?: string;
  /** For rows that hang on another: its entity and id. */
  owner?: { entity: string; id: string };
  /** Whether people call it by its number. */
  numbered: boolean;
}

const openTickets = OPEN_TICKET_STATUSES.map((status) => `'${status}'`).join(', ');
/** Whatever takes files: where its rows are and how they are called. */
const fileOwners = OWNER_ENTITIES.map((entity, index) => {
  const { tableName: table, label } = metaOf(REGISTRY, entity);
  return { entity, table, label, alias: `o${index}` };
});
const client = 'LEFT JOIN clients c ON c.id = t.client_id';

export const KINDS: readonly Kind[] = [
  { entity: 'clients', weight: 100, subtitle: ['coalesce(k.name, t.company_name)', 't.phone', 't.address'], keys: ['t.phone', 't.phones'], joins: 'LEFT JOIN companies k ON k.id = t.company_id', numbered: true },
  { entity: 'companies', weight: 90, subtitle: ['t.inn', 't.address'], keys: ['t.inn', 't.ogrn', 't.phone'], numbered: true },
  { entity: 'tickets', weight: 80, subtitle: ['c.name'], open: `t.status IN (${openTickets})`, joins: client, numbered: true },
  { entity: 'contacts', weight: 80, subtitle: ['t.position', 'coalesce(k.name, c.name)'], keys: ['t.phone', 't.phones'], joins: `${client} LEFT JOIN companies k ON k.id = t.company_id`, numbered: true },
  { entity: 'assets', weight: 60, subtitle: ['c.name', 't.serial_number'], keys: ['t.serial_number', 't.inventory_number', 't.model'], joins: client, numbered: true },
  { entity: 'contracts', weight: 60, subtitle: ['c.name', 't.number'], keys: ['t.number'], open: '(t.end_date IS NULL OR t.end_date >= substr(?, 1, 10))', joins: client, numbered: true },
  { entity: 'tasks', weight: 60, subtitle: ['c.name'], open: "t.status <> 'completed'", joins: client, numbered: true },
  { entity: 'articles', weight: 50, subtitle: ['c.name'], open: "t.status <> 'archived'", joins: client, numbered: true },
  { entity: 'users', weight: 50, subtitle: ['t.email'], keys: ['t.phone'], numbered: false },
  { entity: 'appointments', weight: 40, subtitle: ['c.name', 't.address'], open: "t.status = 'scheduled'", joins: client, numbered: true },
  {
    entity: 'notes',
    weight: 0,
    subtitle: ['coalesce(c.name, k.name, i.subject, a.title)'],
    joins: `${client} LEFT JOIN companies k ON k.id = t.company_id LEFT JOIN tickets i ON i.id = t.ticket_id LEFT JOIN tasks a ON a.id = t.task_id`,
    owner: {
      entity: "CASE WHEN t.client_id IS NOT NULL THEN 'clients' WHEN t.company_id IS NOT NULL THEN 'companies' WHEN t.ticket_id IS NOT NULL THEN 'tickets' WHEN t.task_id IS NOT NULL THEN 'tasks' END",
      id: 'coalesce(t.client_id, t.company_id, t.ticket_id, t.task_id)',
    },
    numbered: false,
  },
  {
    entity: 'attachments',
    weight: 10,
    subtitle: [`coalesce(${fileOwners.map((owner) => `${owner.alias}.${owner.label}`).join(', ')})`],
    joins: fileOwners.map((owner) => `LEFT JOIN ${owner.table} ${owner.alias} ON t.entity = '${owner.entity}' AND ${owner.alias}.id = t.row_id`).join(' '),
    owner: { entity: 't.entity', id: 't.row_id' },
    numbered: false,
  },
];
