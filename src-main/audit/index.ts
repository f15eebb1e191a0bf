export { auditHandlers } from './handlers.ts';
export { deletionOf, isUndone } from './log.ts';
export { clientHistory } from './service.ts';
export { undoImport, type UndoHooks } from './undo.ts';
