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
  await call('+442079460312', [{ press: '2' }, { message: 20 }]);
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
  await page.waitForFunction(() => document.activeElement?.matches('.row-link'));
  assert.match(await page.locator(':focus').innerText(), /\+44 20 7946 0312$/);
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

test('older calls come by scrolling, each once, and only those near the view are drawn', async () => {
  for (let i = 0; i < 130; i++) {
    await call(`+1617555${3000 + i}`, [{ hangUp: 2, while: 'prompt' }]);
  }
  const { page, complaints } = await browser.signedIn();
  const rows = page.locator('.list .row');
  await rows.nth(15).waitFor(APPEARS);
  const seen = new Set();
  const look = async () => {
    const sids = await page
      .locator('.list li[data-sid]')
      .evaluateAll((all) => all.map((row) => row.dataset.sid));
    assert.ok(sids.length < 70, `${sids.length} rows are drawn`);
    for (const sid of sids) seen.add(sid);
  };
  const end = page.getByText('These are all calls.');
  for (let i = 0; i < 200; i++) {
    await look();
    const isAtEnd = await page.evaluate(
      () => scrollY + innerHeight >= document.documentElement.scrollHeight - 2,
    );
    if (isAtEnd && (await end.count()) > 0) break;
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(40);
  }
  const [{ n }] = await stack.sql('SELECT count(*)::int AS n FROM calls');
  assert.equal(seen.size, n);

  // A call's page and back: the same place, and the same row has focus.
  const link = page.locator('.list .row-link').nth(12);
  const name = await link.innerText();
  await link.focus();
  const before = await page.evaluate(() => window.scrollY);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/calls\/CA/);
  await page.goBack();
  await page.waitForFunction(() => document.activeElement?.matches('.row-link'));
  assert.equal(await page.locator(':focus').innerText(), name);
  const after = await page.evaluate(() => window.scrollY);
  assert.ok(Math.abs(after - before) < 200, `${before} to ${after}`);
  assert.deepEqual(complaints, []);
});

test('views, filters and a search are in the address, and outlive a reload', async () => {
  await call('+442079461234', leavesMessage);
  await call('+442079461235', [{ hangUp: 2, while: 'prompt' }]);
  const { page, complaints } = await browser.signedIn();
  await rowOf(page, '+44 20 7946 1235').waitFor(APPEARS);
  await page.getByRole('link', { name: /^Unheard \d/ }).click();
  await page.waitForURL('/?view=unheard');
  await rowOf(page, '+44 20 7946 1234').waitFor();
  assert.equal(await rowOf(page, '+44 20 7946 1235').count(), 0);
  await assertAccessible(page, 'unheard');

  await page.getByRole('link', { name: 'All', exact: true }).click();
  await page.getByRole('button', { name: 'Filters' }).click();
  const dialog = page.getByRole('dialog', { name: 'Filter calls' });
  await dialog.getByLabel('Abandoned').check();
  await dialog.getByRole('button', { name: 'Today' }).click();
  await assertAccessible(page, 'filters');
  await dialog.getByRole('button', { name: 'Show calls' }).click();
  await page.waitForURL(/outcome=abandoned&since=.*&until=/);
  await rowOf(page, '+44 20 7946 1235').waitFor();
  assert.equal(await rowOf(page, '+44 20 7946 1234').count(), 0);

  await page.keyboard.press('/');
  await page.keyboard.type('7946 1235');
  await page.waitForURL(/q=7946\+1235/);
  await page.waitForFunction(() => document.querySelectorAll('.list .row').length === 1);
  await page.reload();
  await rowOf(page, '+44 20 7946 1235').waitFor();
  assert.equal(await page.locator('.list .row').count(), 1);
  assert.equal(await page.getByRole('searchbox').inputValue(), '7946 1235');
  await assertAccessible(page, 'searched');

  await page.getByRole('searchbox').fill('nobody at all');
  await page.getByRole('heading', { name: 'No call from “nobody at all”' }).waitFor();
  await assertAccessible(page, 'nothing found');
  await page.getByRole('link', { name: 'Clear filters' }).first().click();
  await rowOf(page, '+44 20 7946 1234').waitFor();
  await page.waitForURL('/');
  assert.deepEqual(complaints, []);
});

