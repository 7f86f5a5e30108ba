// One real Chromium for a file of tests, and pages in it that may not complain.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const SCREENSHOTS = fileURLToPath(new URL('../../../../target/page/', import.meta.url));
// What a browser complains of when a worker is gone or refuses.
export const LOST = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status of 401|status of 503/;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];

export async function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

// A page of the worker at `url`. Paths that it asks for are in its `asked`; `script` runs in it before its own.
export async function open(browser, url, { width = 1440, height = 1000, scheme = 'light', clipboard = true, script = null, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, locale: 'en-GB', timezoneId: 'UTC', ...options,
    permissions: clipboard ? ['clipboard-read', 'clipboard-write'] : [],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.complaints = [];
  page.asked = [];
  if (script !== null) await page.addInitScript(script);
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') page.complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol, pathname } = new URL(request.url());
    if (origin === new URL(url).origin) page.asked.push(pathname);
    else if (protocol !== 'data:') page.complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

// Closes the page, which must not have complained, but of what is expected.
export async function close(page, expected = /^$/) {
  const complaints = page.complaints.filter((complaint) => !expected.test(complaint));
  await page.context().close();
  assert.deepEqual(complaints, []);
}

// Until the page shows a snapshot of that sequence or a later one.
export async function drawn(page, sequence = 1) {
  await page.waitForFunction((least) => Number(document.documentElement.dataset.drawn ?? 0) >= least, Number(sequence), { polling: 30 });
}

// Until the banner is of a kind, or hidden if that is null.
export async function showsBanner(page, kind) {
  await page.waitForFunction((wanted) => {
    const { hidden, dataset } = document.getElementById('banner');
    return wanted === null ? hidden : !hidden && dataset.kind === wanted;
  }, kind);
}

// Until the check does not throw any more, for at most so many times.
export async function eventually(check, times = 100) {
  for (; times > 1; times--) {
    try {
      return await check();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return check();
}

export async function screenshot(page, name) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: picture(name), fullPage: true, animations: 'disabled' });
}

// What is in sight when the page is opened.
export async function frontScreenshot(page, name) {
  await page.screenshot({ path: picture(name), animations: 'disabled' });
}

// Of one panel, with the pointer where it is.
export async function panelScreenshot(page, panel, name) {
  await page.locator(`#${panel}`).screenshot({ path: picture(name), animations: 'disabled' });
}

function picture(name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return `${SCREENSHOTS}${name}.png`;
}

// The rows of a panel's table that are elements, as lists of texts.
export async function rows(page, panel) {
  return page.locator(`#${panel} tbody tr:not(.spacer)`).evaluateAll((elements) =>
    elements.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
}

// What was copied last.
export async function copied(page) {
  return page.evaluate(() => navigator.clipboard.readText());
}
