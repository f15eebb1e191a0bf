import { listingOf, os, sessionOf } from '../core/os.ts';
import { engineers } from './engineers.ts';
import { scheduleDay } from './present.ts';
import { replan } from './replan.ts';
import { importRoads, textOf } from './roads.ts';
import { applyPlan, optimize, slots } from './service.ts';
import { settingsOf, updateSettings } from './settings.ts';

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
  slots: os.schedule.slots.handler(({ input, context }) => slots(sessionOf(context), input)),
  settings: os.schedule.settings.handler(({ context }) => settingsOf(sessionOf(context).store.read)),
  importTravel: os.schedule.importTravel.handler(async ({ input, context }) => importRoads(sessionOf(context), await textOf(input.file))),
  updateSettings: os.schedule.updateSettings.handler(({ input, context }) => updateSettings(sessionOf(context), input)),
};
