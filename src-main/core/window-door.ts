import type { CallContext } from './call.ts';
import type { House } from './house.ts';

/** Context of calls that come from a window over its port; the headers of each call are added by the door's interceptor. */
export function windowContext(house: House): CallContext {
  return { house, door: 'port', headers: {}, address: 'local', setCookie: () => {}, setHeader: () => {} };
}

interface PortCall<Result> {
  request: { headers: Record<string, string | string[] | undefined> };
  context: CallContext;
  next: (options: never) => Promise<Result>;
}

/** Gives each call over a port its own headers: token, language, `If-Match`, `Idempotency-Key`. */
export function withHeaders<Result, Options extends PortCall<Result>>(options: Options): Promise<Result> {
  const headers = Object.fromEntries(Object.entries(options.request.headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value[0] : value]));
  const { next, ...rest } = options;
  return next({ ...rest, context: { ...options.context, headers } } as never);
}
