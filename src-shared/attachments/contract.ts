import { z } from 'zod';
import { command, page, query, ref, text } from '../kernel/contract.ts';
import { deleted } from '../kernel/crud.ts';
import { attachment, attachmentFilters, attachmentInput, attachmentOwner, attachmentSummary, MAX_ATTACHMENT, OWNER_ENTITIES, upload } from './model.ts';

const tags = ['attachments'];
const one = z.object({ id: ref });
const oneUpload = z.object({ id: text(50).min(1) });
const bytes = z.coerce.number().int().nonnegative();
const SLOW = { timeout: 600_000 };

/** Who may do what follows the row that a file hangs on; the service asks for that. */
export const attachmentsContract = {
  list: query('self').route({ method: 'GET', path: '/attachments', tags, summary: 'Files of a row, or all of them: list' }).input(attachmentFilters).output(page(attachment)),
  get: query('self').route({ method: 'GET', path: '/attachments/{id}', tags, summary: 'Files: read what is known of one' }).input(one).output(attachment),
  create: command('self', SLOW)
    .route({ method: 'POST', path: '/attachments', tags, summary: 'Files: add one to a row; as a form it is taken in as a stream, with the file as its last field', successStatus: 201 })
    .input(attachmentOwner.extend({ file_name: text(1_000).optional(), file: z.file() }))
    .output(attachment),
  update: command('self').route({ method: 'PUT', path: '/attachments/{id}', tags, summary: 'Files: rename' }).input(attachmentInput.extend({ id: ref })).output(attachment),
  delete: command('self').route({ method: 'DELETE', path: '/attachments/{id}', tags, summary: 'Files: move to the trash' }).input(one).output(deleted),
  content: query('self', SLOW)
    .route({ method: 'GET', path: '/attachments/{id}/content', tags, summary: 'Files: the content, with Range and ETag; other doors than this one read up to 8 MiB at a time' })
    .input(z.object({ id: ref, offset: bytes.optional(), length: bytes.optional() }))
    .output(z.file()),
  summary: query('self')
    .route({ method: 'GET', path: '/attachments/summary', tags, summary: 'Files of a row, or all of them: how many, and how many are on the hub' })
    .input(z.object({ entity: z.enum(OWNER_ENTITIES).optional(), row_id: ref.optional() }))
    .output(attachmentSummary),

  begin: command('self')
    .route({ method: 'POST', path: '/attachments/uploads', tags, summary: 'Files: begin to add one piece by piece, or find what has arrived of one that was begun', successStatus: 201 })
    .input(
      attachmentOwner.extend({
        file_name: text(1_000).min(1),
        media_type: text(200).optional(),
        size: z.number().int().min(1).max(MAX_ATTACHMENT),
        /** By which the same file is known again, such as the moment of its last change: an upload that was cut short goes on. */
        fingerprint: text(200).optional(),
      }),
    )
    .output(upload),
  uploads: query('self')
    .route({ method: 'GET', path: '/attachments/uploads', tags, summary: 'Files: own ones that have not arrived whole' })
    .input(z.object({ entity: z.enum(OWNER_ENTITIES).optional(), row_id: ref.optional() }))
    .output(z.object({ items: z.array(upload) })),
  part: command('self', { timeout: 120_000 })
    .route({ method: 'PUT', path: '/attachments/uploads/{id}', tags, summary: 'Files: the next piece, up to 8 MiB; answered once it is on the disk' })
    .input(oneUpload.extend({ offset: bytes, part: z.file() }))
    .output(upload),
  finish: command('self', SLOW)
    .route({ method: 'POST', path: '/attachments/uploads/{id}/finish', tags, summary: 'Files: all pieces are there; calling again answers the same file', successStatus: 201 })
    .input(oneUpload.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/).optional() }))
    .output(attachment),
  cancel: command('self').route({ method: 'DELETE', path: '/attachments/uploads/{id}', tags, summary: 'Files: give up one that has not arrived whole' }).input(oneUpload).output(z.object({ done: z.boolean() })),
};
