// The JSON API as a client sees it; every response is held against
// openapi/mainline.yaml on its way.

import assert from 'node:assert/strict';
import { violations } from './contract.js';
import { send } from './http.js';

export class Api {
  /** @param {import('./stack.js').Stack} stack */
  constructor(stack) {
    this.stack = stack;
  }

  /**
   * @param {string} path with its query
   * @param {{method?: string, token?: string|null, headers?: object, body?: string, described?: boolean}} [options]
   *   `token: null` sends none; `described: false` for what the description cannot name
   * @returns {Promise<{status: number, headers: object, body: string, json: any, ms: number}>}
   */
  async request(
    path,
    { method = 'GET', token = this.stack.token, headers = {}, body, described = true } = {},
  ) {
    const authorization = token === null ? {} : { Authorization: `Bearer ${token}` };
    const response = await send(this.stack, {
      method,
      path,
      headers: { ...authorization, ...headers },
      body,
    });
    if (described) assert.deepEqual(violations(method, path.split('?')[0], response), []);
    const json = /json/.test(response.headers['content-type'] ?? '') && response.body !== '';
    return { ...response, json: json ? JSON.parse(response.body) : null };
  }

  /** GET that must answer 200. */
  async get(path, options) {
    const response = await this.request(path, options);
    assert.equal(response.status, 200, response.body);
    return response.json;
  }

  call(sid) {
    return this.get(`/api/calls/${sid}`);
  }

  /** GET that must be refused with 400 and name the parameter. */
  async refused(path, parameter) {
    const { status, json } = await this.request(path);
    assert.equal(status, 400, path);
    assert.equal(json.code, 'bad_parameter');
    assert.equal(json.parameter, parameter, json.detail);
    return json;
  }
}
