import type { Command } from 'commander';
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { OWNER_ENTITIES, PART, MAX_ATTACHMENT, type Attachment, type AttachmentOwner } from '../../src-shared/attachments/model.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import type { Client } from './connect.ts';
import { print } from './output.ts';
import { say } from './words.ts';

/** `attach ENTITY REF FILE…`, `attachments [ENTITY REF]`. */
export function attachCommands(program: Command): void {
  withCommonOptions(program.command('attach').description('add files to a ticket, an appointment or an asset'))
    .argument('<entity>', OWNER_ENTITIES.join(', '))
    .argument('<ref>', 'its number or id')
    .argument('<files...>', 'the files, up to 200 MB each')
    .action((entity: string, ref: string, files: string[], options: CommonOptions) =>
      runConnected(options, async ({ client }) => {
        const owner = ownerOf(entity);
        const items: Attachment[] = [];
        for (const file of files) items.push(await send(client, owner, ref, file));
        print(options.json ?? false, { items }, () => items.map((one) => say('attached', { name: one.file_name, size: one.size, sha256: one.sha256 })));
      }),
    );

  withCommonOptions(program.command('attachments').description('files of a row, or of all rows, and how many are on the hub'))
    .argument('[entity]', OWNER_ENTITIES.join(', '))
    .argument('[ref]', 'its number or id')
    .action((entity: string | undefined, ref: string | undefined, options: CommonOptions) =>
      runConnected(options, async ({ client }) => {
        const asked = { ...(entity === undefined ? {} : { entity: ownerOf(entity) }), ...(ref === undefined ? {} : { row_id: ref }) };
        const summary = await client.attachments.summary(asked);
        const items: Attachment[] = [];
        let cursor: string | undefined;
        do {
          const page = await client.attachments.list({ ...asked, limit: 200, ...(cursor ? { cursor } : {}) });
          items.push(...page.items);
          cursor = page.next_cursor ?? undefined;
        } while (cursor);
        print(options.json ?? false, { ...summary, items }, () => [
          ...items.map((one) => say('attachment_line', { id: one.no ?? one.id, name: one.file_name, size: one.size, entity: one.entity, place: one.place })),
          say('attachments_counted', { total: summary.total, here: summary.here, on_hub: summary.on_hub }),
        ]);
      }),
    );
}

/** The entity that a word means: `ticket` is as good as `tickets`. */
function ownerOf(word: string): AttachmentOwner {
  const found = OWNER_ENTITIES.find((entity) => entity === word || entity === `${word}s`);
  if (!found) throw invalid('entity', 'not_one_of', { values: OWNER_ENTITIES.join(', ') });
  return found;
}

const changed = (file: string): AppError => new AppError('INVALID', { field: 'file', detail: 'file_changed', params: { file } });

async function openFile(file: string): Promise<FileHandle> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle && (await handle.stat()).isFile()) return handle;
  await handle?.close();
  throw new AppError('NOT_FOUND', { field: 'file', detail: 'file_unreadable', params: { file } });
}

/** Sends a file piece by piece; one that changes meanwhile is not kept. @throws AppError INVALID `attachment_empty`, `file_changed`; TOO_LARGE; NOT_FOUND */
async function send(client: Client, entity: AttachmentOwner, row_id: string, file: string): Promise<Attachment> {
  const handle = await openFile(file);
  let upload: string | null = null;
  try {
    const before = await handle.stat();
    if (before.size === 0) throw new AppError('INVALID', { field: 'file', detail: 'attachment_empty' });
    if (before.size > MAX_ATTACHMENT) throw new AppError('TOO_LARGE', { field: 'file', detail: 'attachment_too_large', params: { max: MAX_ATTACHMENT / 1024 / 1024 } });
    ({ id: upload } = await client.attachments.begin({ entity, row_id, file_name: basename(file), size: before.size }));
    const hash = createHash('sha256');
    const piece = new Uint8Array(PART);
    for (let offset = 0; offset < before.size; ) {
      const { bytesRead } = await handle.read(piece, 0, Math.min(PART, before.size - offset), offset);
      if (bytesRead === 0) throw changed(file);
      const bytes = piece.slice(0, bytesRead);
      hash.update(bytes);
      await client.attachments.part({ id: upload, offset, part: new File([bytes], 'part') });
      offset += bytesRead;
    }
    const after = await handle.stat();
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(file);
    const made = await client.attachments.finish({ id: upload, sha256: hash.digest('hex') });
    upload = null;
    return made;
  } finally {
    await handle.close();
    if (upload) await client.attachments.cancel({ id: upload }).catch(() => {});
  }
}
