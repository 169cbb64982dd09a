// Takes the pictures of the feed that README.md shows: `node browser/picture.js ../docs` in tests/.
// A stack of its own, a morning's calls, Chromium, and pngquant of Debian; light and dark.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, ROOT, Stack } from '../e2e/support/stack.js';
import { openBrowser } from './support/browser.js';

const PASSWORD = 'a morning at the reception';
const SIZE = { width: 1200, height: 700 };
const folder = resolve(process.argv[2] ?? join(ROOT, 'docs'));

const picksUp = { does: 'answers', after: 6, talks: 214 };
const talk = [{ press: '1' }];

/** What came in this morning, the oldest first: minutes ago, who, what they do, who is there. */
const MORNING = [
  [131, '+12125550164', 'Hartmann Supplies', talk, { ...picksUp, after: 4, talks: 372 }],
  [118, '+442079460312', 'Priya Raman', talk, picksUp],
  [102, '+13105550187', '', [{ hangUp: 7, while: 'prompt' }], picksUp],
  [88, '+33199004127', 'Camille Roux', [{ press: '2' }, { message: 34 }], picksUp],
  [67, '+17735550142', 'Dana Whitfield', talk, { ...picksUp, after: 3, talks: 95 }],
  [49, '+14155550129', 'Marcus Bell', talk, { does: 'no-answer' }],
  [31, 'anonymous', '', [...talk, { message: 19 }], { does: 'declines' }],
  [18, '+493023125014', 'Praxis Dr. Vogt', talk, { ...picksUp, after: 9, talks: 58 }],
  [6, '+16175550108', 'Elena Petrov', [...talk, { message: 27 }], { does: 'busy' }],
];

/** Where those numbers are; the network only guesses. */
const PLACES = {
  '+12125550164': { city: 'NEW YORK', state: 'NY', zip: '10001', country: 'US' },
  '+16175550108': { city: 'BOSTON', state: 'MA', zip: '02108', country: 'US' },
  '+14155550129': { city: 'SAN FRANCISCO', state: 'CA', zip: '94103', country: 'US' },
  '+13105550187': { city: 'LOS ANGELES', state: 'CA', zip: '90001', country: 'US' },
  '+17735550142': { city: 'CHICAGO', state: 'IL', zip: '60601', country: 'US' },
};

async function main() {
  const port = await freePort();
  const stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  let rest;
  let browser;
  try {
    // One network keeps what has been recorded, and serves it to the stack.
    rest = stack.network({ startAt: new Date(Date.now() - 3 * 3600_000) });
    await rest.listen(port);
    for (const call of MORNING) await place(stack, rest, call);
    browser = await openBrowser(stack);
    const live = stack.network({ speed: 1, people: { '*': { ...picksUp, after: 30 } } });
    const ringing = live.call({ from: '+12065550171', to: stack.line, caller: talk });
    ringing.catch(() => {});
    await shoot(stack, browser);
    await live.close();
  } finally {
    await browser?.close();
    await rest?.close();
    await stack.close();
  }
}

async function place(stack, network, [minutes, from, name, caller, person]) {
  const startsAt = Date.now() - minutes * 60_000;
  network.people = { '*': person };
  await network.call({
    from,
    to: stack.line,
    caller,
    startsAfter: Math.max(0, (startsAt - network.clock.now()) / 1000),
    params: name === '' ? {} : { CallerName: name },
    fromPlace: PLACES[from],
  });
}

async function signIn(stack, page) {
  const { out } = await stack.mainline(['user', 'add', 'Nora', '--role', 'agent', '--link']);
  await page.goto(out.trim());
  await page.getByLabel('New password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
}

/** So that all of them were today; a zone that is ahead of UTC has a minus in its name. */
function whereItIsEleven() {
  const ahead = ((11 - new Date().getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

async function shoot(stack, browser) {
  const { page } = await browser.tab({
    ...SIZE,
    deviceScaleFactor: 2,
    locale: 'en-GB',
    timezoneId: whereItIsEleven(),
  });
  await signIn(stack, page);
  await page.getByText('Ringing Reception').waitFor();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const file = colorScheme === 'light' ? 'feed.png' : `feed-${colorScheme}.png`;
    const input = await page.screenshot();
    writeFileSync(
      join(folder, file),
      execFileSync('pngquant', ['--speed=1', '--strip', '-'], { input }),
    );
  }
}

await main();
