// The local stack, as script/server describes it in stack.env.

import { readFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Where it listens, unless stack.env says another: then the caller is in a container. */
const HOST = '127.0.0.1';
const NEEDED = [
  'MAINLINE_HTTPS_PORT',
  'MAINLINE_PUBLIC_URL',
  'MAINLINE_LINE',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'MAINLINE_TLS_CA',
];
/** The outcome is there when the last callback is answered, unless the database was away. */
const OUTCOME_WITHIN_MS = 5000;
const ASK_EVERY_MS = 200;

/** There is no stack to call, or it cannot be used: one line for people. */
export class StackError extends Error {}

/** The stack runs and answers callers, and cannot show what it keeps of them. */
export class RecordAway extends StackError {}

/** KEY=value lines; a value goes to the end of its line. */
export function parseEnv(text) {
  const pairs = text
    .split('\n')
    .map((line) => /^\s*([A-Z0-9_]+)=(.*?)\r?$/.exec(line))
    .filter(Boolean);
  return Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
}

/**
 * @typedef {object} Stack
 * @property {string} data its folder
 * @property {string} host
 * @property {number} port
 * @property {string} publicUrl
 * @property {string} line the number to call
 * @property {string} accountSid
 * @property {string[]} authToken
 * @property {Buffer} ca
 */

/** @returns {Promise<Stack>} rejects with a StackError */
export async function readStack(env = process.env) {
  const data = resolve(env.MAINLINE_DATA || join(ROOT, 'var'));
  const file = join(data, 'stack.env');
  const text = readIfThere(file);
  if (text === null)
    throw new StackError(
      `The local stack is not running (there is no ${file}). Run script/server.`,
    );
  const settings = parseEnv(text);
  const missing = NEEDED.filter((key) => !settings[key]);
  if (missing.length > 0)
    throw new StackError(`${file} lacks ${missing.join(', ')}. Run script/server again.`);
  const port = Number(settings.MAINLINE_HTTPS_PORT);
  const host = settings.MAINLINE_HTTPS_HOST || HOST;
  if (!(await listens(host, port))) {
    throw new StackError(
      `The local stack is not running (nothing listens on ${host}:${port}). Run script/server.`,
    );
  }
  return {
    data,
    host,
    port,
    publicUrl: settings.MAINLINE_PUBLIC_URL,
    line: settings.MAINLINE_LINE,
    accountSid: settings.TWILIO_ACCOUNT_SID,
    authToken: settings.TWILIO_AUTH_TOKEN.split(',').map((token) => token.trim()),
    ca: readFileSync(resolve(ROOT, settings.MAINLINE_TLS_CA)),
  };
}

function listens(host, port) {
  return new Promise((answer) => {
    const socket = net.connect(port, host);
    socket.on('connect', () => socket.destroy() && answer(true));
    socket.on('error', () => answer(false));
  });
}

/** The number's webhooks, as they would be set at Twilio. */
export function numberSettings(stack, line) {
  const url = (route) => `${stack.publicUrl}/twilio/${route}?line=${encodeURIComponent(line)}`;
  return {
    voiceUrl: url('voice'),
    voiceFallbackUrl: url('fallback'),
    statusCallback: url('status'),
  };
}

function awayText(path) {
  return (
    `Its record cannot be read just now: GET ${path} answered 503. ` +
    'While the database is away, events wait in the spool.'
  );
}

/**
 * What the server has made of the call, once it has an outcome.
 * @param {Stack} stack
 * @param {string} sid
 * Rejects with RecordAway when the record could not be read for as long as that is waited for.
 * @returns {Promise<{status: string, outcome: string|null, reason: string|null, duration_s: number|null}>}
 */
export async function readOutcome(stack, sid) {
  const path = `/api/calls/${sid}`;
  const token = readToken(stack);
  const deadline = performance.now() + OUTCOME_WITHIN_MS;
  for (;;) {
    const { status, body } = await get(stack, path, token);
    const call = status === 200 ? parseJson(body) : null;
    if (call?.outcome) return call;
    if (performance.now() > deadline || ![200, 404, 503].includes(status)) {
      if (status === 503) throw new RecordAway(awayText(path));
      const why = call ? 'has no outcome yet' : `answered ${status}`;
      throw new StackError(`No outcome: GET ${path} ${why}.`);
    }
    await wait(ASK_EVERY_MS);
  }
}

/**
 * The call as the server has it now, with its steps and legs; null if it does not show it.
 * @param {Stack} stack
 * @param {string} sid
 */
export async function readCall(stack, sid) {
  const { status, body } = await get(stack, `/api/calls/${sid}`, readToken(stack));
  return status === 200 ? parseJson(body) : null;
}

function readToken({ data }) {
  const file = join(data, 'admin-token');
  const token = readIfThere(file);
  if (token === null) throw new StackError(`No outcome: there is no ${file} to ask the API with.`);
  return token.trim();
}

/**
 * The stack's files are readable by whoever started it, and by nobody else.
 * @returns {string|null} null when there is no such file
 */
export function readIfThere(file, read = readFileSync) {
  try {
    return read(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    if (error.code !== 'EACCES') throw error;
    throw new StackError(
      `${file} cannot be read: the stack was started by somebody else (root?). Run this as that user, for instance with sudo.`,
    );
  }
}

function parseJson(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function get({ publicUrl, host: at, port, ca }, path, token) {
  const { hostname, host } = new URL(publicUrl);
  const headers = { Host: host, Authorization: `Bearer ${token}`, Accept: 'application/json' };
  const servername = isIP(hostname) ? '' : hostname;
  return new Promise((resolve_, reject) => {
    const failed = (error) =>
      reject(new StackError(`No outcome: GET ${path} failed (${error.message}).`));
    const request = https.get(
      { host: at, port, path, ca, servername, headers, timeout: OUTCOME_WITHIN_MS },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve_({ status: response.statusCode, body: Buffer.concat(chunks).toString() }),
        );
        response.on('error', failed);
      },
    );
    request.on('error', failed);
    request.on('timeout', () => request.destroy(new Error('no answer')));
  });
}
