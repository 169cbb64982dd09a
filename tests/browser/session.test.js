// Signing in and out, and the API's documentation, as a person sees them.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { people } from '../e2e/support/people.js';
import { Stack } from '../e2e/support/stack.js';
import {
  assertAccessible,
  assertNoSidewaysScroll,
  openBrowser,
  signIn,
} from './support/browser.js';

const WORDS = 'correct horse battery';

/** @type {Stack} */
let stack;
/** @type {ReturnType<typeof people>} */
let at;
/** @type {import('./support/browser.js').Browser} */
let browser;
before(async () => {
  stack = await Stack.start();
  at = people(stack);
  browser = await openBrowser(stack);
});
afterEach((context) => browser.closeTabs(context));
after(async () => {
  await browser?.close();
  await stack?.close();
});

test('a name with a wrong password, with none, and with the right one', async () => {
  await at.add('Nora', 'agent', WORDS);
  const { page, complaints } = await browser.tab();
  await page.goto('/');
  const name = page.getByLabel('Name');
  const password = page.getByLabel('Password', { exact: true });
  await name.waitFor();
  await assertAccessible(page, 'sign-in');
  assert.equal(await name.getAttribute('autocomplete'), 'username');
  assert.equal(await password.getAttribute('autocomplete'), 'current-password');

  await page.keyboard.press('Enter');
  await page.getByText('Enter your name.').waitFor();
  await name.fill('Nora');
  await page.keyboard.press('Enter');
  await page.getByText('Enter your password.').waitFor();
  assert.equal(await password.evaluate((el) => el === document.activeElement), true);
  await password.fill('not the right words');
  await page.keyboard.press('Enter');
  await page.getByText('Name and password do not match.').waitFor();
  assert.equal(await password.getAttribute('aria-invalid'), 'true');
  await assertAccessible(page, 'refused');

  await page.getByRole('button', { name: 'Show the password' }).click();
  assert.equal(await password.getAttribute('type'), 'text');
  await password.fill(WORDS);
  await password.press('Enter');
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  await page.getByText('Nora', { exact: true }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Block list' }).count(), 0, 'no admin');
  assert.deepEqual(complaints, []);
});

test('after too many wrong passwords the page says until when it is closed', async () => {
  await at.add('Locked', 'reader', WORDS);
  const { page } = await browser.tab();
  await page.goto('/');
  await page.getByLabel('Name').fill('Locked');
  const password = page.getByLabel('Password', { exact: true });
  const closed = page.getByText(/Sign-in opens again at \d+:\d\d/);
  for (let i = 0; i < 6 && !(await closed.isVisible()); i += 1) {
    await password.fill(`wrong words ${i}`);
    const answered = page.waitForResponse('**/api/session');
    await password.press('Enter');
    await answered;
    await page.getByRole('alert').first().waitFor();
  }
  await closed.waitFor();
  await assertAccessible(page, 'locked');
});

test('a link signs in once, leaves the address, and asks for a password', async () => {
  await at.mainline('add', 'Omar', '--role', 'agent');
  const link = await at.link('Omar');
  const { page, complaints } = await browser.tab();
  await page.goto(`/#link=${link}`);
  await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
  assert.equal(await page.evaluate(() => window.location.href), `${browser.origin}/`);
  await assertAccessible(page, 'choose a password');
  const field = page.getByLabel('New password');
  assert.equal(await field.getAttribute('autocomplete'), 'new-password');
  await field.fill('short');
  await page.keyboard.press('Enter');
  await page.getByText('This is too short').waitFor();
  await field.fill(WORDS);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  assert.deepEqual(complaints, []);

  const other = await browser.tab();
  await other.page.goto(`/#link=${link}`);
  await other.page.getByText('This sign-in link is not valid any more').waitFor();
  assert.equal(await other.page.evaluate(() => window.location.hash), '');
  await assertAccessible(other.page, 'link refused');
  await other.page.getByLabel('Name').fill('omar');
  await other.page.getByLabel('Password', { exact: true }).fill(WORDS);
  await other.page.keyboard.press('Enter');
  await other.page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
});

test('the page has addresses of its own, and no others', async () => {
  const { page, complaints } = await browser.signedIn();
  const places = {
    '/figures': 'Figures',
    '/settings': 'Settings',
    '/blocks': /./,
    '/users': /./,
    '/doctor': 'Checks',
  };
  for (const [path, heading] of Object.entries(places)) {
    await page.goto(path);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  }
  await page.goto('/');
  await page.getByRole('link', { name: 'Figures' }).first().click();
  await page.getByRole('heading', { name: 'Figures', level: 1 }).waitFor();
  assert.match(await page.title(), /^Figures/);
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await page.goBack();
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  await page.goto('/signin');
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  assert.equal((await page.request.get('/nothing')).status(), 404);
  assert.equal((await page.request.get('/calls/CA0')).status(), 404);
  assert.deepEqual(complaints, []);
});

test('who reads French is spoken to in French', async () => {
  const { page, complaints } = await browser.tab({ locale: 'fr-FR' });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Se connecter à Mainline' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
  await assertAccessible(page, 'sign-in, French');
  await page.getByRole('button', { name: 'Utiliser plutôt un jeton d’API' }).press('Enter');
  await page.getByLabel('Jeton d’API').fill(stack.token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Prêt pour le premier appel' }).waitFor();
  assert.equal(await page.title(), 'Appels · Mainline');
  assert.deepEqual(complaints, []);
});

test('no token, a wrong one, and the right one', async () => {
  const { page, complaints } = await browser.tab();
  await page.goto('/');
  await page.getByLabel('Name').waitFor();
  assert.equal(await page.title(), 'Sign in · Mainline');
  await page.getByRole('button', { name: 'Use an API token instead' }).press('Enter');
  const field = page.getByLabel('API token');
  await assertAccessible(page, 'token');

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
  const side = await page.getByRole('complementary').boundingBox();
  const leave = await page.getByRole('button', { name: 'Sign out' }).boundingBox();
  assert.ok(leave.x + leave.width <= side.width, 'a long name leaves room for the button');
  await page.reload();
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Name').waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  await page.reload();
  await page.getByLabel('Name').waitFor();
  assert.deepEqual(complaints, []);
});

test('a token that is revoked ends its sessions, and the page says so', async () => {
  const added = await stack.mainline(['token', 'add', '--name', 'guest', '--scope', 'read']);
  const { page } = await browser.tab();
  await page.goto('/');
  await signIn(page, added.out.trim());
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
  assert.equal((await stack.mainline(['token', 'revoke', 'guest'])).code, 0);
  await page.getByText('You were signed out').waitFor({ timeout: 90_000 });
});

test('a phone of 320 px and a reader who likes it dark', async () => {
  const { page } = await browser.tab({
    width: 320,
    height: 640,
    colorScheme: 'dark',
  });
  await page.goto('/');
  await page.getByLabel('Name').waitFor();
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
