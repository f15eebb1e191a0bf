import { os, sessionOf } from '../core/os.ts';
import { deskOf } from './desk.ts';
import { overviewOf } from './overview.ts';

export const dashboardHandlers = {
  overview: os.dashboard.overview.handler(({ context }) => overviewOf(sessionOf(context))),
  desk: os.dashboard.desk.handler(({ input, context }) => deskOf(sessionOf(context), input.user_id)),
};
