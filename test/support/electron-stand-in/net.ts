import { request, type ClientRequest, type RequestOptions } from 'node:http';

/** Chromium's network, as far as a program asks for a file over HTTP: Node's own. */
export const net = {
  request({ session: _session, redirect: _redirect, ...options }: RequestOptions & { session?: unknown; redirect?: string }): ClientRequest {
    return request(options);
  },
};
