// Chromium as Debian packages it, on a stack, and everything that it complains of.

import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.MAINLINE_TEST_CHROMIUM ?? '/usr/bin/chromium';

/**
 * @param {import('../../e2e/support/stack.js').Stack} stack
 * @param {string[]} [args] of Chromium's own
 */
export async function openBrowser(stack, args = []) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  return new Browser(stack, browser);
}

export class Browser {
  constructor(stack, browser) {
    this.stack = stack;
    this.browser = browser;
    /** Open tabs, with what each complained of. */
    this.tabs = [];
    this.origin = `https://localhost:${stack.httpsPort}`;
  }

  close() {
    return this.browser.close();
  }

  /** After each test: its tabs are closed; of one that failed, what they showed is said. */
  async closeTabs(context) {
    for (const { page, complaints } of this.tabs.splice(0)) {
      if (!context.passed) {
        const shown = await page.innerText('body').catch((error) => error.message);
        context.diagnostic(
          `${page.url()} showed: ${shown.slice(0, 2000)}\n${complaints.join('\n')}`,
        );
      }
      await page.context().close();
    }
  }

  /** A tab of somebody who was never here before. */
  async tab({ width = 1280, height = 900, ...options } = {}) {
    const context = await this.browser.newContext({
      baseURL: this.origin,
      viewport: { width, height },
      ignoreHTTPSErrors: true, // the stack's certificate is its own
      locale: 'en-GB',
      ...options,
    });
    const page = await context.newPage();
    const tab = { page, complaints: await listen(page, this.origin) };
    this.tabs.push(tab);
    return tab;
  }

  /** The same, signed in with the stack's admin token. */
  async signedIn(options) {
    const tab = await this.tab(options);
    await tab.page.goto('/');
    await signIn(tab.page, this.stack.token);
    await tab.page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    return tab;
  }
}

/** By keyboard, so that no pointer rests where the list will be. */
export async function signIn(page, token) {
  const field = page.getByLabel('API token');
  const other = page.getByRole('button', { name: 'Use an API token instead' });
  await field.or(other).first().waitFor();
  if (!(await field.isVisible())) await other.press('Enter');
  await field.fill(token);
  await page.keyboard.press('Enter');
}

/**
 * What must not happen: errors, refusals of the page's policy, requests to other hosts.  An
 * answer of 4xx is the server's right and no complaint, though Chromium logs each.
 */
async function listen(page, origin) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (/status of 4\d\d/.test(message.text())) return;
    complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(`${origin}/`)) complaints.push(`elsewhere: ${url}`);
  });
  await page.exposeFunction('tellViolation', (what) => complaints.push(`policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.tellViolation(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return complaints;
}

/** Nothing that axe-core finds. */
export async function assertAccessible(page, state) {
  // What is still fading in has not its contrast yet.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished.catch(() => {})),
    ),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
  assert.deepEqual(found, [], state);
}

export async function assertNoSidewaysScroll(page, state) {
  const { content, view } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    view: document.documentElement.clientWidth,
  }));
  assert.ok(content <= view, `${state}: ${content} px in ${view}`);
}
