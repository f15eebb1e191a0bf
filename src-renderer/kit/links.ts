/** Entities that have a page of their own; the name is the first part of its address. */
export const ENTITY_NAMES = ['clients', 'companies', 'contacts', 'assets', 'contracts', 'tickets', 'tasks', 'appointments', 'users', 'branches'] as const;
export type EntityName = (typeof ENTITY_NAMES)[number];

/** Address of a card. */
export const cardLink = (entity: string, row: { id: string; no: number | null }): string => `/${entity}/${row.no ?? row.id}`;
