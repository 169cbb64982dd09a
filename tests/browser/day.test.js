// A day with the page, from the first sign-in to signing out, as one person has it.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { freePort, Stack } from '../e2e/support/stack.js';
import { assertAccessible, openBrowser } from './support/browser.js';

const APPEARS = { timeout: 10_000 };
const PASSWORD = 'correct horse battery';
const CALLER = '+442079460312';
const CALLER_SHOWN = '+44 20 7946 0312';
const OLD_CALLS = 10_000;

/** @type {Stack} */
let stack;
/** @type {import('../simulator/index.js').PhoneNetwork} */
let network;
/** @type {import('./support/browser.js').Browser} */
let browser;
before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network({ people: { '*': { does: 'answers', after: 3, talks: 12 } }, speed: 2 });
  await network.listen(port);
  browser = await openBrowser(stack);
});
afterEach((context) => browser.closeTabs(context));
after(async () => {
  await browser?.close();
  await network?.close();
  await stack?.close();
});

const call = (from, caller) => network.call({ from, to: stack.line, caller });

const rowsOf = (page, name) =>
  page.locator('.list li').filter({ has: page.getByRole('heading', { name }) });

/** Calls of the weeks before, of as many callers. */
function fillTheWeeksBefore() {
  return stack.sql(
    `INSERT INTO calls (line, sid, first_seen_at, first_received_at, updated_at, status_rank,
       from_number, to_number, place, duration_callback_s)
     SELECT $1, 'CA' || lpad(to_hex(g), 32, '0'), t, t, t, 124, '+1508555' || lpad(g::text, 5, '0'),
       $1, ROW(1, 1, 'menu')::step_word, 7
     FROM generate_series(1, $2::integer) g, LATERAL (SELECT now() - g * interval '3 minutes') x(t)`,
    [stack.line, OLD_CALLS],
  );
}

async function signInByLink(page) {
  const { code, out, err } = await stack.mainline([
    'user',
    'add',
    'nora',
    '--role',
    'admin',
    '--link',
  ]);
  assert.equal(code, 0, err);
  const link = /https:\/\/\S+#link=\S+/.exec(out)[0];
  await page.goto(link.replace(new URL(link).origin, ''));
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor(APPEARS);
}

async function watchACallComeInAndBeAnswered(page) {
  const ended = call(CALLER, [{ press: '1' }]);
  const band = page.getByRole('region', { name: 'Now' });
  await band.getByRole('heading', { name: CALLER_SHOWN }).waitFor(APPEARS);
  await band.getByText('Ringing Reception').waitFor(APPEARS);
  await band.getByText('Talking with Reception').waitFor(APPEARS);
  await ended;
  await rowsOf(page, CALLER_SHOWN).getByText('Answered').waitFor(APPEARS);
}

async function hearAMessage(page) {
  await call(CALLER, [{ press: '2' }, { message: 6 }]);
  const row = rowsOf(page, CALLER_SHOWN).filter({ hasText: 'Voicemail' });
  await row.waitFor(APPEARS);
  await page.waitForFunction(() => document.title.startsWith('(1)'));
  const play = row.getByRole('button', { name: /^Play message/ });
  await play.click();
  await page.waitForFunction(() => document.querySelector('audio')?.currentTime > 0.5, null, {
    timeout: 20_000,
  });
  await page.keyboard.press('Escape');
  await row.getByRole('link', { name: CALLER_SHOWN }).focus();
  const heard = async () =>
    (await stack.sql('SELECT heard_at FROM calls WHERE outcome = $1', ['voicemail']))[0].heard_at;
  if ((await heard()) === null) await page.keyboard.press('h');
  await page.waitForFunction(() => !document.title.startsWith('('));
  assert.notEqual(await heard(), null);
}

async function searchAndShare(page) {
  await page.getByRole('searchbox').fill('7946');
  await page.waitForURL(/q=7946/);
  await rowsOf(page, CALLER_SHOWN).nth(1).waitFor(APPEARS);
  assert.equal(await page.locator('.list li').count(), 2);
  const other = await browser.signedIn();
  await other.page.goto(page.url());
  await rowsOf(other.page, CALLER_SHOWN).nth(1).waitFor(APPEARS);
  assert.equal(await other.page.locator('.list li').count(), 2);
  await page.getByRole('searchbox').fill('');
  await page.waitForURL((url) => !url.search.includes('q='));
}

/** To the first call there ever was, by scrolling; how many rows the page drew at most. */
async function goThroughAll(page) {
  const seen = new Set();
  let drawn = 0;
  for (let turn = 0; turn < 3000 && !seen.has('last'); turn += 1) {
    const now = await page.evaluate(() => {
      window.scrollBy(0, 6 * window.innerHeight);
      return {
        sids: [...document.querySelectorAll('.list li[data-sid]')].map((li) => li.dataset.sid),
        atEnd: document.querySelector('.end') !== null,
      };
    });
    drawn = Math.max(drawn, now.sids.length);
    for (const sid of now.sids) seen.add(sid);
    if (now.sids.includes(`CA${OLD_CALLS.toString(16).padStart(32, '0')}`)) seen.add('last');
    else await page.waitForTimeout(20);
  }
  assert.ok(seen.has('last'), `${seen.size} rows were seen`);
  return drawn;
}

async function blockACaller(page) {
  await page.goto('/?q=7946'); // the list alone would come back to where it was
  await rowsOf(page, CALLER_SHOWN).first().getByRole('link', { name: CALLER_SHOWN }).click();
  await page.getByRole('button', { name: 'Block this number' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Block/ })
    .click();
  await page
    .getByText(/turned away|is blocked|Blocked/)
    .first()
    .waitFor(APPEARS);
  await page.waitForTimeout(6000); // until the workers have read it
  await call(CALLER, [{ press: '1' }]);
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Calls/ })
    .first()
    .click();
  await page.getByRole('searchbox').fill('7946'); // the list comes back to where it was
  await rowsOf(page, CALLER_SHOWN).filter({ hasText: 'Blocked' }).waitFor(APPEARS);
}

test('a day: in, a call, a message, a search, all calls, a block, and out', async (t) => {
  const { page, complaints } = await browser.tab();
  await signInByLink(page);
  await watchACallComeInAndBeAnswered(page);
  await hearAMessage(page);
  await searchAndShare(page);

  await fillTheWeeksBefore();
  await page.goto('/');
  await rowsOf(page, CALLER_SHOWN).first().waitFor(APPEARS);
  const drawn = await goThroughAll(page);
  t.diagnostic(`of ${OLD_CALLS} rows at most ${drawn} were in the page`);
  assert.ok(drawn < 300, `${drawn}`);

  await blockACaller(page);
  await assertAccessible(page, 'at the end of the day');
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByRole('heading', { name: /^Sign in/ }).waitFor(APPEARS);
  await page.goto('/');
  await page.getByRole('heading', { name: /^Sign in/ }).waitFor(APPEARS);
  assert.deepEqual(complaints, []);
});
