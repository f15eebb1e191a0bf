import type { CallContext } from '../core/call.ts';
import { listingOf, os, sessionOf } from '../core/os.ts';
import type { Contents } from './contents.ts';
import { readPiece } from './serve.ts';
import { attach, getAttachment, listAttachments, removeAttachment, renameAttachment } from './service.ts';
import { summarize } from './summary.ts';
import { beginUpload, cancelUpload, finishUpload, listUploads, takePart } from './uploads.ts';

const contentsOf = (context: CallContext): Contents => context.house.attachments.of(sessionOf(context).actor.organization_id);

/** A file in memory as the stream that it is taken in as. */
const streamOf = (file: Blob): AsyncIterable<Uint8Array> => file.stream() as unknown as AsyncIterable<Uint8Array>;

export const attachmentsHandlers = {
  list: os.attachments.list.handler(({ input, context }) => listAttachments(listingOf(context), input)),
  get: os.attachments.get.handler(({ input, context }) => getAttachment(sessionOf(context), input.id)),
  create: os.attachments.create.handler(({ input: { file, file_name, ...owner }, context }) =>
    attach(sessionOf(context), contentsOf(context), { ...owner, file_name: file_name || file.name, media_type: file.type }, streamOf(file)),
  ),
  update: os.attachments.update.handler(({ input: { id, ...patch }, context }) => renameAttachment(sessionOf(context), id, patch)),
  delete: os.attachments.delete.handler(({ input, context }) => removeAttachment(sessionOf(context), input.id)),
  content: os.attachments.content.handler(({ input: { id, ...range }, context }) => readPiece(contentsOf(context), getAttachment(sessionOf(context), id), range)),
  summary: os.attachments.summary.handler(({ input, context }) => summarize(sessionOf(context), context.house, input)),
  begin: os.attachments.begin.handler(({ input, context }) => beginUpload(sessionOf(context), contentsOf(context), context.house.config.dataDir, input)),
  uploads: os.attachments.uploads.handler(({ input, context }) => ({ items: listUploads(sessionOf(context), input) })),
  part: os.attachments.part.handler(({ input, context }) => takePart(sessionOf(context), contentsOf(context), input.id, input.offset, input.part)),
  finish: os.attachments.finish.handler(({ input, context }) => finishUpload(sessionOf(context), contentsOf(context), input.id, input.sha256)),
  cancel: os.attachments.cancel.handler(async ({ input, context }) => {
    await cancelUpload(sessionOf(context), contentsOf(context), input.id);
    return { done: true };
  }),
};
