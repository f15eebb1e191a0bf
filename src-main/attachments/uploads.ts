import { statfs } from 'node:fs/promises';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { MAX_PART, type Attachment, type AttachmentOwner, type Upload } from '../../src-shared/attachments/model.ts';
import { cleanFileName, mediaTypeOf } from '../../src-shared/attachments/rules.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { Session } from '../core/session.ts';
import type { SqlValue } from '../store/sqlite.ts';
import type { Contents } from './contents.ts';
import { attachmentById, ownerOf, writeRow, type NewFile } from './service.ts';
import type { Stored } from './files.ts';

interface UploadRow extends Upload {
  media_type: string;
  user_id: string;
  sha256: string | null;
}

/** Left free on the disk for everything else. */
const DISK_RESERVE = 64 * 1024 * 1024;
const MIB = 1024 * 1024;
const COLUMNS = 'id, user_id, entity, row_id, file_name, media_type, size, received, sha256, created_at';

/** Uploads that a call is working on: two pieces at once would overwrite each other. */
const busy = new Set<string>();

const shown = ({ id, entity, row_id, file_name, size, received, created_at }: UploadRow): Upload => ({ id, entity, row_id, file_name, size, received, created_at });

function own(session: Session, id: string): UploadRow {
  const row = session.store.read.get<UploadRow>(`SELECT ${COLUMNS} FROM local_uploads WHERE id = ? AND user_id = ?`, id, session.actor.user_id);
  if (!row) throw new AppError('NOT_FOUND', { field: 'id', detail: 'upload_unknown' });
  return row;
}

/** Whether the whole has become a content already: a crash came before its row. */
const isKept = (contents: Contents, row: UploadRow): row is UploadRow & { sha256: string } => row.sha256 !== null && contents.sizeOf(row.sha256) === row.size;

/** The same as it is on the disk: where that has lost the beginning, as after a loss of power, the upload starts over. */
async function asOnDisk(session: Session, contents: Contents, row: UploadRow): Promise<UploadRow> {
  if (isKept(contents, row) || row.received === 0 || (await contents.growing(row.id).size()) >= row.received) return row;
  session.store.local.run('UPDATE local_uploads SET received = 0 WHERE id = ?', row.id);
  return { ...row, received: 0 };
}

async function alone<T>(id: string, work: () => Promise<T>): Promise<T> {
  if (busy.has(id)) throw new AppError('CONFLICT', { detail: 'upload_busy' });
  busy.add(id);
  try {
    return await work();
  } finally {
    busy.delete(id);
  }
}

/** Begins an upload, or finds one that was cut short: of the same person, row, name, size and fingerprint. @throws AppError STORE_UNAVAILABLE `disk_full` */
export async function beginUpload(session: Session, contents: Contents, dataDir: string, file: NewFile & { size: number; fingerprint?: string | undefined }): Promise<Upload> {
  const row_id = String(ownerOf(session, 'write', file));
  const file_name = cleanFileName(file.file_name);
  const known = file.fingerprint
    ? session.store.read.get<UploadRow>(`SELECT ${COLUMNS} FROM local_uploads WHERE user_id = ? AND row_id = ? AND entity = ? AND file_name = ? AND size = ? AND fingerprint = ?`, session.actor.user_id, row_id, file.entity, file_name, file.size, file.fingerprint)
    : undefined;
  if (known) return shown(await asOnDisk(session, contents, known));
  const disk = await statfs(dataDir);
  if (disk.bavail * disk.bsize < file.size + DISK_RESERVE) throw new AppError('STORE_UNAVAILABLE', { field: 'file', detail: 'disk_full' });
  const now = session.now();
  const row: UploadRow = { id: uuidv7(), user_id: session.actor.user_id, entity: file.entity, row_id, file_name, media_type: mediaTypeOf(file_name, file.media_type), size: file.size, received: 0, sha256: null, created_at: now };
  session.store.local.run(
    'INSERT INTO local_uploads (id, user_id, entity, row_id, file_name, media_type, size, fingerprint, received, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)',
    row.id,
    row.user_id,
    row.entity,
    row.row_id,
    row.file_name,
    row.media_type,
    row.size,
    file.fingerprint ?? null,
    now,
    now,
  );
  return shown(row);
}

