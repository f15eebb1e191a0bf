import { ORPCError } from '@orpc/client';
import i18next from 'i18next';
import type { ErrorData } from '../../src-shared/kernel/errors.ts';

export interface Refusal {
  code: string;
  message: string;
  data: ErrorData;
}

/** What a failed call says to a person: the typed refusal of the core, or that the core could not be reached. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ORPCError) return { code: String(error.code), message: error.message, data: (error.data as ErrorData | undefined) ?? {} };
  if (error instanceof TypeError) return { code: 'UNREACHABLE', message: i18next.t('app:errors_page.unreachable'), data: {} };
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), data: {} };
}

/** Sentences per field of a refused form. */
export function fieldErrors(refusal: Refusal): Record<string, string> {
  const { issues, field } = refusal.data;
  if (!issues) return field ? { [field]: refusal.message } : {};
  return Object.fromEntries(issues.map((issue) => [issue.field.split('.')[0] ?? issue.field, issue.field === field ? refusal.message : i18next.t(`kernel:errors.${issue.detail}`, { field: issue.field, ...issue.params, defaultValue: refusal.message })]));
}
