import { listingOf, os, sessionOf } from '../core/os.ts';
import { readBoard } from './board.ts';
import { engineers } from './engineers.ts';
import { mapBytes, mapFile } from './map-file.ts';
import { moveVisit } from './move.ts';
import { scheduleDay } from './present.ts';
import { replan } from './replan.ts';
import { importRoads, textOf } from './roads.ts';
import { applyPlan, optimize } from './service.ts';
import { settingsOf, updateSettings } from './settings.ts';
import { daySheet } from './sheet.ts';
import { slots } from './slots.ts';
import { why } from './why.ts';

export const engineersHandlers = {
  list: os.engineers.list.handler(({ input, context }) => engineers.list(listingOf(context), input)),
  create: os.engineers.create.handler(({ input, context }) => engineers.create(sessionOf(context), input)),
  get: os.engineers.get.handler(({ input, context }) => engineers.get(sessionOf(context), input.id)),
  update: os.engineers.update.handler(({ input: { id, ...patch }, context }) => engineers.update(sessionOf(context), id, patch)),
  delete: os.engineers.delete.handler(({ input, context }) => engineers.remove(sessionOf(context), input.id)),
};

export const scheduleHandlers = {
  optimize: os.schedule.optimize.handler(({ input, context }) => optimize(sessionOf(context), context.house, input)),
  replan: os.schedule.replan.handler(({ input, context }) => replan(sessionOf(context), context.house, input)),
  apply: os.schedule.apply.handler(({ input, context }) => applyPlan(sessionOf(context), context.house, input.plan_id)),
  day: os.schedule.day.handler(({ input, context }) => scheduleDay(sessionOf(context), input.date)),
  board: os.schedule.board.handler(({ input, context }) => readBoard(sessionOf(context), input.date).rules),
  move: os.schedule.move.handler(({ input, context }) => moveVisit(sessionOf(context), context.house, input)),
  why: os.schedule.why.handler(({ input, context }) => why(sessionOf(context), input.appointment_id)),
  sheet: os.schedule.sheet.handler(({ input, context }) => daySheet(sessionOf(context), input)),
  map: os.schedule.map.handler(async ({ context }) => ({ map: await mapFile(context.house) })),
  mapBytes: os.schedule.mapBytes.handler(({ input, context }) => mapBytes(context.house, input)),
  slots: os.schedule.slots.handler(({ input, context }) => slots(sessionOf(context), input)),
  settings: os.schedule.settings.handler(({ context }) => settingsOf(sessionOf(context).store.read)),
  importTravel: os.schedule.importTravel.handler(async ({ input, context }) => importRoads(sessionOf(context), await textOf(input.file))),
  updateSettings: os.schedule.updateSettings.handler(({ input, context }) => updateSettings(sessionOf(context), input)),
};
