import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_ATTACHMENT, OWNER_ENTITIES, type AttachmentOwner } from '../../src-shared/attachments/model.ts';
import { contentDisposition, rangeOf, SAFE_IMAGES } from '../../src-shared/attachments/rules.ts';
import type { OperationMeta } from '../../src-shared/kernel/contract.ts';
import { contract } from '../../src-shared/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { admit, languageOf, type CallContext } from '../core/call.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { requireContent } from './serve.ts';
import { attach, getAttachment } from './service.ts';

const FORM = { fileSize: MAX_ATTACHMENT + 1, files: 1, fields: 10, fieldSize: 2_000, headerPairs: 50 };
/** What somebody has sent us is shown to nobody as a page of ours, whatever it holds. */
const LOCKED = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cache-control': 'private, no-cache',
  'accept-ranges': 'bytes',
};

interface Parts {
  house: House;
  contextOf: (request: FastifyRequest, reply: FastifyReply) => CallContext;
}

const metaOfOperation = (name: 'create' | 'content'): OperationMeta => (contract.attachments[name] as unknown as { '~orpc': { meta: OperationMeta } })['~orpc'].meta;

/** The same words as every refusal of this door. */
async function refuse(reply: FastifyReply, context: CallContext, error: unknown): Promise<void> {
  const known = error instanceof AppError ? error : formError(error);
  if (!known) throw error;
  const language = languageOf(context, context.actor ?? null);
  void reply.status(known.status).header('content-security-policy', "default-src 'none'; frame-ancestors 'none'").header('x-content-type-options', 'nosniff');
  await reply.send({ defined: true, code: known.code, status: known.status, message: translateError(language, known.code, known.data), data: known.data, ...(known.data.field ? { field: known.data.field } : {}) });
}

/** What the reader of forms throws. */
function formError(error: unknown): AppError | null {
  const code = (error as { code?: string } | null)?.code ?? '';
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge();
  return /^FST_(FILES|FIELDS|PARTS|INVALID_MULTIPART|NO_FORM|PROTO)|^FST_INVALID|ERR_STREAM_PREMATURE_CLOSE/.test(code) || /multipart|Unexpected end of form/i.test((error as Error | null)?.message ?? '') ? new AppError('BAD_REQUEST', { detail: 'attachment_form' }) : null;
}
const tooLarge = (): AppError => new AppError('TOO_LARGE', { field: 'file', detail: 'attachment_too_large', params: { max: MAX_ATTACHMENT / 1024 / 1024 } });

async function sessionFor(context: CallContext, name: 'create' | 'content', input: unknown): Promise<{ session: Session } | { replay: unknown }> {
  const admission = await admit(context, `attachments.${name}`, metaOfOperation(name), input);
  if ('replay' in admission) return admission;
  if (!admission.context.session) throw new AppError('UNAUTHENTICATED', {});
  return { session: admission.context.session };
}

function ownerIn(fields: Record<string, unknown>): { entity: AttachmentOwner; row_id: string } {
  const { entity, row_id } = fields;
  if (!OWNER_ENTITIES.includes(entity as AttachmentOwner)) throw invalid('entity', 'not_one_of', { values: OWNER_ENTITIES.join(', ') });
  if (typeof row_id !== 'string' || row_id.trim() === '' || row_id.length > 200) throw invalid('row_id', 'required');
  return { entity: entity as AttachmentOwner, row_id };
}

/**
 * The two operations whose contents do not fit into memory, in the form of this door: a form that is taken in as a stream, and a content
 * that is sent as one, with Range and ETag. What they are called and who may call them says the contract.
 */
export function registerAttachments(app: FastifyInstance, { house, contextOf }: Parts): void {
  const contentsOf = (session: Session) => house.attachments.of(session.actor.organization_id);

  app.post<{ Querystring: Record<string, unknown> }>('/api/attachments', { helmet: false }, async (request, reply) => {
    const context = contextOf(request, reply);
    try {
      // Nobody's bytes are read before it is known who sends them.
      await sessionFor({ ...context, headers: { ...context.headers, 'idempotency-key': undefined } }, 'create', null);
      if (!request.isMultipart()) throw new AppError('BAD_REQUEST', { detail: 'attachment_form' });
      const fields: Record<string, unknown> = { ...request.query };
      for await (const part of request.parts({ limits: FORM })) {
        if (part.type === 'field') {
          fields[part.fieldname] = part.value;
          continue;
        }
        const owner = ownerIn(fields);
        const name = typeof fields['file_name'] === 'string' && fields['file_name'].trim() ? fields['file_name'].slice(0, 1_000) : part.filename;
        const opened = await sessionFor(context, 'create', { ...owner, file_name: name });
        if ('replay' in opened) {
          part.file.resume();
          return await reply.status(201).send(opened.replay);
        }
        const made = await attach(opened.session, contentsOf(opened.session), { ...owner, file_name: name, media_type: part.mimetype }, part.file);
        return await reply.status(201).header('etag', `"${made.version}"`).send(made);
      }
      throw invalid('file', 'required');
    } catch (error) {
      // The rest of a form that nobody wants is not waited for.
      if (!request.raw.readableEnded) void reply.header('connection', 'close');
      return refuse(reply, context, error);
    }
  });

  app.get<{ Params: { id: string }; Querystring: Record<string, string | undefined> }>('/api/attachments/:id/content', { helmet: false }, async (request, reply) => {
    const context = contextOf(request, reply);
    try {
      const opened = await sessionFor(context, 'content', null);
      if ('replay' in opened) throw new AppError('BAD_REQUEST', {});
      const { session } = opened;
      const file = getAttachment(session, request.params.id);
      const contents = contentsOf(session);
      await requireContent(contents, file);
      const etag = `"${file.sha256}"`;
      const shown = SAFE_IMAGES.has(file.media_type);
      void reply.headers(LOCKED).header('etag', etag).header('content-disposition', contentDisposition(shown ? 'inline' : 'attachment', file.file_name));
      void reply.type(shown ? file.media_type : 'application/octet-stream');
      if (namesTag(request.headers['if-none-match'], etag)) return await reply.status(304).send();
      const mayRange = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
      const asked = mayRange ? rangeOf(request.headers.range ?? rangeInQuery(request.query), file.size) : null;
      if (asked === 'unsatisfiable') return await reply.status(416).header('content-range', `bytes */${file.size}`).type('application/json').send({ code: 'INVALID', message: 'Range not satisfiable' });
      const { start, end } = asked ?? { start: 0, end: file.size - 1 };
      if (asked) void reply.status(206).header('content-range', `bytes ${start}-${end}/${file.size}`);
      void reply.header('content-length', end - start + 1);
      return await reply.send(contents.read(file.sha256, { start, end }));
    } catch (error) {
      return refuse(reply, context, error);
    }
  });
}

const namesTag = (header: string | undefined, etag: string): boolean => (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);

/** The contract's own spelling of a range. */
function rangeInQuery({ offset, length }: Record<string, string | undefined>): string | undefined {
  if (offset === undefined && length === undefined) return undefined;
  const start = Number(offset ?? 0);
  return `bytes=${start}-${length === undefined ? '' : start + Number(length) - 1}`;
}
