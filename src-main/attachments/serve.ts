import { open } from 'node:fs/promises';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { MAX_PART, type Attachment } from '../../src-shared/attachments/model.ts';
import { cleanFileName } from '../../src-shared/attachments/rules.ts';
import type { Contents } from './contents.ts';

/** The content of a file that is here, and surely on the disk. @throws AppError NOT_FOUND `content_not_here` */
export async function requireContent(contents: Contents, file: Attachment): Promise<void> {
  if ((await contents.found(file.sha256)) === null) throw new AppError('NOT_FOUND', { detail: 'content_not_here' });
}

/** A piece of a content, for doors that hold an answer in memory. @throws AppError TOO_LARGE for more than a piece */
export async function readPiece(contents: Contents, file: Attachment, range: { offset?: number | undefined; length?: number | undefined }): Promise<File> {
  await requireContent(contents, file);
  const offset = range.offset ?? 0;
  if (offset > file.size) throw invalid('offset', 'too_big', { max: file.size });
  const length = Math.min(range.length ?? file.size, file.size - offset);
  if (length > MAX_PART) throw new AppError('TOO_LARGE', { field: 'length', params: { max: MAX_PART / 1024 / 1024 } });
  const bytes = new Uint8Array(length);
  const handle = await open(contents.pathOf(file.sha256), 'r');
  try {
    for (let done = 0; done < length; ) {
      const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw new AppError('NOT_FOUND', { detail: 'content_not_here' });
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return new File([bytes], cleanFileName(file.file_name), { type: file.media_type });
}
