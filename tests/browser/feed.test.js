// The feed as a person sees it: calls come in by themselves, messages play, nothing jumps.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { freePort, Stack } from '../e2e/support/stack.js';
import { STORIES } from '../simulator/index.js';
import { assertAccessible, assertNoSidewaysScroll, openBrowser } from './support/browser.js';

/** @type {Stack} */
let stack;
/** @type {import('../simulator/index.js').PhoneNetwork} */
let network;
/** @type {import('./support/browser.js').Browser} */
let browser;
before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network({
    people: { '*': { does: 'answers', after: 4, talks: 20 } },
  });
  await network.listen(port);
  browser = await openBrowser(stack);
});
afterEach((context) => browser.closeTabs(context));
after(async () => {
  await browser?.close();
  await network?.close();
  await stack?.close();
});

const APPEARS = { timeout: 10_000 };
const leavesMessage = [{ press: '2' }, { message: 8 }];

function call(from, caller, on = network) {
  return on.call({ from, to: stack.line, caller });
}

function rowOf(page, name) {
  return page.locator('.list li').filter({ has: page.getByRole('heading', { name }) });
}

test('a message appears without a reload, and plays under its row', async () => {
  const { page, complaints } = await browser.signedIn();
  await page.getByRole('heading', { name: 'Ready for the first call' }).waitFor();
  await call('+442079460312', leavesMessage);
  const row = rowOf(page, '+44 20 7946 0312');
  await row.waitFor(APPEARS);
  await row.getByText('Pressed 2 to leave a message').waitFor();
  assert.match(await row.innerText(), /Voicemail.*message 0:\d\d.*just now/s);
  await assertAccessible(page, 'feed');

  await row.getByRole('button', { name: /^Play message from \+44/ }).click();
  await page.waitForFunction(() => document.querySelector('audio')?.currentTime > 0.5);
  const player = page.getByRole('group', {
    name: 'Message from +44 20 7946 0312',
  });
  const slider = player.getByRole('slider', {
    name: 'Position in the message',
  });
  await page.waitForFunction(() =>
    /^0:0[1-9] of 0:\d\d$/.test(document.querySelector('input[type=range]').ariaValueText),
  );
  await assertAccessible(page, 'player');

  await player.getByRole('button', { name: 'Pause' }).click();
  const before = await page.locator('audio').evaluate((audio) => audio.currentTime);
  await slider.press('ArrowRight');
  const moved = await page.locator('audio').evaluate((audio) => audio.currentTime);
  assert.ok(Math.abs(moved - before - 5) < 0.5, `${before} to ${moved}`);
  await player.getByRole('button', { name: 'Speed 1×' }).click();
  assert.equal(await page.locator('audio').evaluate((audio) => audio.playbackRate), 1.25);

  await slider.press('Escape');
  await player.waitFor({ state: 'detached' });
  const focused = page.locator(':focus');
  assert.match(await focused.getAttribute('aria-label'), /^Play message from/);
  assert.deepEqual(complaints, []);
});

test('a live call stands above the list and comes into it when it ends', async () => {
  const { page, complaints } = await browser.signedIn();
  const slow = stack.network({
    speed: 2,
    people: { '*': { does: 'answers', after: 12, talks: 12 } },
  });
  try {
    const ended = call('+33199004127', [{ press: '1' }], slow);
    const band = page.getByRole('region', { name: 'Now' });
    await band.getByRole('heading', { name: '+33 1 99 00 41 27' }).waitFor(APPEARS);
    await band.getByText('Ringing Reception').waitFor(APPEARS);
    await assertAccessible(page, 'live');
    await band.getByText('Talking with Reception').waitFor({ timeout: 15_000 });
    await ended;
    await rowOf(page, '+33 1 99 00 41 27').getByText('Answered').waitFor(APPEARS);
    await band.waitFor({ state: 'detached' });
  } finally {
    await slow.close();
  }
  assert.deepEqual(complaints, []);
});

test('while the pointer is in the list new calls wait behind a button', async () => {
  const { page } = await browser.signedIn();
  await call('+15085550101', [{ hangUp: 2, while: 'prompt' }]);
  await rowOf(page, '+1 508 555 0101').waitFor(APPEARS);
  await rowOf(page, '+1 508 555 0101').hover();
  await call('+15085550102', [{ hangUp: 2, while: 'prompt' }]);
  const button = page.getByRole('button', { name: '1 new call' });
  await button.waitFor(APPEARS);
  assert.equal(await rowOf(page, '+1 508 555 0102').count(), 0);
  await button.click();
  await rowOf(page, '+1 508 555 0102').waitFor();
});

