import { os, sessionOf } from '../core/os.ts';

export const progressHandlers = {
  list: os.progress.list.handler(({ context }) => ({ items: context.house.longTasks.list(sessionOf(context).actor.user_id) })),
  cancel: os.progress.cancel.handler(({ input, context }) => context.house.longTasks.cancel(sessionOf(context).actor.user_id, input.id)),
};
