import type { z } from 'zod';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { may } from '../../src-shared/kernel/permissions.ts';
import { MAX_ATTACHMENT, OWNER_ENTITIES, OWNERS, type Attachment, type AttachmentOwner, type attachmentFilters } from '../../src-shared/attachments/model.ts';
import { cleanFileName, mediaTypeOf } from '../../src-shared/attachments/rules.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Contents } from './contents.ts';
import type { Stored } from './files.ts';

type Filters = z.infer<typeof attachmentFilters>;

/** The row that files hang on, as a call names it. */
export interface OwnerInput {
  entity: AttachmentOwner;
  row_id: Ref;
}

const crud = createCrud<Attachment, Filters>('attachments', {
  conditions: (filters, resolve) => [
    ...equals('entity', filters.entity),
    ...equals('row_id', filters.row_id === undefined || filters.entity === undefined ? undefined : resolve(filters.entity, filters.row_id, 'row_id')),
  ],
  prepare: (_tx, values, before) => {
    if (before) for (const column of Object.keys(values)) if (column !== 'file_name') delete values[column];
    if (typeof values['file_name'] === 'string') values['file_name'] = cleanFileName(values['file_name']);
  },
});

/** Refuses whoever may not do that with the rows that files hang on; with all of them, where none is named. @throws AppError FORBIDDEN */
export function wants(session: Session, what: 'read' | 'write', entity: AttachmentOwner | undefined): void {
  for (const one of entity ? [entity] : OWNER_ENTITIES) {
    const permission = OWNERS[one][what];
    if (!may(session.actor, permission)) throw new AppError('FORBIDDEN', { detail: 'permission', params: { permission } });
  }
}

/** The id of the row that a file is to hang on. @throws AppError FORBIDDEN, REFERENCE_NOT_FOUND, INVALID where a row is named without its kind */
export function ownerOf(session: Session, what: 'read' | 'write', input: { entity?: AttachmentOwner | undefined; row_id?: Ref | undefined }): string | undefined {
  wants(session, what, input.entity);
  if (input.row_id === undefined) return undefined;
  if (!input.entity) throw new AppError('INVALID', { field: 'entity', detail: 'required' });
  return resolveRef(session.store.read, REGISTRY, input.entity, input.row_id, { field: 'row_id' });
}

/** A file of the organisation, if its row may be read. @throws AppError NOT_FOUND, FORBIDDEN */
export function getAttachment(session: Session, ref: Ref): Attachment {
  const row = crud.get(session, ref);
  wants(session, 'read', row.entity);
  return row;
}

export const listAttachments = (session: Session, input: Filters): ReturnType<typeof crud.list> => {
  ownerOf(session, 'read', input);
  return crud.list(session, input);
};

export function renameAttachment(session: Session, ref: Ref, input: { file_name?: string | undefined }): Attachment {
  wants(session, 'write', getAttachment(session, ref).entity);
  return crud.update(session, ref, input);
}

export function removeAttachment(session: Session, ref: Ref): { id: string; change_id: string } {
  wants(session, 'write', getAttachment(session, ref).entity);
  return crud.remove(session, ref);
}

export interface NewFile extends OwnerInput {
  file_name: string;
  media_type?: string | undefined;
}

/** Writes the row of a content that is on the disk and in the journal. */
export function writeRow(session: Session, file: NewFile, stored: Stored, id?: string): Attachment {
  const row_id = ownerOf(session, 'write', file);
  const file_name = cleanFileName(file.file_name);
  const values = { entity: file.entity, row_id, file_name, media_type: mediaTypeOf(file_name, file.media_type), size: stored.size, sha256: stored.sha256 };
  return session.mutate((tx) => {
    tx.require(file.entity, String(row_id));
    return crud.present(tx.db, crud.insertIn(tx, values, id === undefined ? {} : { id }).rid);
  });
}

/**
 * Adds a file to a row out of a stream. The order is what a crash at any moment leaves whole: content on the disk, journal, row, answer.
 * @throws AppError TOO_LARGE, INVALID `attachment_empty`, FORBIDDEN, REFERENCE_NOT_FOUND, STORE_UNAVAILABLE
 */
export async function attach(session: Session, contents: Contents, file: NewFile, source: AsyncIterable<Uint8Array>): Promise<Attachment> {
  ownerOf(session, 'write', file);
  const { release, ...stored } = await contents.take(source, MAX_ATTACHMENT);
  try {
    return writeRow(session, file, stored);
  } finally {
    release();
  }
}

/** An attachment by its id, in the trash or not. */
export const attachmentById = (session: Session, id: string): Attachment | undefined => {
  const row = session.store.read.get<{ rid: number }>('SELECT rid FROM attachments WHERE id = ?', id);
  return row && crud.present(session.store.read, row.rid);
};
