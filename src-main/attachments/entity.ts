import type { Entity } from '../../src-shared/audit/model.ts';
import { OWNERS } from '../../src-shared/attachments/model.ts';
import { attachmentPolicy } from '../../src-shared/attachments/rules.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { attachments } from './tables.ts';

/** Where the content of row `t` is known to be, out of the journal. */
const PLACE = `coalesce((SELECT CASE WHEN c.stored_at IS NOT NULL AND c.hub_epoch IS NOT NULL THEN 'both' WHEN c.stored_at IS NOT NULL THEN 'here' WHEN c.hub_epoch IS NOT NULL THEN 'hub' END
  FROM local_contents c WHERE c.sha256 = t.sha256), 'nowhere')`;

/**
 * The hub's word that it has a content holds as long as it has a row for it. Where one of several goes, or a new one comes, the hub may have removed the content
 * with the last that it knew: it is asked anew. One that goes as the last takes the content along.
 */
const ASK_ANEW = 'UPDATE local_contents SET hub_epoch = NULL WHERE sha256 = ? AND hub_epoch IS NOT NULL AND (? IS NULL OR EXISTS (SELECT 1 FROM attachments WHERE sha256 = ? AND id <> ?))';

export const attachmentEntity: EntityDefinition = {
  name: 'attachments',
  table: attachments,
  label: 'file_name',
  groups: { content: ['sha256', 'size', 'media_type'], owner: ['entity', 'row_id'] },
  refs: { created_by: 'users' },
  search: (row) => [row['file_name'] as string],
  policy: attachmentPolicy,
  derive: (db, { id, sha256, deleted_at }) => void db.run(ASK_ANEW, sha256 as string, deleted_at, sha256 as string, id),
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
