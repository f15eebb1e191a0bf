export { attachmentsHandlers } from './handlers.ts';
export { registerAttachments } from './rest.ts';
export { checkContents } from './check.ts';
export { copyContents, type ContentCopy } from './copies.ts';
export { contentsFolder, createContentStores, type ContentStores } from './stores.ts';
export type { Contents } from './contents.ts';
export { sha256Of } from './files.ts';
export { filesWaiting } from './summary.ts';
