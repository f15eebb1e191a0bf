import { MAX_PART, type Attachment } from '../../src-shared/attachments/model.ts';
import { SAFE_IMAGES } from '../../src-shared/attachments/rules.ts';
import { client } from '../app/client.ts';

const THUMBNAIL = 160;
/** Larger pictures are only handed over: drawing one takes many times its bytes. */
const MAX_DRAWN = 40 * 1024 * 1024;

/** Whether the content is on this copy. */
export const isHere = (file: Attachment): boolean => file.place === 'both' || file.place === 'here';

/** Whether the page can show it: a picture without script in it, and not too large to draw. */
export const isPicture = (file: Attachment): boolean => SAFE_IMAGES.has(file.media_type) && file.size <= MAX_DRAWN;

/** The whole content, read piece by piece. */
export async function readContent(file: Attachment, signal?: AbortSignal): Promise<Blob> {
  const parts: Blob[] = [];
  for (let offset = 0; offset < file.size; offset += MAX_PART) {
    parts.push(await client.attachments.content({ id: file.id, offset, length: Math.min(MAX_PART, file.size - offset) }, signal ? { signal } : {}));
  }
  return new Blob(parts, { type: SAFE_IMAGES.has(file.media_type) ? file.media_type : 'application/octet-stream' });
}

/** A small picture of a picture, as an address; null where the browser cannot read it. */
export async function drawThumbnail(file: Attachment, signal?: AbortSignal): Promise<string | null> {
  const blob = await readContent(file, signal);
  const bitmap = await createImageBitmap(blob).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.max(THUMBNAIL / bitmap.width, THUMBNAIL / bitmap.height);
  const canvas = document.createElement('canvas');
  canvas.width = THUMBNAIL;
  canvas.height = THUMBNAIL;
  const width = bitmap.width * scale;
  const height = bitmap.height * scale;
  canvas.getContext('2d')?.drawImage(bitmap, (THUMBNAIL - width) / 2, (THUMBNAIL - height) / 2, width, height);
  bitmap.close();
  return canvas.toDataURL('image/webp', 0.8);
}
