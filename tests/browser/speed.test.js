// What the page costs before it is of use: cold, on a processor four times slower than
// this one.  Times are said, not asserted: they are the machine's as well.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Stack } from '../e2e/support/stack.js';
import { openBrowser } from './support/browser.js';

const SLOWER = 4;
const ROUNDS = 5;
const FIRST_LOAD_BYTES = 100_000;

/** @type {Stack} */
let stack;
/** @type {import('./support/browser.js').Browser} */
let browser;
before(async () => {
  stack = await Stack.start();
  const network = stack.network({ people: { '*': { does: 'answers', after: 3, talks: 9 } } });
  for (let i = 0; i < 60; i += 1)
    await network.call({
      from: `+1508555${String(1000 + i)}`,
      to: stack.line,
      caller: i % 3 ? [{ press: '1' }] : [{ press: '2' }, { message: 6 }],
    });
  await network.close();
  browser = await openBrowser(stack);
});
afterEach((context) => browser.closeTabs(context));
after(async () => {
  await browser?.close();
  await stack?.close();
});

/** In the page, before anything of it: when the rows were there, and what kept it busy. */
function watch() {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      window.longTasks.push(startTime + duration);
  }).observe({ type: 'longtask', buffered: true });
  const seen = new MutationObserver(() => {
    if (document.querySelectorAll('.list li h3').length < 5) return;
    window.rowsAt = performance.now();
    seen.disconnect();
  });
  seen.observe(document, { childList: true, subtree: true });
}

/** A tab of somebody who is signed in and was never here, and what it can be told by. */
async function coldTab() {
  const { page } = await browser.tab();
  const answer = await page.request.post('/api/session', { data: { token: stack.token } });
  assert.equal(answer.status(), 200);
  return { page, cdp: await page.context().newCDPSession(page) };
}

/** The compressed bytes of a cold load.  To be told of each request would slow it down. */
async function bytesOfLoad() {
  const { page, cdp } = await coldTab();
  await cdp.send('Network.enable');
  let bytes = 0;
  const ofPage = new Set(); // what the API says depends on the calls
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    if (!/\/(api|keypad)\//.test(response.url)) ofPage.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (ofPage.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto('/');
  await page.locator('.list li h3').first().waitFor();
  return bytes;
}

/** One cold load: when it could be used. */
async function load() {
  const { page, cdp } = await coldTab();
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.addInitScript(watch);
  await page.goto('/');
  await page.waitForFunction(() => window.rowsAt !== undefined);
  await page.waitForTimeout(1500); // a long task right behind counts as well
  const { rowsAt, longTasks, paintAt } = await page.evaluate(() => ({
    rowsAt: window.rowsAt,
    longTasks: window.longTasks,
    paintAt: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  }));
  const busyUntil = Math.max(0, ...longTasks.filter((at) => at < rowsAt + 500));
  await page.close();
  return { paintAt, interactiveAt: Math.max(rowsAt, busyUntil) };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

test('the first load is small, and how soon it can be used is said', async (t) => {
  const loads = [];
  for (let i = 0; i < ROUNDS; i += 1) loads.push(await load());
  const interactive = median(loads.map(({ interactiveAt }) => interactiveAt));
  const paint = median(loads.map(({ paintAt }) => paintAt));
  const bytes = await bytesOfLoad();
  t.diagnostic(
    `first paint ${Math.round(paint)} ms, interactive ${Math.round(interactive)} ms, ${bytes} bytes`,
  );
  assert.ok(bytes < FIRST_LOAD_BYTES, `${bytes} bytes`);
});
