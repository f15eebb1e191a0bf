import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { RPCHandler } from '@orpc/server/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { ERROR_STATUS, type ErrorCode, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { languageOf, type CallContext } from '../core/call.ts';
import type { Core } from '../core/core.ts';
import { router } from '../core/router.ts';
import type { Door } from '../core/session.ts';
import { localActor } from '../organizations/index.ts';

/** Attempts to sign in or register per address and minute, over all accounts; the lock-out per account is the service's own. */
const SIGN_IN_LIMIT = { max: 60, timeWindow: 60_000 };

/** Everything that the HTTP doors know of a request, in the form that all doors share. */
export function httpContext(core: Core, door: Door, request: FastifyRequest, reply: FastifyReply): CallContext {
  const headers = request.headers as Record<string, string | undefined>;
  const local = !request.socket.remoteAddress;
  const secret = local ? headers['x-polevik-owner'] : undefined;
  return {
    house: core.house,
    door: local ? 'cli' : door,
    headers,
    address: local ? 'local' : request.ip,
    vouched: secret !== undefined && equal(secret, core.owner.note.secret) ? localActor(core.house, headers['x-organization-id']) : undefined,
    setCookie: (name, value, maxAge) => {
      void reply.header('set-cookie', `${name}=${value ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${value === null ? 0 : Math.floor(maxAge)}`);
    },
    setHeader: (name, value) => {
      void reply.header(name, value);
    },
  };
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Context of a REST call, which may be answered with JSON that the store has written. */
interface ApiContext extends CallContext {
  ready?: Buffer | undefined;
}

/** What an answer in JSON says of itself to a browser. Pages get helmet's set; these are the same at every call, and set without it. */
const JSON_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A refusal as REST answers it. What was refused before an operation was reached has a sentence of the framework's. */
function refusalBody(body: unknown, language: 'ru' | 'en'): unknown {
  const { code, message, data } = (body ?? {}) as { code?: ErrorCode; message?: string; data?: ErrorData };
  if (!code) return body;
  const spoken = code in ERROR_STATUS && !data ? translateError(language, code, {}) : message;
  return { ...(body as object), message: spoken, ...(data?.field ? { field: data.field } : {}) };
}

/** REST on `/api` and RPC on `/rpc`: the same router, two spellings. */
export function registerDoors(app: FastifyInstance, core: Core): void {
  const api = new OpenAPIHandler<ApiContext>(router, {
    rootInterceptors: [
      async ({ next, context }) => {
        const result = await next();
        if (result.matched && result.response.status >= 400) result.response.body = refusalBody(result.response.body, languageOf(context, context.actor ?? null));
        return result;
      },
    ],
    interceptors: [
      async ({ next, context }) => {
        const result = await next();
        // The answer is there as JSON already, and is sent by whoever serves the request.
        if (context.ready && result.matched && result.response.status === 200) return { matched: false, response: undefined };
        context.ready = undefined;
        const body = result.matched ? (result.response.body as { version?: unknown } | undefined) : undefined;
        if (result.matched && body && typeof body === 'object' && typeof body.version === 'string' && 'id' in body) result.response.headers['etag'] = `"${body.version}"`;
        return result;
      },
    ],
  });
  const rpc = new RPCHandler(router);

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The doors read the body themselves, as a stream.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
    scope.addHook('onRequest', (_request, reply, done) => {
      void reply.headers(JSON_HEADERS);
      done();
    });
    const limited = { config: { rateLimit: SIGN_IN_LIMIT }, helmet: false as const };
    const serveApi = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      // A partial change is a partial change under either name.
      if (request.raw.method === 'PATCH') request.raw.method = 'PUT';
      const context: ApiContext = httpContext(core, 'api', request, reply);
      context.answer = (json) => {
        context.ready = json;
      };
      const { matched } = await api.handle(request, reply, { prefix: '/api', context });
      if (context.ready) await reply.header('content-type', 'application/json').send(context.ready);
      else if (!matched) await reply.status(404).send({ code: 'NOT_FOUND', message: 'No such operation' });
    };
    const serveRpc = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const { matched } = await rpc.handle(request, reply, { prefix: '/rpc', context: httpContext(core, 'rpc', request, reply) });
      if (!matched) await reply.status(404).send({ code: 'NOT_FOUND', message: 'No such operation' });
    };
    for (const name of ['login', 'register', 'linkLogin']) scope.all(`/rpc/auth/${name}`, limited, serveRpc);
    for (const path of ['login', 'register', 'link']) scope.all(`/api/auth/${path}`, limited, serveApi);
    scope.all('/api/*', { helmet: false }, serveApi);
    scope.all('/rpc/*', { helmet: false }, serveRpc);
  });
}
