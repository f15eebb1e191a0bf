import { os, sessionOf } from '../core/os.ts';
import { check, importInfo, markInterrupted, run, undo, upload } from './service.ts';
import { listImports, listVerdicts } from './store.ts';

export const importsHandlers = {
  upload: os.imports.upload.handler(({ input, context }) => upload(sessionOf(context), context.house, input.file)),
  check: os.imports.check.handler(({ input: { id, ...options }, context }) => check(sessionOf(context), context.house, id, options)),
  run: os.imports.run.handler(({ input: { id, ...options }, context }) => run(sessionOf(context), context.house, id, options)),
  cancel: os.imports.cancel.handler(({ input, context }) => {
    const session = sessionOf(context);
    const info = importInfo(session, input.id);
    context.house.longTasks.cancel(session.actor.user_id, input.id);
    return info;
  }),
  undo: os.imports.undo.handler(({ input, context }) => undo(sessionOf(context), context.house, input.id)),
  get: os.imports.get.handler(({ input, context }) => importInfo(sessionOf(context), input.id)),
  rows: os.imports.rows.handler(({ input: { id, ...options }, context }) => listVerdicts(sessionOf(context).store.read, id, options)),
  list: os.imports.list.handler(({ context }) => {
    const session = sessionOf(context);
    markInterrupted(session);
    return { items: listImports(session.store.read) };
  }),
};
