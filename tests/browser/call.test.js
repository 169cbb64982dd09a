// A call's page: what happened, its message, what may be done to it.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { people } from '../e2e/support/people.js';
import { freePort, Stack } from '../e2e/support/stack.js';
import { assertAccessible, assertNoSidewaysScroll, openBrowser } from './support/browser.js';
import { openAt } from './support/stubs.js';

const FROM = '+15085550142';
const WORDS = 'a few good words';
const APPEARS = { timeout: 10_000 };

/** @type {Stack} */
let stack;
/** @type {import('../simulator/index.js').PhoneNetwork} */
let network;
/** @type {import('./support/browser.js').Browser} */
let browser;
before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network({ people: { '*': { does: 'declines', after: 4 } } });
  await network.listen(port);
  const at = people(stack);
  for (const role of ['admin', 'agent', 'reader']) await at.add(`an ${role}`, role, WORDS);
  browser = await openBrowser(stack);
});
afterEach((context) => browser.closeTabs(context));
after(async () => {
  await browser?.close();
  await network?.close();
  await stack?.close();
});

/** A call that Reception declined and that left a message. */
async function aMessage() {
  const caller = [{ press: '1' }, { message: 20 }];
  const { sid } = await network.call({ from: FROM, to: stack.line, caller });
  return sid;
}

/** A tab at a call, as somebody of a role. */
function open(sid, options = {}, role = 'admin') {
  return openAt(browser, `/calls/${sid}`, {
    as: { name: `an ${role}`, password: WORDS },
    ...options,
  });
}

test('what happened is told in order, and the facts beside it', async () => {
  const sid = await aMessage();
  const { page, complaints } = await open(sid);
  await page.getByRole('heading', { level: 1, name: '+1 508 555 0142' }).waitFor(APPEARS);
  assert.match(await page.title(), /^(\(\d+\) )?\+1 508 555 0142/);
  const line = page.locator('.line > li');
  const told = await line.locator('.what').allInnerTexts();
  assert.deepEqual(
    told.map((words) => words.replace(/\d+:\d+:\d+|\d+ s$/g, '').trim()),
    [
      'Call came in on Main number',
      'Heard the menu',
      'Pressed 1',
      'Rang Reception',
      'Heard the voicemail greeting',
      'Left a message',
      'Caller hung up',
    ],
  );
  await page.getByText('Not taken').waitFor();
  const facts = await page.locator('.facts').first().innerText();
  for (const fact of ['Main number, +1 555 010 0001', 'Verified by the network', '0:20', 'UTC']) {
    assert.ok(facts.includes(fact), `${fact} in ${facts}`);
  }
  assert.equal(
    await page.getByRole('link', { name: 'Call back' }).getAttribute('href'),
    `tel:${FROM}`,
  );
  await page.getByText('Raw events').click();
  await page.locator('.raw summary').first().click();
  const twiml = await page.getByRole('region', { name: 'Answered' }).innerText();
  assert.match(twiml, /^<\?xml[^\n]*\n<Response>\n {2}<Gather/);
  await assertAccessible(page, 'call');
  assert.deepEqual(complaints, []);
});

test('a message has a waveform, plays, and keys go back and on', async () => {
  const sid = await aMessage();
  const { page, complaints } = await open(sid);
  await page.locator('.wave.is-drawn').waitFor(APPEARS);
  await page.waitForTimeout(300);
  assert.equal((await stack.api.call(sid)).listens.length, 0, 'to draw it is not to hear it');
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelector('audio').currentTime > 0.3);
  const slider = page.getByRole('slider', { name: 'Position in the message' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('audio').currentTime > 10);
  assert.match(await slider.getAttribute('aria-valuetext'), /^0:1\d of 0:(19|20)$/);
  await page.keyboard.press('>');
  await page.getByRole('button', { name: 'Speed 1.25×' }).waitFor();
  await page.keyboard.press('<');
  assert.equal(await page.evaluate(() => document.querySelector('audio').playbackRate), 1);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  for (const kind of ['MP3', 'WAV']) {
    const href = await page.getByRole('link', { name: `Download ${kind}` }).getAttribute('href');
    const answer = await page.request.get(href);
    assert.equal(answer.status(), 200);
  }
  await page.locator('.listens').getByText('an admin').first().waitFor({ timeout: 20_000 });
  assert.deepEqual(complaints, []);
});

