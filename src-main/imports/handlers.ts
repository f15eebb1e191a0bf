import type { CallContext } from '../core/call.ts';
import { os, sessionOf } from '../core/os.ts';
import type { Session } from '../core/session.ts';
import { cancel, check, importInfo, run, undo, upload } from './service.ts';
import { listImports, listVerdicts } from './store.ts';
import { liveInfo, markInterrupted } from './task.ts';

/** The session of a call that deals with imports; at the first one, those that a crash cut short are marked. */
function importing(context: CallContext): Session {
  const session = sessionOf(context);
  markInterrupted(session.store);
  return session;
}

export const importsHandlers = {
  upload: os.imports.upload.handler(({ input, context }) => upload(importing(context), context.house, input.file)),
  check: os.imports.check.handler(({ input: { id, ...options }, context }) => check(importing(context), context.house, id, options)),
  run: os.imports.run.handler(({ input: { id, ...options }, context }) => run(importing(context), context.house, id, options)),
  cancel: os.imports.cancel.handler(({ input, context }) => cancel(importing(context), context.house, input.id)),
  undo: os.imports.undo.handler(({ input, context }) => undo(importing(context), context.house, input.id)),
  get: os.imports.get.handler(({ input, context }) => importInfo(importing(context), input.id)),
  rows: os.imports.rows.handler(({ input: { id, ...options }, context }) => listVerdicts(importing(context).store.read, importInfo(importing(context), id).id, options)),
  list: os.imports.list.handler(({ context }) => ({ items: listImports(importing(context).store.read).map((info) => liveInfo(info.id) ?? info) })),
};
