import { AppError } from '../../src-shared/kernel/errors.ts';
import { os, sessionOf } from '../core/os.ts';

export const jobsHandlers = {
  list: os.jobs.list.handler(({ context }) => {
    const { store, language } = sessionOf(context);
    return { items: context.house.jobs.list(store, language) };
  }),
  runs: os.jobs.runs.handler(({ input, context }) => {
    const { store, language } = sessionOf(context);
    return { items: context.house.jobs.runs(store, input.name, language) };
  }),
  run: os.jobs.run.handler(({ input, context }) => {
    const { store, language, actor } = sessionOf(context);
    return context.house.jobs.run(store, input.name, actor.user_id, language);
  }),
  update: os.jobs.update.handler(({ input, context }) => {
    const { store, language, actor, address } = sessionOf(context);
    const { jobs } = context.house;
    jobs.setEnabled(store, input.name, input.enabled);
    store.logSecurity({ type: 'job_switched', user_id: actor.user_id, address, details: { job: input.name, enabled: input.enabled } });
    const job = jobs.list(store, language).find((one) => one.name === input.name);
    if (!job) throw new AppError('INTERNAL');
    return job;
  }),
};
