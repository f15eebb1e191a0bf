import { os, sessionOf } from '../core/os.ts';
import { search } from './service.ts';

export const searchHandlers = {
  query: os.search.query.handler(({ input, context, signal }) => search(sessionOf(context), input, signal)),
};
