export { auditHandlers } from './handlers.ts';
export { deletionOf } from './log.ts';
export { clientHistory } from './service.ts';
export { undoChange, undoImport, type UndoCount, type UndoHooks } from './undo.ts';
