import { translator } from '../../src-shared/kernel/translate.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { describeRule, nextOccurrences, parseRule } from '../../src-shared/tasks/recurrence.ts';
import { zoneOf } from '../core/calendar.ts';
import type { Session } from '../core/session.ts';

/**
 * A rule in words of the caller's language, and its first dates beginning with `due_date`; fewer than `count` where it ends.
 * @throws AppError INVALID with the fault of the rule
 */
export function previewRule(session: Session, input: { rrule: string; due_date: string; count: number }): { words: string; dates: string[] } {
  const parsed = parseRule(input.rrule);
  if (!parsed.ok) throw invalid('rrule', parsed.why, parsed.params);
  const zone = zoneOf(session.store.read);
  return { words: describeRule(input.rrule, session.language, translator(session.language, 'tasks'), zone), dates: nextOccurrences(input.rrule, input.due_date, zone, input.count) };
}