test('marks and a note are kept, and a colleague who was faster is seen', async () => {
  const sid = await aMessage();
  const { page, complaints } = await open(sid, {}, 'agent');
  await page.getByRole('button', { name: 'Mark as heard' }).click();
  await page.getByRole('button', { name: 'Mark as unheard' }).waitFor();
  await page.getByRole('button', { name: 'Mark as done' }).click();
  await page.getByText(/^Marked as done/).waitFor();
  const note = page.getByRole('textbox', { name: 'Note' });
  await note.fill('Called back, all is well');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Saved', { exact: true }).waitFor();
  const kept = await stack.api.call(sid);
  assert.notEqual(kept.voicemail.heard_at, null);
  assert.notEqual(kept.done_at, null);
  assert.equal(kept.note, 'Called back, all is well');
  await note.fill('I am still writing');
  const { status } = await stack.api.request(`/api/calls/${sid}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ note: 'Somebody else was here' }),
  });
  assert.equal(status, 200);
  await page.getByText('A colleague has changed the note meanwhile').waitFor({ timeout: 20_000 });
  assert.equal(await note.inputValue(), 'I am still writing');
  await assertAccessible(page, 'two notes');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  assert.equal(await note.inputValue(), 'Somebody else was here');
  assert.equal(await page.getByRole('button', { name: 'Erase this call' }).count(), 0);
  assert.deepEqual(complaints, []);
});

test('an admin blocks a number after being told what that does', async () => {
  const sid = await aMessage();
  const { page, complaints } = await open(sid);
  const button = page.getByRole('button', { name: 'Block this number' });
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Block +1 508 555 0142?' });
  await dialog.getByText('rejected before the menu').waitFor();
  await assertAccessible(page, 'block');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await button.evaluate((element) => element === document.activeElement), true);
  await button.click();
  await dialog.getByRole('button', { name: 'Block', exact: true }).click();
  await page.getByText('This number is blocked.').waitFor();
  const { json } = await stack.api.request(`/api/blocks/${FROM}`);
  assert.equal(json.created_by, 'an admin');
  await page.getByRole('button', { name: 'Unblock this number' }).click();
  await page.getByRole('button', { name: 'Unblock', exact: true }).click();
  await button.waitFor();
  assert.deepEqual(complaints, []);
});

test('an admin erases a call, in two steps, and it is gone', async () => {
  const sid = await aMessage();
  const { page, complaints } = await open(sid);
  await page.getByRole('button', { name: 'Erase this call' }).click();
  const yes = page.getByRole('button', { name: 'Erase for good' });
  await yes.click();
  await page.getByRole('alert').filter({ hasText: 'Type erase' }).waitFor();
  assert.equal((await stack.api.call(sid)).sid, sid, 'a click alone erases nothing');
  await assertAccessible(page, 'erase');
  await page.getByLabel('Type erase to go on').fill('erase');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The call is erased' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'This call is not here' }).waitFor();
  await assertAccessible(page, 'gone');
  await page.getByRole('link', { name: 'Go to the calls' }).click();
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('a reader sees the call, and nothing that they may not do', async () => {
  const sid = await aMessage();
  const { page } = await open(sid, {}, 'reader');
  await page.getByText('Your account may not play messages.').waitFor();
  for (const name of ['Mark as heard', 'Save note', 'Block this number', 'Erase this call']) {
    assert.equal(await page.getByRole('button', { name }).count(), 0, name);
  }
});

test('a call that goes on is followed to its end', async () => {
  const slow = stack.network({
    people: { '*': { does: 'answers', after: 2, talks: 4 } },
    speed: 1,
  });
  try {
    let sid;
    const call = slow.call({ from: FROM, to: stack.line, caller: [{ press: '1' }] });
    while (sid === undefined) {
      const { calls } = await stack.api.get('/api/calls?limit=1');
      if (calls[0]?.outcome === null) sid = calls[0].sid;
    }
    const { page } = await open(sid);
    await page.getByText('Going on', { exact: true }).waitFor();
    await page.getByText('Ringing Reception').waitFor(APPEARS);
    await page.getByText('Talking with Reception').waitFor(APPEARS);
    await page.locator('.why').getByText('Answered').waitFor({ timeout: 15_000 });
    await call;
  } finally {
    await slow.close();
  }
});

test('wherever and whenever it is looked at', async () => {
  const sid = await aMessage();
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, locale] of [
      [1280, 'en-GB'],
      [390, 'fr-FR'],
      [320, 'en-US'],
    ]) {
      const { page, complaints } = await open(sid, { width, colorScheme, locale });
      const state = `${width} px, ${colorScheme}, ${locale}`;
      await page.locator('.line').waitFor(APPEARS);
      await assertAccessible(page, state);
      await assertNoSidewaysScroll(page, state);
      assert.deepEqual(complaints, [], state);
    }
  }
});
