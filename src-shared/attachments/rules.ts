import { ALLOWED, may, refuse, type RowPolicy } from '../kernel/permissions.ts';
import { MAX_ATTACHMENT, MAX_FILE_NAME, OWNERS, type AttachmentOwner } from './model.ts';

const SHA256 = /^[0-9a-f]{64}$/;
/** Whether a text is the hex of a SHA-256: the only thing out of a row that becomes part of a path. */
export const isSha256 = (text: unknown): text is string => typeof text === 'string' && SHA256.test(text);

const isOwner = (entity: unknown): entity is AttachmentOwner => typeof entity === 'string' && Object.hasOwn(OWNERS, entity);

/**
 * A file follows the row that it hangs on: whoever may change that, adds, renames and deletes its files. What a file is and where it hangs
 * never changes, and a row that could not be one is refused wherever it comes from.
 */
export const attachmentPolicy: RowPolicy<Record<string, unknown>> = (actor, action, before, after, context) => {
  const row = after ?? before ?? {};
  if (!isOwner(row['entity']) || !isSha256(row['sha256']) || typeof row['row_id'] !== 'string') return refuse('attachment_malformed');
  const size = row['size'];
  if (!Number.isSafeInteger(size) || (size as number) < 1 || (size as number) > MAX_ATTACHMENT) return refuse('attachment_malformed');
  if (action === 'update' && before && after && FIXED.some((column) => before[column] !== after[column])) return refuse('attachment_fixed');
  if (action === 'purge') return may(actor, 'trash.purge') ? ALLOWED : refuse('trash_purge');
  if (action === 'delete' && context?.with_parent) return ALLOWED;
  return may(actor, OWNERS[row['entity']].write) ? ALLOWED : refuse('attachment_not_yours');
};

const FIXED = ['entity', 'row_id', 'sha256', 'size', 'media_type'] as const;

/** Control characters, marks that turn the direction of writing, and what is not seen at all. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** What Windows takes in no file name. */
const FORBIDDEN = /[<>:"|?*]/g;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const MAX_EXTENSION = 20;
const MAX_BYTES = 240;

/** Bytes of a text in UTF-8. */
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** A file name that any system takes and that shows what it is, out of whatever was given; never used as a path here. */
export function cleanFileName(given: string): string {
  const last = given.normalize('NFC').toWellFormed().replace(UNSEEN, '').split(/[\\/]/).at(-1) ?? '';
  const plain = last.replace(FORBIDDEN, '_').replace(/\s+/g, ' ').replace(/^[. ]+|[. ]+$/g, '');
  const named = RESERVED.test(plain) ? `_${plain}` : plain;
  return shortened(named) || 'file';
}

/** The ending stays, the middle goes. */
function shortened(name: string): string {
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= MAX_EXTENSION ? name.slice(dot) : '';
  const letters = Array.from(name.slice(0, name.length - ending.length));
  while (letters.length > 0 && (letters.length + ending.length > MAX_FILE_NAME || bytesOf(letters.join('')) + bytesOf(ending) > MAX_BYTES)) letters.pop();
  return letters.join('').trimEnd() + ending;
}

/** `Content-Disposition` of a file (RFC 6266, RFC 5987): its name for old readers in ASCII, and as it is. */
export function contentDisposition(kind: 'attachment' | 'inline', given: string): string {
  const name = cleanFileName(given);
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*!]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** Pictures that a browser draws and that can hold no script; everything else is handed over as a download. */
export const SAFE_IMAGES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);

const TYPES: Record<string, string> = {
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif', bmp: 'image/bmp', heic: 'image/heic', svg: 'image/svg+xml',
  pdf: 'application/pdf', txt: 'text/plain', log: 'text/plain', csv: 'text/csv', json: 'application/json', xml: 'application/xml', zip: 'application/zip', mp4: 'video/mp4', mov: 'video/quicktime', mp3: 'audio/mpeg', ogg: 'audio/ogg',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const UNKNOWN = 'application/octet-stream';
const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,80}$/;

/** The media type of a file: as it was said, where that is one, else by the ending of its name. */
export function mediaTypeOf(fileName: string, said?: string | null): string {
  const plain = (said ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (MEDIA_TYPE.test(plain) && plain !== UNKNOWN) return plain;
  return TYPES[fileName.split('.').at(-1)?.toLowerCase() ?? ''] ?? UNKNOWN;
}

/** A `Range` header on a content of a size: the first and the last byte, null where the whole is meant, `unsatisfiable` beyond its end (RFC 9110, one range). */
export function rangeOf(header: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const tail = Number(match[2]);
    return tail === 0 ? 'unsatisfiable' : { start: Math.max(0, size - tail), end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  if (start >= size) return 'unsatisfiable';
  return end < start ? null : { start, end };
}
