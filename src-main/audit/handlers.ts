import { os, sessionOf } from '../core/os.ts';
import { undoHooks } from '../users/index.ts';
import { listHistory, listSecurity, rowHistory } from './service.ts';
import { undoChange } from './undo.ts';

export const auditHandlers = {
  list: os.audit.list.handler(({ input, context }) => listHistory(sessionOf(context), input)),
  row: os.audit.row.handler(({ input: { entity, id, ...paging }, context }) => rowHistory(sessionOf(context), entity, id, paging)),
  undo: os.audit.undo.handler(({ input, context }) => {
    const session = sessionOf(context);
    return undoChange(session, input.change_id, undoHooks(session, context.house));
  }),
  security: os.audit.security.handler(({ input, context }) => listSecurity(sessionOf(context), input)),
};