test('every way in which a call ends has its word and its reason', async () => {
  const { page, complaints } = await browser.signedIn();
  const words = {
    answered: /Answered\s+Reception picked up/,
    not_accepted: /Missed\s+Not taken by Reception/,
    carrier_voicemail: /Voicemail\s+Reception did not take it/,
    busy: /Missed\s+Busy at Reception/,
    no_answer: /Missed\s+No answer; Reception rang/,
    bad_number: /Missed\s+The number for Reception does not work/,
    empty_message: /Missed\s+Chose voicemail, said nothing/,
    hung_up_in_menu: /Abandoned\s+Hung up in the menu after \d+ s/,
    hung_up_while_ringing: /Abandoned\s+Hung up while Reception rang/,
  };
  const told = STORIES.filter(({ name }) => name in words);
  assert.equal(told.length, Object.keys(words).length);
  for (const [i, story] of told.entries()) {
    const own = stack.network({ people: story.people });
    await call(`+1617555020${i}`, story.caller, own);
    await own.close();
  }
  for (const [i, story] of told.entries()) {
    const row = rowOf(page, `+1 617 555 020${i}`);
    await row.waitFor(APPEARS);
    assert.match(await row.locator('.how').innerText(), words[story.name], story.name);
  }
  assert.deepEqual(complaints, []);
});

test('older calls come page by page, each once', async () => {
  for (let i = 0; i < 50; i++) {
    await call(`+1617555${3000 + i}`, [{ hangUp: 2, while: 'prompt' }]);
  }
  const { page } = await browser.signedIn();
  const rows = page.locator('.list .row');
  await rows.nth(49).waitFor(APPEARS);
  assert.equal(await rows.count(), 50);
  await page.getByRole('button', { name: 'Older calls' }).click();
  await page.getByText('These are all calls.').waitFor();
  const [{ n }] = await stack.sql('SELECT count(*)::int AS n FROM calls');
  assert.equal(await rows.count(), n);
});

test('a phone of 320 px, dark, with a message open', async () => {
  const { page, complaints } = await browser.signedIn({
    width: 320,
    height: 640,
    colorScheme: 'dark',
  });
  await call('anonymous', leavesMessage);
  const row = rowOf(page, 'No caller ID').first();
  await row.waitFor(APPEARS);
  await assertNoSidewaysScroll(page, 'feed');
  await assertAccessible(page, 'feed, dark');
  await row.getByRole('button', { name: /^Play message/ }).click();
  await page.waitForFunction(() => document.querySelector('audio')?.currentTime > 0);
  await assertNoSidewaysScroll(page, 'player');
  await assertAccessible(page, 'player, dark');
  assert.deepEqual(complaints, []);
});

test('why a message does not play is said in words', async () => {
  await call('+442079460999', leavesMessage);
  const { page } = await browser.signedIn();
  const problem = (status, code) => ({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      type: 'about:blank',
      title: '',
      status,
      code,
      detail: '',
    }),
  });
  const said = {
    recording_gone: [410, 'The audio of this message no longer exists.'],
    scope_missing: [403, 'Your token may not play messages.'],
    upstream_failed: [502, 'The storage of the audio did not hand it out.'],
    recording_not_ready: [409, 'The phone network is still preparing this message.'],
  };
  const row = rowOf(page, '+44 20 7946 0999');
  for (const [code, [status, words]] of Object.entries(said)) {
    await page.route('**/api/recordings/**', (route) => route.fulfill(problem(status, code)));
    await row.getByRole('button', { name: /^Play message/ }).click();
    await row.getByText(words).waitFor();
    await assertAccessible(page, code);
    await page.unroute('**/api/recordings/**');
    if (code !== 'recording_not_ready') await page.keyboard.press('Escape');
  }
  // The last one mends itself.
  await page.waitForFunction(() => document.querySelector('audio')?.currentTime > 0, APPEARS);
});

test('without the server the rows stay and the page says how old they are', async () => {
  const { page } = await browser.signedIn();
  await page.locator('.list .row').first().waitFor(APPEARS);
  await page.route('**/api/**', (route) => route.abort());
  await page.getByText('Reconnecting…').waitFor({ timeout: 15_000 });
  assert.ok((await page.locator('.list .row').count()) > 0);
  await assertAccessible(page, 'reconnecting');
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('Live again.').waitFor();
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await assertAccessible(page, 'offline');
});

test('by keyboard alone: the skip link, a message, and back', async () => {
  const { page } = await browser.signedIn();
  await page.locator('.playpill').first().waitFor(APPEARS);
  await page.reload();
  await page.locator('.playpill').first().waitFor(APPEARS);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator(':focus').innerText(), 'Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.match(await page.locator(':focus').getAttribute('aria-label'), /^Play message/);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.activeElement.className === 'play');
});
