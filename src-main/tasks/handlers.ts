import { translator } from '../../src-shared/kernel/translate.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { describeRule, nextOccurrences, parseRule } from '../../src-shared/tasks/recurrence.ts';
import { os, sessionOf } from '../core/os.ts';
import { zoneOf } from '../core/calendar.ts';
import { tasks } from './service.ts';

export const tasksHandlers = {
  list: os.tasks.list.handler(({ input, context }) => tasks.list(sessionOf(context), input)),
  create: os.tasks.create.handler(({ input, context }) => tasks.create(sessionOf(context), input)),
  get: os.tasks.get.handler(({ input, context }) => tasks.get(sessionOf(context), input.id)),
  update: os.tasks.update.handler(({ input: { id, scope, ...patch }, context }) => tasks.update(sessionOf(context), id, patch, scope)),
  delete: os.tasks.delete.handler(({ input, context }) => tasks.remove(sessionOf(context), input.id, input.scope)),
  complete: os.tasks.complete.handler(({ input, context }) => tasks.complete(sessionOf(context), input.id)),
  preview: os.tasks.preview.handler(({ input, context }) => {
    const session = sessionOf(context);
    const parsed = parseRule(input.rrule);
    if (!parsed.ok) throw invalid('rrule', parsed.why);
    const zone = zoneOf(session.store.read);
    return { words: describeRule(input.rrule, session.language, translator(session.language, 'tasks')), dates: nextOccurrences(input.rrule, input.due_date, zone, input.count) };
  }),
};