test('marks: done, undone, heard, a note, and many at once', async () => {
  await call('+442079462001', [{ hangUp: 2, while: 'prompt' }]);
  await call('+442079462002', leavesMessage);
  const { page, complaints } = await browser.signedIn();
  const waits = rowOf(page, '+44 20 7946 2001');
  const message = rowOf(page, '+44 20 7946 2002');
  await message.waitFor(APPEARS);
  assert.equal(await waits.locator('.todo').count(), 1);
  await waits.hover();
  const call2001 = waits.getByRole('link', { name: 'Call back +44 20 7946 2001' });
  assert.equal(await call2001.getAttribute('href'), 'tel:+442079462001');
  await waits.getByRole('button', { name: /^Mark done/ }).click();
  await waits.getByText('Done', { exact: true }).waitFor();
  const done = () =>
    stack.sql(`SELECT done_at IS NOT NULL AS yes FROM calls WHERE from_number = '+442079462001'`);
  await page.getByText('Marked 1 call as done').hover(); // it stays as long
  assert.equal((await done())[0].yes, true);
  await assertAccessible(page, 'toast');
  await page.getByRole('button', { name: 'Undo' }).click();
  await waits.locator('.todo').waitFor();

  await message.locator('.row-link').focus();
  await page.keyboard.press('n');
  const note = page.getByLabel('Note, for everybody here');
  await note.fill('Sent the quote');
  await assertAccessible(page, 'note');
  await page.keyboard.press('Control+Enter');
  await message.getByText('Sent the quote').waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('.row-link'));
  await page.keyboard.press('h');
  await page.getByText('Marked 1 message as heard').waitFor();
  assert.equal(await message.locator('.unheard').count(), 0);

  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  const bar = page.getByRole('toolbar', { name: 'Selected calls' });
  await bar.getByText('2 selected').waitFor();
  await assertAccessible(page, 'selection');
  const saved = page.waitForEvent('download');
  await bar.getByRole('button', { name: 'Export' }).click();
  assert.equal((await saved).suggestedFilename(), 'calls.csv');
  await bar.getByRole('button', { name: 'Mark done' }).click();
  await page.getByText('Marked 2 calls as done').waitFor();
  assert.equal((await done())[0].yes, true);
  await page.keyboard.press('Escape');
  assert.deepEqual(complaints, []);
});

test('a change is on another page that is open within a second', async () => {
  await call('+442079463001', [{ hangUp: 2, while: 'prompt' }]);
  const one = await browser.signedIn();
  const two = await browser.signedIn();
  const here = rowOf(one.page, '+44 20 7946 3001');
  const there = rowOf(two.page, '+44 20 7946 3001');
  await here.waitFor(APPEARS);
  await there.waitFor(APPEARS);
  await here.locator('.row-link').focus();
  await one.page.keyboard.press('d');
  await one.page.getByText('Marked 1 call as done').waitFor();
  await there.getByText('Done', { exact: true }).waitFor({ timeout: 2_000 });
  assert.deepEqual([...one.complaints, ...two.complaints], []);
});

test('the table of keys, and letters that can be turned off', async () => {
  const { page } = await browser.signedIn();
  await page.locator('.list .row').first().waitFor(APPEARS);
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard' });
  await dialog.waitFor();
  await assertAccessible(page, 'keys');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await page.locator('.list .row-link').first().focus();
  await page.keyboard.press('j');
  const second = await page.locator('.list .row-link').nth(1).innerText();
  assert.equal(await page.locator(':focus').innerText(), second);
  await page.evaluate(() => {
    localStorage.setItem('mainline.preferences', JSON.stringify({ shortcuts: false }));
  });
  await page.reload();
  await page.locator('.list .row-link').first().focus();
  await page.keyboard.press('j');
  const first = await page.locator('.list .row-link').first().innerText();
  assert.equal(await page.locator(':focus').innerText(), first);
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.locator(':focus').innerText(), second);
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
    scope_missing: [403, 'You may not play messages.'],
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
  await page.getByText('Reconnecting…').waitFor({ timeout: 30_000 });
  assert.ok((await page.locator('.list .row').count()) > 0);
  await assertAccessible(page, 'reconnecting');
  const back = page.getByText('Live again.').waitFor();
  await page.unroute('**/api/**');
  // Unless it has tried by itself in between.
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 3000 })
    .catch(() => {});
  await back;
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await assertAccessible(page, 'offline');
});

test('by keyboard alone: the skip link, the list, a message, and back', async () => {
  await call('+442079464001', leavesMessage);
  const { page } = await browser.signedIn();
  await rowOf(page, '+44 20 7946 4001').waitFor(APPEARS);
  await page.reload();
  await rowOf(page, '+44 20 7946 4001').waitFor(APPEARS);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator(':focus').innerText(), 'Skip to content');
  await page.keyboard.press('Enter');
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.matches('.list .row-link'))) break;
  }
  assert.match(await page.locator(':focus').innerText(), /\+44 20 7946 4001/);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.activeElement.className === 'play');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement.matches('.row-link'));
});
