// The figures: which calls they are of, what they find, and the numbers behind each picture.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Stack } from '../e2e/support/stack.js';
import { assertAccessible, assertNoSidewaysScroll, openBrowser } from './support/browser.js';
import { figuresFor, NO_FIGURES } from './support/figures.js';
import { asRole, openAt, problem, stub } from './support/stubs.js';

/** @type {Stack} */
let stack;
/** @type {import('./support/browser.js').Browser} */
let browser;
before(async () => {
  stack = await Stack.start();
  browser = await openBrowser(stack);
});
afterEach((context) => browser.closeTabs(context));
after(async () => {
  await browser?.close();
  await stack?.close();
});

const LINES = [
  { line: '+15550100001', name: 'Main number' },
  { line: '+33199001200', name: 'Paris office' },
];

/** A tab at the figures; `asked` is what the server was asked for. */
async function open({ path = '/figures', figures, ...options } = {}) {
  const asked = [];
  const tab = await openAt(browser, path, {
    timezoneId: 'Europe/Paris',
    ...options,
    before: async (page) => {
      await asRole(page, 'reader');
      await stub(page, 'GET', '/api/lines', () => ({ body: { lines: LINES } }));
      await stub(page, 'GET', '/api/stats', (request) => {
        const query = new URL(request.url()).searchParams;
        asked.push(Object.fromEntries(query));
        return figures?.(query) ?? { body: figuresFor(query) };
      });
    },
  });
  return { ...tab, asked };
}

const figure = (page, name) => page.getByRole('region', { name, exact: true });

test('each picture says what it finds, and has its numbers as a table', async () => {
  const { page, complaints, asked } = await open();
  await page.getByRole('img', { name: 'Busiest from 10 to 11: 62 calls.' }).waitFor();
  await page.locator('.columns canvas').first().waitFor();
  assert.equal(asked[0].tz, 'Europe/Paris', 'days are those of the reader');
  assert.equal(asked.length, 2, 'as many days before are asked for too');
  assert.match(await page.locator('.kpis').innerText(), /397.*74%.*8 s.*63/s);
  await assertAccessible(page, 'charts');

  const names = await page.locator('.fig h2').allInnerTexts();
  assert.deepEqual(names, [
    'Calls by hour',
    'Calls by day',
    'Time to answer',
    'What callers do in the menu',
    'Answered against missed',
    'Why callers did not get through',
    'Busiest hours',
  ]);
  for (const name of names) {
    const place = figure(page, name).first();
    const toTable = place.getByRole('button', { name: 'Table' });
    assert.equal(await toTable.getAttribute('aria-pressed'), 'false', name);
    await toTable.click();
    assert.equal(await toTable.getAttribute('aria-pressed'), 'true', name);
    await place.getByRole('table', { name }).waitFor();
  }
  await assertAccessible(page, 'tables');
  const hour = page.getByRole('row', { name: /^10 to 11/ });
  assert.deepEqual(await hour.getByRole('cell').allInnerTexts(), [
    '50',
    '5',
    '4',
    '3',
    '0',
    '0',
    '62',
  ]);
  const lines = page.getByRole('table', { name: 'Answered against missed' });
  assert.match(await lines.innerText(), /Main number\s+224[^]*All\s+292/);
  assert.deepEqual(complaints, []);
});

test('days and line are in the address, which can be shared', async () => {
  const { page, asked, complaints } = await open({ path: '/figures?days=7&line=%2B33199001200' });
  await page.locator('.kpis').waitFor();
  assert.equal(asked[0].line, '+33199001200');
  const days = (Date.parse(asked[0].until) - Date.parse(asked[0].since)) / (24 * 3600_000);
  assert.equal(days, 6);
  assert.equal(await page.getByRole('combobox', { name: 'Days' }).inputValue(), '7');

  await page.getByRole('combobox', { name: 'Days' }).selectOption('90');
  await page.waitForURL(/days=90/);
  await page.getByRole('combobox', { name: 'Line' }).selectOption('');
  await page.waitForURL((url) => !url.search.includes('line'));
  await page.goBack();
  assert.equal(await page.getByRole('combobox', { name: 'Line' }).inputValue(), '+33199001200');

  await page.getByRole('combobox', { name: 'Days' }).selectOption('custom');
  await page.getByLabel('From', { exact: true }).fill('2026-03-05');
  await page.getByLabel('To', { exact: true }).fill('2026-03-01');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'at most 366 days' }).waitFor();
  await assertAccessible(page, 'wrong days');
  await page.getByLabel('To', { exact: true }).fill('2026-03-09');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(/since=2026-03-05&until=2026-03-09/);
  await page.getByText('5 March 2026 to 9 March 2026, times of Paris').waitFor();
  assert.deepEqual(complaints, []);
});

test('no calls, and no answer', async () => {
  const none = (query) => ({
    body: {
      ...NO_FIGURES,
      since: query.get('since'),
      until: query.get('until'),
      tz: query.get('tz'),
      by_day: [],
    },
  });
  const empty = await open({ figures: none });
  await empty.page.getByRole('heading', { name: 'No calls in these days' }).waitFor();
  await assertAccessible(empty.page, 'empty');

  let isAway = true;
  const away = await open({
    figures: () => (isAway ? problem(503, 'unavailable', 'Try again.') : undefined),
  });
  await away.page.getByRole('heading', { name: 'The figures could not be loaded' }).waitFor();
  await assertAccessible(away.page, 'failed');
  isAway = false;
  await away.page.getByRole('button', { name: 'Try again' }).click();
  await away.page.locator('.kpis').waitFor();
});

test('the figures of calls that were made', async () => {
  const network = stack.network({ people: { '*': { does: 'answers', after: 4, talks: 20 } } });
  try {
    for (const key of ['1', '1', '2']) {
      const caller = [{ press: key }, { message: 8, optional: true }];
      await network.call({ from: '+15085550142', to: stack.line, caller });
    }
  } finally {
    await network.close();
  }
  const { page, complaints } = await openAt(browser, '/figures');
  await page.locator('.kpis dd').first().filter({ hasText: /^3/ }).waitFor();
  assert.match(await page.locator('.kpis').innerText(), /67%/);
  await figure(page, 'What callers do in the menu')
    .getByRole('img', { name: '3 calls reached the menu, 0 hung up in it.' })
    .waitFor();
  await assertAccessible(page, 'real figures');
  assert.deepEqual(complaints, []);
});

test('wherever and whenever it is looked at', async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, locale] of [
      [1280, 'en-GB'],
      [390, 'fr-FR'],
      [320, 'en-US'],
    ]) {
      const { page, complaints } = await open({ width, colorScheme, locale });
      const state = `${width} px, ${colorScheme}, ${locale}`;
      await page.locator('.columns canvas').first().waitFor();
      await assertAccessible(page, state);
      await assertNoSidewaysScroll(page, state);
      assert.deepEqual(complaints, [], state);
    }
  }
});
