import { implement, ORPCError, ValidationError } from '@orpc/server';
import { v7 as uuidv7 } from 'uuid';
import { contract } from '../../src-shared/contract.ts';
import type { OperationMeta } from '../../src-shared/kernel/contract.ts';
import { AppError, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { issueDetail } from '../../src-shared/kernel/issues.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { admit, languageOf, type CallContext } from './call.ts';
import type { Session } from './session.ts';

/**
 * The contract, ready to be given its handlers. Every handler sits behind one guard: who calls, may he, has this very call been
 * answered before; and whatever goes wrong leaves as a typed error in the caller's language.
 */
export const os = implement(contract)
  .$context<CallContext>()
  .use(async ({ context, next, path, procedure }, input, output) => {
    const operation = path.join('.');
    try {
      const admission = await admit(context, operation, procedure['~orpc'].meta as unknown as OperationMeta, input);
      if ('replay' in admission) return output(admission.replay);
      const answer = await next({ context: admission.context });
      await admission.context.session?.settled?.();
      return answer;
    } catch (error) {
      throw asDoorError(error, context, operation);
    }
  });

/** The session of a call whose operation is not public. */
export function sessionOf(context: CallContext): Session {
  if (!context.session) throw new AppError('UNAUTHENTICATED', {});
  return context.session;
}

/** The session of a call whose whole answer is the list that is asked of it: a door that speaks JSON gets it straight from the store. */
export function listingOf(context: CallContext): Session {
  return { ...sessionOf(context), answer: context.answer };
}

/** What leaves the house for an error that was thrown inside: code, status, a sentence for a person, the field at fault. */
export function asDoorError(error: unknown, context: CallContext, operation: string): unknown {
  const language = languageOf(context, context.actor ?? null);
  if (error instanceof AppError) return typedError(error, language);
  if (error instanceof ORPCError) {
    if (error.cause instanceof ValidationError && error.code === 'BAD_REQUEST') return typedError(refusalOf(error.cause), language);
    if (!(error.cause instanceof ValidationError)) return error;
  }
  const correlation = uuidv7();
  context.house.log.error({ err: error, operation, correlation }, 'operation failed');
  return typedError(new AppError('INTERNAL', { correlation_id: correlation }), language);
}

function typedError(error: AppError, language: 'ru' | 'en'): ORPCError<string, ErrorData> {
  return new ORPCError(error.code, { status: error.status, message: translateError(language, error.code, error.data), data: error.data, cause: error });
}

/** What was sent is no object with fields at all, or a field of it is at fault. */
function refusalOf(error: ValidationError): AppError {
  const data = validationData(error);
  return data.field === '' && data.params?.['expected'] === 'object' ? new AppError('BAD_REQUEST', { detail: 'body_expected' }) : new AppError('INVALID', data);
}

/** Zod's issues as fields at fault with message keys; the first one stands for all. */
function validationData(error: ValidationError): ErrorData {
  const issues = error.issues.map((issue) => {
    const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return { field, ...issueDetail(issue) };
  });
  return { field: issues[0]?.field, detail: issues[0]?.detail, params: issues[0]?.params, issues };
}