/** Takes the next piece. One that is known already is answered with how far the upload is. @throws AppError CONFLICT `upload_gap`, `upload_busy`; TOO_LARGE; NOT_FOUND */
export function takePart(session: Session, contents: Contents, id: string, offset: number, part: Blob): Promise<Upload> {
  return alone(id, async () => {
    const row = await asOnDisk(session, contents, own(session, id));
    if (part.size > MAX_PART) throw new AppError('TOO_LARGE', { field: 'part', params: { max: MAX_PART / MIB } });
    if (offset > row.received) throw new AppError('CONFLICT', { field: 'offset', detail: 'upload_gap', params: { received: row.received } });
    if (offset + part.size <= row.received) return shown(row);
    if (offset + part.size > row.size) throw new AppError('INVALID', { field: 'part', detail: 'upload_longer' });
    await contents.growing(id).append(offset, new Uint8Array(await part.arrayBuffer()));
    const received = offset + part.size;
    session.store.local.run('UPDATE local_uploads SET received = ?, updated_at = ? WHERE id = ?', received, session.now(), id);
    return shown({ ...row, received });
  });
}

/**
 * Makes the pieces a file of the row. The file has the id of its upload, so that a call whose answer was lost finds what it did.
 * @throws AppError CONFLICT `upload_unfinished`; INVALID `content_differs` where the content has another hash than was said
 */
export async function finishUpload(session: Session, contents: Contents, id: string, sha256: string | undefined): Promise<Attachment> {
  const done = attachmentById(session, id);
  if (done && done.created_by === session.actor.user_id) return done;
  return alone(id, async () => {
    const row = await asOnDisk(session, contents, own(session, id));
    // Before anything is moved: the row may have gone to the trash meanwhile.
    ownerOf(session, 'write', row);
    if (row.received < row.size) throw new AppError('CONFLICT', { detail: 'upload_unfinished', params: { received: row.received, size: row.size } });
    const stored = await settled(session, contents, row, sha256);
    const release = contents.hold(stored.sha256);
    try {
      if (!isKept(contents, row)) await contents.growing(id).keep(stored);
      const made = writeRow(session, row, stored, id);
      await forget(session, contents, id);
      return made;
    } finally {
      release();
    }
  });
}

/** Size and hash of the whole. @throws AppError INVALID `content_differs` */
async function settled(session: Session, contents: Contents, row: UploadRow, said: string | undefined): Promise<Stored> {
  const stored = isKept(contents, row) ? { sha256: row.sha256, size: row.size } : await contents.growing(row.id).whole();
  if (stored.size !== row.size || (said !== undefined && said !== stored.sha256)) {
    await forget(session, contents, row.id);
    throw new AppError('INVALID', { field: 'file', detail: 'content_differs' });
  }
  // Written down ahead: from now on the content is not swept, though it has no row yet.
  session.store.local.run('UPDATE local_uploads SET sha256 = ? WHERE id = ?', stored.sha256, row.id);
  return stored;
}

async function forget(session: Session, contents: Contents, id: string): Promise<void> {
  session.store.local.run('DELETE FROM local_uploads WHERE id = ?', id);
  await contents.growing(id).discard();
}

/** Gives an upload up. */
export const cancelUpload = (session: Session, contents: Contents, id: string): Promise<void> =>
  alone(id, async () => {
    own(session, id);
    await forget(session, contents, id);
  });

/** The caller's own uploads that have not arrived whole, the newest first. */
export function listUploads(session: Session, input: { entity?: AttachmentOwner | undefined; row_id?: Ref | undefined }): Upload[] {
  const row = ownerOf(session, 'read', input);
  const conditions: [string, SqlValue][] = [['user_id', session.actor.user_id], ...(input.entity ? ([['entity', input.entity]] as [string, SqlValue][]) : []), ...(row ? ([['row_id', row]] as [string, SqlValue][]) : [])];
  return session.store.read.all<UploadRow>(`SELECT ${COLUMNS} FROM local_uploads WHERE ${conditions.map(([column]) => `${column} = ?`).join(' AND ')} ORDER BY created_at DESC, id DESC`, ...conditions.map(([, value]) => value)).map(shown);
}
