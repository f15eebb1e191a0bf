import type { SearchHit } from '../../src-shared/search/contract.ts';

/** Entities that have a page of their own; the name is the first part of its address. */
export const ENTITY_NAMES = ['clients', 'companies', 'contacts', 'assets', 'contracts', 'tickets', 'tasks', 'appointments', 'articles', 'users', 'branches'] as const;
export type EntityName = (typeof ENTITY_NAMES)[number];

/** Address of a card. */
export const cardLink = (entity: string, row: { id: string; no: number | null }): string => `${SETTINGS.has(entity) ? '/settings' : ''}/${entity}/${row.no ?? row.id}`;

/** Entities whose cards stand among the settings. */
const SETTINGS = new Set(['users', 'branches']);

/** Where a found row is read: on its own card, or for a note or a file on the card that it hangs on. */
export function hitLink(hit: Pick<SearchHit, 'entity' | 'id' | 'no' | 'owner'>): string {
  if (hit.entity === 'notes') return hit.owner ? `/${hit.owner.entity}/${hit.owner.id}` : '/search';
  if (hit.entity === 'attachments') return hit.owner ? `/${hit.owner.entity}/${hit.owner.id}?tab=files` : '/search';
  return cardLink(hit.entity, hit);
}
