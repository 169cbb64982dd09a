// Signing in and out, and the API's documentation, as a person sees them.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Stack } from '../e2e/support/stack.js';
import {
  assertAccessible,
  assertNoSidewaysScroll,
  openBrowser,
  signIn,
} from './support/browser.js';

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

test('no token, a wrong one, and the right one', async () => {
  const { page, complaints } = await browser.tab();
  await page.goto('/');
  const field = page.getByLabel('API token');
  await field.waitFor();
  assert.equal(await page.title(), 'Sign in · Mainline');
  await assertAccessible(page, 'sign-in');

  await page.keyboard.press('Enter');
  await page.getByText('Enter a token.').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');

  await signIn(page, `ml_${'x'.repeat(43)}`);
  await page.getByText('This token is not valid.').waitFor();
  assert.equal(await field.evaluate((el) => el === document.activeElement), true);
  await assertAccessible(page, 'refused');

  await signIn(page, stack.token);
  await page.getByRole('heading', { name: 'Ready for the first call' }).waitFor();
  await assertAccessible(page, 'empty');
  assert.deepEqual(complaints, []);
});

test('what is no token at all is refused in the same words', async () => {
  const { page } = await browser.tab();
  await page.goto('/');
  await signIn(page, 'my password');
  await page.getByText('This token is not valid.').waitFor();
});

test('the token is nowhere that a script could find it', async () => {
  const { page } = await browser.signedIn();
  const kept = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
  );
  assert.equal(kept, '["",{},{}]');
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.name, '__Host-mainline');
  assert.equal(cookie.httpOnly && cookie.secure && cookie.sameSite === 'Strict', true);
});

test('the session outlives a reload and ends with signing out', async () => {
  const { page, complaints } = await browser.signedIn();
  await page.reload();
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API token').waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  await page.reload();
  await page.getByLabel('API token').waitFor();
  assert.deepEqual(complaints, []);
});

test('a token that is revoked ends its sessions, and the page says so', async () => {
  const added = await stack.mainline(['token', 'add', '--name', 'guest', '--scope', 'read']);
  const { page } = await browser.tab();
  await page.goto('/');
  await signIn(page, added.out.trim());
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  assert.equal((await stack.mainline(['token', 'revoke', 'guest'])).code, 0);
  await page.getByText('You were signed out').waitFor({ timeout: 10_000 });
});

test('a phone of 320 px and a reader who likes it dark', async () => {
  const { page } = await browser.tab({ width: 320, height: 640, colorScheme: 'dark' });
  await page.goto('/');
  await page.getByLabel('API token').waitFor();
  await assertNoSidewaysScroll(page, 'sign-in');
  await assertAccessible(page, 'sign-in, dark');
  await signIn(page, stack.token);
  await page.getByRole('heading', { name: 'Ready for the first call' }).waitFor();
  await assertNoSidewaysScroll(page, 'empty');
  await assertAccessible(page, 'empty, dark');
});

test('the documentation is there for anybody, from this host alone', async () => {
  const { page, complaints } = await browser.tab();
  await page.goto('/docs/');
  await page.getByText('The feed, newest first').click();
  await page.getByText('Most calls to give.').waitFor();
  assert.match(await (await page.request.get('/docs/mainline.yaml')).text(), /^openapi: 3\.1/);
  assert.deepEqual(complaints, []);
});

test('a request tried in the documentation goes to this stack', async () => {
  const { page, complaints } = await browser.signedIn();
  await page.goto('/docs/#/calls/listCalls');
  await page.getByRole('button', { name: 'Try it out' }).click();
  const answered = page.waitForResponse(/\/api\/calls\?/);
  await page.getByRole('button', { name: 'Execute' }).click();
  assert.equal((await answered).status(), 200);
  assert.deepEqual(complaints, []);
});
