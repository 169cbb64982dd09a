// Settings, the block list, and people.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { people } from '../e2e/support/people.js';
import { Stack } from '../e2e/support/stack.js';
import { assertAccessible, assertNoSidewaysScroll, openBrowser } from './support/browser.js';
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

const AT = '2026-11-20T10:00:00Z';
const ADDRESS = 'https://calls.example/api/feed.atom?key=0123456789abcdefghijABCDEFGHIJ';

async function around(page, { role = 'admin', password_wanted = false } = {}) {
  let link = { created_at: null, last_used_on: null };
  await asRole(page, role, { password_wanted });
  await stub(page, 'GET', '/api/lines', () => ({ body: { lines: [] } }));
  await stub(page, 'GET', '/api/feed', () => ({ body: link }));
  await stub(page, 'POST', '/api/feed', () => {
    link = { created_at: AT, last_used_on: null };
    return { status: 201, body: { url: ADDRESS } };
  });
  await stub(page, 'DELETE', '/api/feed', () => {
    link = { created_at: null, last_used_on: null };
    return { status: 204 };
  });
}

const open = (path, options = {}, besides = {}) =>
  openAt(browser, path, { before: (page) => around(page, besides), ...options });

test('the language changes at once, and stays', async () => {
  const { page, complaints } = await open('/settings');
  await page.getByLabel('Language').selectOption('fr');
  await page.getByRole('heading', { level: 1, name: 'Réglages' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Réglages' }).waitFor();
  await assertAccessible(page, 'settings in French');
  await page.getByLabel('Langue').selectOption('');
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('shortcuts, sound and notifications are kept in this browser', async () => {
  const { page } = await open('/settings', { permissions: ['notifications'] });
  await page.getByLabel('Single-key shortcuts').uncheck();
  await page.getByLabel('A sound for new messages').check();
  await page.getByLabel('Notifications of new messages').check();
  await page.reload();
  const isOn = (label) => page.getByLabel(label).isChecked();
  await page.getByLabel('Single-key shortcuts').waitFor();
  assert.equal(await isOn('Single-key shortcuts'), false);
  assert.equal(await isOn('A sound for new messages'), true);
  assert.equal(await isOn('Notifications of new messages'), true);
});

test('a browser that allows no notifications says so', async () => {
  const { page } = await open('/settings');
  await page.evaluate(() => {
    Object.defineProperty(Notification, 'permission', { value: 'denied' });
    Notification.requestPermission = async () => 'denied';
  });
  await page.getByLabel('Notifications of new messages').click();
  await page.getByText('The browser does not allow notifications').waitFor();
  assert.equal(await page.getByLabel('Notifications of new messages').isChecked(), false);
  await assertAccessible(page, 'denied');
});

test('a password is changed with the present one', async () => {
  const asked = [];
  const { page, complaints } = await open('/settings');
  await stub(page, 'PUT', '/api/session/password', (request) => {
    asked.push(request.postDataJSON());
    const isRight = asked.at(-1).current === 'the old words';
    return isRight ? { status: 204 } : problem(403, 'wrong_password');
  });
  const fill = async (current, next, again = next) => {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password', { exact: true }).fill(next);
    await page.getByLabel('New password, again').fill(again);
    await page.getByRole('button', { name: 'Change password' }).click();
  };
  await fill('the old words', 'short');
  await page.getByText('Use at least 10 characters.').waitFor();
  await fill('the old words', 'some good new words', 'some other new words');
  await page.getByText('The two are not the same.').waitFor();
  await assertAccessible(page, 'wrong password');
  assert.deepEqual(asked, []);
  await fill('wrong words', 'some good new words');
  await page.getByText('That is not your current password.').waitFor();
  await fill('the old words', 'some good new words');
  await page.getByText('Your password is changed.').waitFor();
  assert.equal(await page.getByLabel('Current password').inputValue(), '');
  assert.deepEqual(asked.at(-1), { password: 'some good new words', current: 'the old words' });
  assert.deepEqual(complaints, []);
});

test('signing out everywhere is asked about, and ends this session too', async () => {
  const { page } = await open('/settings');
  await stub(page, 'DELETE', '/api/sessions', () => ({ status: 204 }));
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out everywhere?' });
  await assertAccessible(page, 'sign out everywhere');
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('heading', { name: /Sign in/ }).waitFor();
});

test('a feed address is made, shown once, and revoked', async () => {
  const { page, complaints } = await open('/settings');
  await page.getByText('You have no feed address.').waitFor();
  await page.getByRole('button', { name: 'Make an address' }).click();
  const field = page.getByLabel('This is your address.');
  assert.equal(await field.inputValue(), ADDRESS);
  await assertAccessible(page, 'feed address');
  await page.reload();
  await page.getByText('Made 20 November 2026. Not asked for yet.').waitFor();
  assert.equal(await page.getByText('feed.atom').count(), 0);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The address is revoked').waitFor();
  assert.deepEqual(complaints, []);
});

async function blocking(page) {
  let blocks = [{ number: '+442079460312', note: 'Nights', created_at: AT, created_by: 'lea' }];
  const asked = [];
  await stub(page, 'GET', '/api/blocks', () => ({ body: { blocks, next: null } }));
  await stub(page, 'PUT', '/api/blocks/+33199004127', (request) => {
    asked.push(request.postDataJSON());
    const { note } = request.postDataJSON();
    const block = { number: '+33199004127', note, created_at: AT, created_by: 'robin' };
    blocks = [block, ...blocks];
    return { body: block };
  });
  await stub(page, 'PUT', `/api/blocks/+15550100001`, () => problem(409, 'is_our_line'));
  await stub(page, 'DELETE', '/api/blocks/+442079460312', () => {
    blocks = blocks.filter(({ number }) => number !== '+442079460312');
    return { status: 204 };
  });
  return asked;
}

test('numbers are blocked as people write them, and let in again', async () => {
  let asked;
  const { page, complaints } = await openAt(browser, '/blocks', {
    before: async (tab) => {
      await around(tab);
      asked = await blocking(tab);
    },
  });
  await page.locator('.things').getByText('+44 20 7946 0312').waitFor();
  await assertAccessible(page, 'blocks');
  const add = async (number, note = '') => {
    await page.getByRole('textbox', { name: 'Number' }).fill(number);
    await page.getByRole('textbox', { name: 'Note' }).fill(note);
    await page.getByRole('button', { name: 'Block', exact: true }).click();
  };
  await add('020 7946 0312');
  await page.getByText('This is not a whole phone number.').waitFor();
  await assertAccessible(page, 'wrong number');
  await add('+44 20 7946 0312');
  await page.getByText('is blocked already').waitFor();
  await add('+1 555 010 0001');
  await page.getByText('This is a number of yours.').waitFor();
  await add('0033 (0)1 99 00 41 27', 'Sells windows');
  await page.getByText('+33 1 99 00 41 27 is blocked.').waitFor();
  assert.deepEqual(asked, [{ note: 'Sells windows' }]);
  await page.getByRole('button', { name: 'Unblock +44 20 7946 0312' }).click();
  await page.getByText('+44 20 7946 0312 is let in again.').waitFor();
  assert.equal(await page.locator('.things li').count(), 1);
  assert.deepEqual(complaints, []);
});

const FOUND = {
  check: 'certificate',
  code: 'certificate_expired',
  severity: 'fault',
  text: 'The certificate of phone.example.com was good until 2026-11-20.',
  mend: 'Renew the certificate, and reload nginx.',
};
const FINDINGS = [
  FOUND,
  { ...FOUND, code: 'disk_low', severity: 'warning', text: 'The disk has 90 MiB left.' },
  { ...FOUND, code: 'media_not_checked', severity: 'not_checked', text: 'None.', mend: null },
  { ...FOUND, check: 'database', code: 'database_ok', severity: 'ok', text: 'Ok.', mend: null },
];

/** What was found last, and the answers to come. */
async function checks(page, first, ...next) {
  let shown = first;
  await stub(page, 'GET', '/api/doctor', () => {
    const body = shown;
    shown = next.shift() ?? shown;
    return { body };
  });
  await stub(page, 'POST', '/api/doctor', () => {
    shown = next.shift() ?? shown;
    return { status: 202, body: { ...first, pending: true } };
  });
}

test('what stands between the caller and the answer, and another look', async () => {
  const found = { pending: false, host: 'phone', checked_at: AT, findings: FINDINGS };
  const fine = { ...found, findings: FINDINGS.slice(3) };
  const { page, complaints } = await openAt(browser, '/doctor', {
    before: async (tab) => {
      await around(tab);
      await checks(tab, found, { ...found, pending: true }, fine);
    },
  });
  await page.getByRole('heading', { name: '1 fault, 1 warning.' }).waitFor();
  await page.getByText('on phone.').waitFor();
  await page.getByText('Renew the certificate, and reload nginx.').first().waitFor();
  await page.getByText('certificate_expired').waitFor();
  await assertAccessible(page, 'findings');
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByRole('button', { name: 'Checking…' }).waitFor();
  await page.getByRole('heading', { name: 'Everything is as it should be.' }).waitFor();
  await page.getByRole('button', { name: 'Check again' }).waitFor();
  await assertAccessible(page, 'nothing found');
  assert.deepEqual(complaints, []);
});

test('before the first look, and where nobody looks', async () => {
  const none = { pending: false, host: null, checked_at: null, findings: [] };
  const { page } = await openAt(browser, '/doctor', {
    before: async (tab) => {
      await around(tab);
      await stub(tab, 'GET', '/api/doctor', () => ({ body: none }));
      await stub(tab, 'POST', '/api/doctor', () => problem(409, 'jobs_not_running'));
    },
  });
  await page.getByRole('heading', { name: 'Nothing was checked yet' }).waitFor();
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('has never run').waitFor();
  await assertAccessible(page, 'never checked');
});

test('people, and the commands that add and remove them', async () => {
  const users = [
    {
      name: 'lea',
      role: 'admin',
      created_at: AT,
      last_seen_on: '2026-11-21',
      has_password: true,
      locked_until: null,
    },
    {
      name: 'robin',
      role: 'agent',
      created_at: AT,
      last_seen_on: null,
      has_password: false,
      locked_until: null,
    },
  ];
  const { page, complaints } = await openAt(browser, '/users', {
    permissions: ['clipboard-read', 'clipboard-write'],
    before: async (tab) => {
      await around(tab);
      await stub(tab, 'GET', '/api/users', () => ({ body: { users } }));
    },
  });
  await page.getByRole('row', { name: /lea Admin.*21 November 2026 Can sign in/ }).waitFor();
  await page.getByRole('row', { name: /robin Agent.*never No password yet/ }).waitFor();
  await assertAccessible(page, 'people');
  await page.getByRole('button', { name: 'Copy mainline user remove robin' }).click();
  assert.equal(
    await page.evaluate(() => navigator.clipboard.readText()),
    'mainline user remove robin',
  );
  assert.deepEqual(complaints, []);
});

test('who has come in by a link: a password, a feed, and out everywhere, for real', async () => {
  const at = people(stack);
  await at.add('robin', 'agent', 'the words before');
  const { page, complaints } = await openAt(browser, '/settings', {
    as: { link: await at.link('robin') },
  });
  await page.getByRole('button', { name: 'Make an address' }).click();
  const address = await page.getByLabel('This is your address.').inputValue();
  const { pathname, search } = new URL(address);
  assert.equal((await page.request.get(pathname + search)).status(), 200);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The address is revoked').waitFor();
  assert.equal((await page.request.get(pathname + search)).status(), 401);

  const again = await openAt(browser, '/settings', {
    as: { name: 'robin', password: 'the words before' },
  });
  await again.page.getByLabel('Current password').fill('the words before');
  await again.page.getByLabel('New password', { exact: true }).fill('the words after');
  await again.page.getByLabel('New password, again').fill('the words after');
  await again.page.getByRole('button', { name: 'Change password' }).click();
  await again.page.getByText('Your password is changed.').waitFor();
  await again.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  const dialog = again.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await again.page.getByRole('heading', { name: /Sign in/ }).waitFor();
  const signIn = (password) =>
    again.page.request.post('/api/session', { data: { name: 'robin', password } });
  assert.equal((await signIn('the words before')).status(), 401);
  assert.equal((await signIn('the words after')).status(), 200);
  assert.deepEqual([...complaints, ...again.complaints], []);
});

test('the block list and the people of a server', async () => {
  const { page, complaints } = await openAt(browser, '/blocks');
  await page.getByText('No number is blocked').waitFor();
  await page.getByRole('textbox', { name: 'Number' }).fill('+44 20 7946 0312');
  await page.getByRole('textbox', { name: 'Note' }).fill('Nights');
  await page.keyboard.press('Enter');
  await page.getByText('+44 20 7946 0312 is blocked.').waitFor();
  await page.reload();
  await page.locator('.things').getByText('Nights').waitFor();
  await page.getByRole('button', { name: 'Unblock +44 20 7946 0312' }).click();
  await page.getByText('No number is blocked').waitFor();
  await people(stack).add('nora', 'reader', 'some words of nora');
  await page.goto('/users');
  await page.getByRole('row', { name: /nora Reader/ }).waitFor();
  assert.deepEqual(complaints, []);
});

test('who is no admin sees neither', async () => {
  for (const path of ['/blocks', '/users', '/doctor']) {
    const { page } = await open(path, {}, { role: 'agent' });
    await page.getByRole('heading', { name: 'This page is for admins' }).waitFor();
  }
});

test('wherever and whenever it is looked at', async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, locale] of [
      [1280, 'en-GB'],
      [390, 'fr-FR'],
      [320, 'en-US'],
    ]) {
      for (const path of ['/settings', '/blocks', '/users', '/doctor']) {
        const { page, complaints } = await openAt(browser, path, {
          width,
          colorScheme,
          locale,
          before: async (tab) => {
            await around(tab);
            await blocking(tab);
            await stub(tab, 'GET', '/api/users', () => ({ body: { users: [] } }));
            const found = { pending: false, host: 'phone', checked_at: AT, findings: FINDINGS };
            await checks(tab, found);
          },
        });
        const state = `${path}, ${width} px, ${colorScheme}, ${locale}`;
        await page.locator('.set').first().waitFor();
        await assertAccessible(page, state);
        await assertNoSidewaysScroll(page, state);
        assert.deepEqual(complaints, [], state);
      }
    }
  }
});
