// Answers that a test gives in the server's place, for what a stack would take long to come to.
// Each is held against the API's description first, so that none is one that no server gives.

import assert from 'node:assert/strict';
import { violations } from '../../e2e/support/contract.js';

/**
 * @param {import('playwright-core').Page} page
 * @param {string} method
 * @param {string} path without its query
 * @param {(request: import('playwright-core').Request) => {status?: number, body?: unknown}} answer
 */
export async function stub(page, method, path, answer) {
  await page.route(
    (url) => decodeURIComponent(url.pathname) === path,
    async (route) => {
      const request = route.request();
      if (request.method() !== method) return route.fallback();
      const { status = 200, body } = answer(request);
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = body === undefined ? {} : { 'content-type': type };
      assert.deepEqual(violations(method, path, { status, headers, body: text }), []);
      await route.fulfill({ status, headers, body: text });
    },
  );
}

/** @returns {{status: number, body: object}} */
export function problem(status, code, detail = '') {
  return { status, body: { type: 'about:blank', title: 'Refused', status, code, detail } };
}

/** Whoever is signed in has this role from now on. */
export function asRole(page, role, { name = 'robin', password_wanted = false } = {}) {
  const scopes = { reader: ['read'], agent: ['read', 'audio', 'mark'], admin: ['admin'] }[role];
  return stub(page, 'GET', '/api/session', () => ({
    body: { name, role, scopes, password_wanted },
  }));
}

/** A tab at an address, signed in with the stack's admin token. */
export async function openAt(browser, path, { before, ...options } = {}) {
  const tab = await browser.tab(options);
  const { page } = tab;
  const signedIn = await page.request.post('/api/session', {
    data: { token: browser.stack.token },
  });
  assert.equal(signedIn.status(), 200);
  await before?.(page);
  await page.goto(path);
  return tab;
}
