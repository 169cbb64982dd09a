// Signed requests by hand, for what no call of the simulator would send.

import { randomBytes } from 'node:crypto';
import twilio from 'twilio';
import { send } from './http.js';

export const FORM = 'application/x-www-form-urlencoded';

export function sid(prefix) {
  return prefix + randomBytes(16).toString('hex');
}

/** The parameters of an inbound leg's request. */
export function inbound(stack, changes = {}) {
  return {
    CallSid: sid('CA'),
    AccountSid: stack.settings.TWILIO_ACCOUNT_SID,
    From: '+15550123456',
    To: stack.line,
    CallStatus: 'ringing',
    ApiVersion: '2010-04-01',
    Direction: 'inbound',
    ...changes,
  };
}

export function encode(params) {
  const pairs = Object.entries(params).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

/**
 * @param {import('./stack.js').Stack} stack
 * @param {string} path with its query
 * @param {Record<string, string|string[]>} params
 * @param {{token?: string, signature?: string|null, body?: string|Buffer, type?: string|null,
 *   method?: string, headers?: object, agent?: import('node:https').Agent}} [options] `signature: null` sends none
 */
export function post(stack, path, params, options = {}) {
  const token = options.token ?? stack.settings.TWILIO_AUTH_TOKEN.split(',')[0];
  const url = new URL(stack.publicUrl);
  const signature =
    options.signature === undefined
      ? twilio.getExpectedTwilioSignature(token, `https://${url.hostname}${path}`, params)
      : options.signature;
  const body = options.body ?? encode(params);
  const type = options.type === undefined ? FORM : options.type;
  return send(stack, {
    method: options.method ?? 'POST',
    path,
    body,
    agent: options.agent,
    headers: {
      ...(type === null ? {} : { 'Content-Type': type }),
      'Content-Length': Buffer.byteLength(body),
      ...(signature === null ? {} : { 'X-Twilio-Signature': signature }),
      ...options.headers,
    },
  });
}
