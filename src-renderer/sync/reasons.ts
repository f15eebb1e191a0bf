import { PERMISSIONS, REFUSALS } from '../../src-shared/kernel/permissions.ts';
import type { QueuedChange } from '../../src-shared/sync/model.ts';
import { RETURN_REASONS } from '../../src-shared/sync/wire.ts';
import { fieldLabel } from '../kit/valueText.ts';

type Translate = (key: string, values?: Record<string, string>) => string;
const MALFORMED = /^malformed_(.+)$/;
const isOneOf = (list: readonly string[], word: string): boolean => list.includes(word);

/** Why a change was not accepted, as two sentences: what happened, and the rule behind it. What a newer hub says is passed on as it is. */
export function reasonText({ reason, why, rows }: Pick<QueuedChange, 'reason' | 'why' | 'rows'>, t: Translate): { reason: string | null; why: string | null } {
  return { reason: reason && t(`sync:errors.${isOneOf(RETURN_REASONS, reason) ? reason : 'failed'}`), why: why && whyText(why, rows, t) };
}

function whyText(why: string, rows: QueuedChange['rows'], t: Translate): string {
  if (isOneOf(REFUSALS, why)) return t(`sync:why.${why}`);
  if (isOneOf(PERMISSIONS, why)) return t('sync:why.right', { right: t(`settings:permissions.${why}`) });
  const field = MALFORMED.exec(why)?.[1];
  if (field === undefined) return t('sync:why.technical', { text: why });
  const named = rows.map((row) => fieldLabel(row.entity, field)).find((label) => label !== field);
  return named ? t('sync:why.malformed', { field: named }) : t('sync:why.malformed_row');
}
