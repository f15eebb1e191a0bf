import type { FastifyReply, FastifyRequest } from 'fastify';
import { MAX_ATTACHMENT, MAX_PART } from '../../src-shared/attachments/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { languageOf } from '../core/call.ts';
import type { Core } from '../core/core.ts';
import { httpContext } from './doors.ts';

const MIB = 1024 * 1024;
/** A file that is handed over; the CSV of an import is the largest thing that comes in. */
export const MAX_FILE_BODY = 128 * MIB;
/** What installations exchange; each route has a limit of its own for what it unpacks. */
const MAX_SYNC_BODY = 64 * MIB;
/** A form with a file for a row is taken in as a stream; the form itself needs a little more than the file. */
const MAX_ATTACHMENT_BODY = MAX_ATTACHMENT + MIB;
/** Pieces of one are held in memory. */
const MAX_PART_BODY = MAX_PART + MIB;
/** Everything else: JSON is held in memory as a whole. */
export const MAX_BODY = 8 * MIB;

function limitOf(url: string, isForm: boolean): number {
  if (/^\/api\/attachments\/?(\?|$)/.test(url)) return isForm ? MAX_ATTACHMENT_BODY : MAX_BODY;
  if (/^\/(api|rpc)\/attachments\//.test(url)) return MAX_PART_BODY;
  return isForm ? MAX_FILE_BODY : url.startsWith('/sync/') ? MAX_SYNC_BODY : MAX_BODY;
}

/**
 * Refuses bodies that are too large with TOO_LARGE: at once where the length is declared, otherwise as soon as more has come in. The
 * doors read bodies themselves, past the server's own limit.
 */
export function limitBody(core: Core): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const { headers, raw } = request;
    const limit = limitOf(raw.url ?? '', headers['content-type']?.startsWith('multipart/form-data') ?? false);
    const error = new AppError('TOO_LARGE', { params: { max: limit / MIB } });
    const body = (): string => JSON.stringify({ code: error.code, message: translateError(languageOf(httpContext(core, 'api', request, reply), null), error.code, error.data), data: error.data });
    if (Number(headers['content-length'] ?? 0) > limit) {
      await reply.status(error.status).header('connection', 'close').type('application/json').send(body());
      return;
    }
    if (headers['transfer-encoding'] === undefined) return;
    let size = 0;
    const emit = raw.emit.bind(raw);
    raw.emit = (event: string, ...args: unknown[]) => {
      if (event === 'data') size += (args[0] as Buffer).length;
      if (size > limit && !reply.raw.headersSent) {
        reply.raw.writeHead(error.status, { 'content-type': 'application/json', connection: 'close' });
        // The rest of the body is not waited for; closing before the answer is out would swallow it.
        reply.raw.end(body(), () => raw.destroy());
      }
      return emit(event, ...args);
    };
  };
}
