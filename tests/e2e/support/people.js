// People who sign in to a stack: made by the command, then as a browser would.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** @param {import('./stack.js').Stack} stack */
export function people(stack) {
  const mainline = async (...args) => {
    const { code, out, err } = await stack.mainline(['user', ...args]);
    assert.equal(code, 0, err);
    return out;
  };
  const as = (cookie, path, options = {}) =>
    stack.api.request(path, {
      token: null,
      ...options,
      headers: { Cookie: cookie, ...options.headers },
    });
  const signIn = (proof, headers = {}) =>
    stack.api.request('/api/session', {
      method: 'POST',
      token: null,
      headers: { ...JSON_TYPE, ...headers },
      body: typeof proof === 'string' ? proof : JSON.stringify(proof),
    });

  return {
    mainline,
    /** A request with a session's cookie. */
    as,
    /** POST /api/session with an object, or with any text. */
    signIn,
    /** The same, which must work: the cookie. */
    async cookie(proof) {
      const { status, headers, body } = await signIn(proof);
      assert.equal(status, 200, body);
      return headers['set-cookie'][0].split(';')[0];
    },
    setPassword: (cookie, body, headers = {}) =>
      as(cookie, '/api/session/password', {
        method: 'PUT',
        headers: { ...JSON_TYPE, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** The secret of a new link. */
    link: async (name) => (await mainline('link', name)).trim().split('#link=')[1],
    async add(name, role, password) {
      await mainline('add', name, '--role', role);
      const { code, err } = await stack.mainline(['user', 'passwd', name], {
        input: `${password}\n`,
      });
      assert.equal(code, 0, err);
    },
    /** The stack's processes of that name, and what they hold. */
    processes: (wanted) =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
          try {
            const status = readFileSync(`/proc/${pid}/status`, 'utf8');
            const field = (name) => status.match(new RegExp(`^${name}:\\s+(\\S+)`, 'm'))?.[1];
            return field('Name') === wanted && Number(field('PPid')) === stack.servePid
              ? [{ pid: Number(pid), rssKb: Number(field('VmRSS')) }]
              : [];
          } catch {
            return []; // it has ended meanwhile
          }
        }),
  };
}
