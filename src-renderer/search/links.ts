import type { SearchHit } from '../../src-shared/search/contract.ts';

/** Where a found row is read: on its own card, or for a note on the card that it hangs on. */
export function hitLink(hit: Pick<SearchHit, 'entity' | 'id' | 'no' | 'owner'>): string {
  if (hit.entity === 'notes') return hit.owner ? `/${hit.owner.entity}/${hit.owner.id}` : '/search';
  if (hit.entity === 'users') return `/settings/users/${hit.no ?? hit.id}`;
  return `/${hit.entity}/${hit.no ?? hit.id}`;
}
