import type { Entity } from '../../src-shared/audit/model.ts';
import { OWNERS } from '../../src-shared/attachments/model.ts';
import { attachmentPolicy } from '../../src-shared/attachments/rules.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { attachments } from './tables.ts';

/** Where the content of row `t` is known to be, out of the journal. */
const PLACE = `coalesce((SELECT CASE WHEN c.stored_at IS NOT NULL AND c.hub_epoch IS NOT NULL THEN 'both' WHEN c.stored_at IS NOT NULL THEN 'here' WHEN c.hub_epoch IS NOT NULL THEN 'hub' END
  FROM local_contents c WHERE c.sha256 = t.sha256), 'nowhere')`;

export const attachmentEntity: EntityDefinition = {
  name: 'attachments',
  table: attachments,
  label: 'file_name',
  groups: { content: ['sha256', 'size', 'media_type'], owner: ['entity', 'row_id'] },
  refs: { created_by: 'users' },
  search: (row) => [row['file_name'] as string],
  policy: attachmentPolicy,
  clientOf: (row, find) => {
    const entity = row['entity'] as string;
    const owner = Object.hasOwn(OWNERS, entity) ? find(entity as Entity, row['row_id'] as string) : undefined;
    return (owner?.['client_id'] as string | null | undefined) ?? null;
  },
  shown: () => ({ place: PLACE }),
};

/** Lets files go to the trash, and come back, with the rows that they hang on. */
export const withAttachments = (definitions: readonly EntityDefinition[]): EntityDefinition[] =>
  definitions.map((definition) => (Object.hasOwn(OWNERS, definition.name) ? { ...definition, children: [...(definition.children ?? []), { entity: 'attachments', column: 'row_id' }] } : definition));
