// A network for a test, closed when the test ends.

import { PhoneNetwork } from '../index.js';
import { LINE, startMainline } from './fake-mainline.js';
import { startServer } from './fake-server.js';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const TOKEN = 'the auth token';
export const CALLER = '+15550123456';

/** @param {import('node:test').TestContext} t */
export function networkFor(t, options) {
  const network = new PhoneNetwork({ accountSid: ACCOUNT, authToken: TOKEN, seed: 7, ...options });
  t.after(() => network.close());
  return network;
}

/** The small Mainline and a network whose number leads to it. */
export async function withMainline(t, { routes, ...options } = /** @type {any} */ ({})) {
  const server = await startMainline(routes);
  t.after(() => server.close());
  const network = networkFor(t, { numbers: server.numbers, ...options });
  const call = (about = {}) => network.call({ from: CALLER, to: LINE, ...about });
  return { server, network, call };
}

/**
 * A server with these routes, and a network with one number: /voice answers it,
 * /fallback is its fallback if there is such a route, /status hears of its end.
 */
export async function withRoutes(t, routes, options = {}) {
  const { tls, number, ...rest } = options;
  const server = await startServer({ '/status': 204, ...routes }, { tls });
  t.after(() => server.close());
  const settings = {
    voiceUrl: `${server.origin}/voice`,
    statusCallback: `${server.origin}/status`,
    ...(routes['/fallback'] !== undefined && { voiceFallbackUrl: `${server.origin}/fallback` }),
    ...number?.(server),
  };
  const network = networkFor(t, { numbers: { [LINE]: settings }, ...rest });
  const call = (about = {}) => network.call({ from: CALLER, to: LINE, ...about });
  return { server, network, call };
}

/** The codes of what went wrong, in order. */
export function codes({ problems }) {
  return problems.map((problem) => problem.code);
}

/** What was said to somebody, in order. */
export function said({ heard }) {
  return heard.filter((moment) => moment.kind === 'say').map((moment) => moment.text);
}

/** The kinds of requests in the order sent. */
export function kinds(call) {
  return call.requests.map((request) => request.kind);
}
