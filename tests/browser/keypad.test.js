// A call without a phone: played on the page with the keypad, through the whole stack.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { Stack } from '../e2e/support/stack.js';
import { assertNoSidewaysScroll, openBrowser } from './support/browser.js';

/** Chromium's own microphone beeps once a second. */
const MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** @type {Stack} */
let stack;
/** @type {import('./support/browser.js').Browser} */
let browser;
before(async () => {
  stack = await Stack.start();
  browser = await openBrowser(stack, MICROPHONE);
});
afterEach((context) => browser.closeTabs(context));
after(async () => {
  await browser?.close();
  await stack?.close();
});

const SOON = { timeout: 10_000 };

async function keypad(options) {
  const tab = await browser.tab(options);
  await tab.page.goto('/keypad/');
  await tab.page.getByText('Press Call to begin.').waitFor();
  return tab;
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const log = (page) => page.getByRole('log', { name: 'What the caller hears' });
const state = (page, words) => page.getByRole('status').getByText(words).waitFor(SOON);
const said = (page, words) => log(page).getByText(words).first().waitFor(SOON);

/** The call is placed and its menu is heard. */
async function call(page, name = 'Call') {
  await button(page, name).click();
  await state(page, 'In the menu');
  await said(page, 'Press 1 to talk to us.');
}

async function assertFaultless(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`),
    [],
    where,
  );
}

/** What these answers look like other tests see to. */
const asked = (path) => stack.api.request(path, { described: false });

/** The newest call, once the API says of it what is wanted. */
async function newest(isWanted) {
  for (let tries = 0; tries < 60; tries += 1) {
    const { json } = await asked('/api/calls?limit=1');
    if (json.calls.length > 0 && isWanted(json.calls[0])) return json.calls[0];
    await wait(250);
  }
  throw new Error('the API never said so');
}

/** The bytes of a message, as soon as they are kept here. */
async function audio(url) {
  for (let tries = 0; tries < 60; tries += 1) {
    const answer = await asked(url);
    if (answer.status === 200) return answer.bytes;
    await wait(500);
  }
  throw new Error(`${url} was never there`);
}

/** What a browser makes of an audio file. */
function decoded(page, bytes) {
  return page.evaluate(async (base64) => {
    const file = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(file.buffer);
    const samples = sound.getChannelData(0);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return { seconds: sound.duration, level: Math.sqrt(power) };
  }, bytes.toString('base64'));
}

test('press 1: reception rings, answers, is asked and talks, and the feed has it', async () => {
  const { page, complaints } = await browser.signedIn();
  await page.goto('/keypad/');
  await assertFaultless(page, 'ready');
  await call(page);
  await assertFaultless(page, 'menu');
  await button(page, '1').click();
  await said(page, 'You pressed 1');
  await state(page, 'Ringing Reception');
  await assertFaultless(page, 'ringing');
  await page.getByRole('group', { name: 'What Reception does' }).waitFor();
  await button(page, 'Answer').click();
  await state(page, 'Reception picked up');
  await said(page, 'Press any key to take it.');
  await state(page, 'Talking with Reception');
  await assertFaultless(page, 'talking');
  const preview = page.getByRole('region', { name: 'In the feed now' });
  await preview.getByText('Talking with Reception').waitFor(SOON);
  await page.getByRole('group').getByRole('button', { name: 'Hang up' }).click();
  await state(page, 'Answered.');
  await said(page, 'Reception is off the line');
  await preview.getByText('Reception picked up').waitFor(SOON);
  await assertFaultless(page, 'over');
  assert.equal((await newest(({ outcome }) => outcome !== null)).reason, 'bridged');
  assert.deepEqual(complaints, []);
});

test('press 2: a sample message, which the API hands out', async () => {
  const { page, complaints } = await keypad();
  await call(page);
  await page.keyboard.press('2');
  await said(page, 'Please leave a message after the tone.');
  await said(page, '(a tone)');
  await state(page, 'Leaving a message');
  await said(page, 'A sample message of 6 s is spoken');
  await assertFaultless(page, 'recording');
  await wait(3000);
  await button(page, 'Pound #').click();
  await said(page, 'Thank you. Goodbye.');
  await state(page, 'Voicemail.');
  const { voicemail } = await newest(({ outcome }) => outcome === 'voicemail');
  const { seconds } = await decoded(page, await audio(voicemail.audio_url));
  assert.ok(Math.abs(seconds - voicemail.duration_s) < 1, `${seconds} s`);
  assert.deepEqual(complaints, []);
});

test('a message from the microphone is what is heard later', async () => {
  const { page, complaints } = await keypad();
  await page.getByLabel('Record from the microphone').check();
  await call(page);
  await button(page, '2 ABC').click();
  await state(page, 'Leaving a message');
  await wait(4000);
  await button(page, 'Hang up').click();
  await said(page, 'You hang up');
  await state(page, 'Voicemail.');
  const { voicemail } = await newest(({ voicemail }) => voicemail !== null);
  for (const url of [voicemail.audio_url, voicemail.audio_url.replace('.mp3', '.wav')]) {
    const { seconds, level } = await decoded(page, await audio(url));
    assert.ok(seconds > 2.5 && Math.abs(seconds - voicemail.duration_s) < 1, `${url} ${seconds}`);
    assert.ok(level > 0.02, `${url} has a level of ${level}`);
  }
  assert.deepEqual(complaints, []);
});

test('where the microphone is refused, a sample is left and the page says why', async () => {
  const { page } = await keypad();
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByLabel('Record from the microphone').click();
  await page.getByText('does not let this page use the microphone').waitFor();
  assert.ok(await page.getByLabel('Leave a sample message').isChecked());
  await assertFaultless(page, 'refused');
});

test('a wrong key, then silence, then hanging up in the menu', async () => {
  const { page } = await keypad();
  await call(page);
  await page.keyboard.press('9');
  await said(page, 'You pressed 9');
  await state(page, 'In the menu');
  await log(page).getByText('No key was pressed in time').waitFor({ timeout: 20_000 });
  await button(page, 'Hang up').click();
  await state(page, 'Abandoned.');
  assert.equal((await newest(({ outcome }) => outcome !== null)).reason, 'hung_up_in_menu');
  await button(page, 'Call again').waitFor();
});

test('reception is busy, declines, or lets their own voicemail take it', async () => {
  const deeds = { 'Be busy': 'Reception is busy', Decline: 'Reception is off the line' };
  const { page } = await keypad();
  let name = 'Call';
  for (const [deed, words] of Object.entries(deeds)) {
    await call(page, name);
    await page.keyboard.press('1');
    await state(page, 'Ringing Reception');
    await button(page, deed).click();
    await said(page, words);
    await said(page, 'Please leave a message after the tone.');
    await button(page, 'Hang up').click();
    await button(page, 'Call again').waitFor(SOON);
    name = 'Call again';
  }
  await call(page, name);
  await page.keyboard.press('1');
  await state(page, 'Ringing Reception');
  await button(page, 'Use own voicemail').click();
  await said(page, 'own phone company takes it');
  await log(page).getByText('Please leave a message').waitFor({ timeout: 20_000 });
  await state(page, 'Leaving a message');
  await wait(3000);
  await page.keyboard.press('#');
  await state(page, 'Voicemail.');
  await state(page, 'Reception did not take it');
});

test('hanging up while reception rings', async () => {
  const { page } = await keypad();
  await call(page);
  await page.keyboard.press('1');
  await state(page, 'Ringing Reception');
  await button(page, 'Hang up').click();
  await said(page, 'Reception stops ringing');
  await state(page, 'Hung up while Reception rang');
});

test('closing the tab ends the call', async () => {
  const { page } = await keypad();
  await call(page);
  const { sid } = await newest(({ outcome }) => outcome === null);
  await page.goto('/docs/');
  const ended = await newest(({ outcome }) => outcome !== null);
  assert.equal(ended.sid, sid);
  assert.equal(ended.outcome, 'abandoned');
});

test('two tabs at once do not disturb each other, and a fifth call finds the line busy', async () => {
  const pages = [];
  for (let i = 0; i < 5; i += 1) pages.push((await keypad()).page);
  for (const page of pages.slice(0, 4)) await call(page);
  await button(pages[4], 'Call').click();
  await pages[4].getByRole('alert').getByText('The line is busy').waitFor(SOON);
  await assertFaultless(pages[4], 'busy');
  await pages[0].keyboard.press('1');
  await state(pages[0], 'Ringing Reception');
  await state(pages[1], 'In the menu');
  await button(pages[1], 'Hang up').click();
  await state(pages[1], 'Abandoned.');
  await state(pages[0], 'Ringing Reception');
  await call(pages[4]);
});

test('no number is said as it is, and none at all is withheld', async () => {
  const { page } = await keypad();
  await page.getByLabel('Calling from').fill('12');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('A number is + and 7 to 15 digits').waitFor();
  await assertFaultless(page, 'refused number');
  await page.getByLabel('Calling from').fill('');
  await call(page);
  await page.getByText('calling as No caller ID').waitFor();
  assert.equal((await newest(({ outcome }) => outcome === null)).from, 'anonymous');
});

test('the prompts are spoken for who wants it', async () => {
  const { page } = await browser.tab();
  await page.addInitScript(() => {
    window.spoken = [];
    speechSynthesis.speak = ({ text }) => window.spoken.push(text);
  });
  await page.goto('/keypad/');
  await call(page);
  assert.deepEqual(await page.evaluate(() => window.spoken), []);
  await button(page, 'Hang up').click();
  await button(page, 'Call again').waitFor(SOON);
  await page.getByLabel('Speak the prompts aloud').check();
  await call(page, 'Call again');
  assert.match((await page.evaluate(() => window.spoken)).join(), /^Thank you for calling/);
});

test('by keyboard alone, and typed digits only where they are wanted', async () => {
  const { page } = await keypad();
  const focused = () => page.locator(':focus');
  await page.keyboard.press('Tab');
  assert.equal(await focused().innerText(), 'Skip to content');
  await page.keyboard.press('Enter');
  for (let i = 0; i < 20; i += 1) {
    await page.keyboard.press('Tab');
    if ((await focused().innerText()) === 'Call') break;
  }
  await page.keyboard.press('Enter');
  await state(page, 'In the menu');
  assert.equal(await focused().innerText(), 'Hang up');
  await page.keyboard.press('1');
  await state(page, 'Ringing Reception');
  await button(page, 'Decline').focus();
  await page.keyboard.press('Space');
  await state(page, 'Reception picked up');
  assert.equal(await focused().innerText(), 'Hang up', 'focus stays with what reception does');
  await said(page, 'Please leave a message');
  await page.getByLabel('Typed keys press the keypad').uncheck();
  await page.keyboard.press('5');
  await wait(300);
  assert.equal(await log(page).getByText('You pressed 5').count(), 0);
  await button(page, 'Hang up').focus();
  await page.keyboard.press('Enter');
  await button(page, 'Call again').waitFor(SOON);
});

test('a phone of 320 px, dark, while reception rings', async () => {
  const { page, complaints } = await keypad({ width: 320, height: 640, colorScheme: 'dark' });
  await assertNoSidewaysScroll(page, 'ready');
  await assertFaultless(page, 'ready, dark');
  await call(page);
  await button(page, '1').click();
  await state(page, 'Ringing Reception');
  await assertNoSidewaysScroll(page, 'ringing');
  await assertFaultless(page, 'ringing, dark');
  assert.deepEqual(
    complaints.filter((one) => !one.includes('401')),
    [],
  );
});

test('the simulator dies: the call is lost, ends in the feed, and the next one works', async () => {
  const { page } = await keypad();
  await call(page);
  const { sid } = await newest(({ outcome }) => outcome === null);
  stack.readSettings();
  process.kill(Number(stack.settings.SIMULATOR_PID), 'SIGKILL');
  await page.getByRole('status').getByText('The call is lost').waitFor({ timeout: 15_000 });
  await assertFaultless(page, 'lost');
  const ended = await newest((one) => one.sid === sid && one.outcome !== null);
  assert.equal(ended.outcome, 'abandoned');
  await call(page, 'Call again');
});
