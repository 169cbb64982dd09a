// An open page: keeps itself up to date by the word of /api/changes and the file behind
// it, as web/ does, and knows a call by what it last heard of it.

import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 100;

export class Page {
  #running = true;
  #path = null;
  #word = null;
  #done;

  /** @param {import('../../e2e/support/stack.js').Stack} stack */
  constructor(stack) {
    this.stack = stack;
    /** @type {Map<string, object>} what it shows, by SID */
    this.calls = new Map();
    this.refreshes = 0;
    this.merges = 0;
    this.unavailable = 0;
  }

  async open() {
    await this.#refresh(await this.#live());
    this.#done = this.#watch();
    return this;
  }

  async #ask(path, token) {
    const { status, json } = await this.stack.api.request(path, { token });
    if (status !== 200) this.unavailable += 1;
    return status === 200 ? json : null;
  }

  /** The file, under its present path. */
  async #live() {
    this.#path ??= (await this.#ask('/api/live'))?.path ?? null;
    if (this.#path === null) return null;
    const file = await this.#ask(this.#path, null);
    if (file === null) this.#path = null;
    return file;
  }

  /** The word first: what changes while the feed is read is read again. */
  async #refresh(file) {
    const feed = await this.#ask('/api/calls?limit=200');
    if (file === null || feed === null) return;
    this.calls = new Map(feed.calls.map((call) => [call.sid, call]));
    this.#word = file.change;
    this.refreshes += 1;
  }

  #merge(file) {
    for (const { steps, legs, ...call } of file.calls) this.calls.set(call.sid, call);
    for (const sid of file.removed) this.calls.delete(sid);
    this.#word = file.change;
    this.merges += 1;
  }

  async #look() {
    const now = await this.#ask('/api/changes', null);
    if (now === null || now.change === this.#word) return;
    const file = await this.#live();
    if (file === null || file.change === this.#word) return;
    if (file.since.includes(this.#word)) this.#merge(file);
    else await this.#refresh(file);
  }

  async #watch() {
    while (this.#running) {
      await this.#look().catch(() => {}); // nginx was not there
      await wait(LOOK_MS);
    }
  }

  async close() {
    this.#running = false;
    await this.#done;
  }
}
