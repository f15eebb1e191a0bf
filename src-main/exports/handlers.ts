import { os, sessionOf } from '../core/os.ts';
import { cancelExport, downloadExport, exportInfo, listExports, startExport } from './service.ts';

export const exportsHandlers = {
  start: os.exports.start.handler(({ input, context }) => startExport(sessionOf(context), context.house, input)),
  list: os.exports.list.handler(({ context }) => ({ items: listExports(sessionOf(context), context.house) })),
  get: os.exports.get.handler(({ input, context }) => exportInfo(sessionOf(context), context.house, input.id)),
  cancel: os.exports.cancel.handler(({ input, context }) => cancelExport(sessionOf(context), context.house, input.id)),
  download: os.exports.download.handler(({ input, context }) => downloadExport(sessionOf(context), context.house, input.id)),
};
