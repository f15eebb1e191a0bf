import { os, sessionOf } from '../core/os.ts';
import { purgeRow, restoreRow } from './restore.ts';
import { listTrash } from './service.ts';

export const trashHandlers = {
  list: os.trash.list.handler(({ input, context }) => listTrash(sessionOf(context), input)),
  restore: os.trash.restore.handler(({ input, context }) => restoreRow(sessionOf(context), input.entity, input.id)),
  purge: os.trash.purge.handler(({ input, context }) => purgeRow(sessionOf(context), input.entity, input.id)),
};
