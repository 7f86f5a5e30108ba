// One real Chromium for a file of tests, and pages in it that may not complain.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const SCREENSHOTS = fileURLToPath(new URL('../../../../target/page/', import.meta.url));
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];

export async function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

// A page of the worker at `url`, at its first snapshot.
export async function open(browser, url, { width = 1440, height = 1000, scheme = 'light', clipboard = true, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, locale: 'en-GB', timezoneId: 'UTC', ...options,
    permissions: clipboard ? ['clipboard-read', 'clipboard-write'] : [],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') page.complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:')) page.complaints.push(`asked for ${request.url()}`);
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

export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true, animations: 'disabled' });
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
