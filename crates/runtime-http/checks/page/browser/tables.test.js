import assert from 'node:assert/strict';
import { test } from 'node:test';

import { panelScreenshot, rows } from '../browser.js';
import { scene, small } from '../scene.js';

const at = scene();
const labels = async (page, panel) => (await rows(page, panel)).map(([label]) => label);

test('a table sorts by every column, and says so', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  assert.deepEqual(await labels(page, 'paths'), ['/api/v1/run-time', '/', '/api/health']);
  const head = (name) => page.locator('#paths thead th', { hasText: name });
  assert.equal(await head('Requests').getAttribute('aria-sort'), 'descending');
  await head('Requests').getByRole('button').click();
  assert.equal(await head('Requests').getAttribute('aria-sort'), 'ascending');
  assert.deepEqual(await labels(page, 'paths'), ['/api/health', '/', '/api/v1/run-time']);
  await head('Path').getByRole('button').click();
  assert.deepEqual(await labels(page, 'paths'), ['/', '/api/health', '/api/v1/run-time']);
  assert.equal(await head('Requests').getAttribute('aria-sort'), null);
  assert.equal(await page.locator('#announcement').innerText(), 'Paths or routes sorted by Path or route, ascending.');
  for (const name of ['Rate', 'Share', 'Trend', 'Since opened']) {
    await head(name).getByRole('button').click();
    assert.equal(await head(name).getAttribute('aria-sort'), 'descending', name);
  }
  await at.close(page);
});

test('a filter keeps the rows that contain a text, and their sum', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.getByLabel('Filter paths or routes').fill('API');
  assert.deepEqual(await labels(page, 'paths'), ['/api/v1/run-time', '/api/health']);
  assert.equal(await page.locator('#paths .summary').innerText(), '2 of 3 · 35 requests, 77.8%');
  await at.next(worker, page, () => worker.request('/api/new', 100n));
  assert.equal((await labels(page, 'paths'))[0], '/api/new');
  await at.close(page);
});

test('counts up to 64 bits are exact', async () => {
  const worker = await at.worker((worker) => {
    worker.request('/most', 18446744073709551000n);
    worker.request('/odd', 9007199254740993n);
  });
  const page = await at.page(worker);
  assert.deepEqual((await rows(page, 'paths')).map(([, count]) => count), ['18,446,744,073,709,551,000', '9,007,199,254,740,993']);
  await at.next(worker, page, () => worker.request('/odd', 1n));
  assert.match(await page.locator('#paths tr', { hasText: '/odd' }).innerText(), /9,007,199,254,740,994[^]*\+1$/);
  await at.close(page);
});

test('a label is text, whatever it is', async () => {
  const hostile = ['<script>alert(1)</script>', '/\u202egpj', '', '__proto__', 'constructor', ' x ', '\u0000', '/"\'&amp;', `/${'long'.repeat(250)}`];
  const worker = await at.worker((worker) => hostile.forEach((label, index) => {
    worker.request(label, BigInt(hostile.length - index));
    worker.deliver(label, label, label, [label]);
  }));
  const page = await at.page(worker);
  const shown = ['<script>alert(1)</script>', '/U+202Egpj', 'empty', '__proto__', 'constructor', 'U+0020xU+0020', 'U+0000', '/"\'&amp;', hostile.at(-1)];
  assert.deepEqual(await labels(page, 'paths'), shown);
  for (const panel of ['endpoints', 'targets', 'callers', 'names', 'pivot']) assert.deepEqual((await labels(page, panel)).sort(), shown.toSorted(), panel);
  assert.equal(await page.locator('main script').count(), 0);
  await at.close(page);
});

test('only the rows in sight are elements, and a row keeps its element', async () => {
  const worker = await at.worker((worker) => {
    for (let index = 0; index < 10_000; index++) worker.request(`/${index}`, BigInt(20_000 - index));
  });
  const page = await at.page(worker);
  const count = () => page.locator('#paths tbody tr').count();
  assert.ok((await count()) < 60);
  assert.equal(await page.locator('#paths table').getAttribute('aria-rowcount'), '10001');
  await page.evaluate(() => (document.querySelector('#paths tbody tr:not(.spacer)').kept = true));
  await at.next(worker, page, () => worker.request('/5', 1n));
  assert.equal(await page.evaluate(() => document.querySelector('#paths tbody tr:not(.spacer)').kept), true);
  await page.locator('#paths .scroller').evaluate((element) => (element.scrollTop = element.scrollHeight));
  await page.waitForFunction(() => document.querySelector('#paths tbody').textContent.includes('/9999'));
  assert.ok((await count()) < 60);
  assert.equal(await page.locator('#paths tr', { hasText: '/9999' }).getAttribute('aria-rowindex'), '10001');
  await at.close(page);
});

test('a table is used by keyboard: one stop, arrows, selection', async () => {
  const worker = await at.worker((worker) => {
    for (let index = 0; index < 100; index++) worker.request(`/${index}`, BigInt(1000 - index));
  });
  const page = await at.page(worker);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.locator('#paths .scroller').focus();
  for (let stops = 0; stops < 7; stops++) await page.keyboard.press('Tab'); // the heads of six columns
  assert.equal(await focused(), '/0');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), '/1');
  await page.keyboard.press('End');
  assert.equal(await focused(), '/99');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Home');
  assert.equal(await focused(), '/0');
  await page.keyboard.press('Enter');
  assert.match(await page.locator('#paths .foot').innerText(), /selected row: \/0$/);
  assert.equal(await page.locator('#paths .label[aria-pressed=true]').innerText(), '/0');
  // Rows stand still under whoever works in them, and the focus stays.
  await at.next(worker, page, () => worker.request('/50', 10_000n));
  assert.equal((await labels(page, 'paths'))[0], '/0');
  assert.equal(await focused(), '/0');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#paths .foot').innerText(), '');
  await page.locator('#pause').focus();
  await at.next(worker, page);
  assert.equal((await labels(page, 'paths'))[0], '/50');
  await at.close(page);
});

test('rows that are kept from their places are told, until the pointer leaves or lies still for long', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const held = page.locator('#paths').getByText('order held');
  await page.locator('#paths tr', { hasText: '/api/health' }).hover();
  await at.next(worker, page);
  assert.ok(await held.isHidden(), 'they stand as they would anyway');
  await at.next(worker, page, () => worker.request('/api/health', 100n));
  assert.deepEqual(await labels(page, 'paths'), ['/api/v1/run-time', '/', '/api/health']);
  assert.ok(await held.isVisible());
  assert.match(await held.getAttribute('title'), /sorted again when you leave, or keep still for 20 seconds/);
  await panelScreenshot(page, 'paths', 'held');
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + 20_000;
  });
  await at.next(worker, page);
  assert.deepEqual(await labels(page, 'paths'), ['/api/health', '/api/v1/run-time', '/']);
  assert.ok(await held.isHidden());
  await page.locator('#paths tr', { hasText: '/api/v1/run-time' }).hover();
  await at.next(worker, page, () => worker.request('/', 1000n));
  assert.ok(await held.isVisible());
  await page.mouse.move(0, 0);
  assert.equal((await labels(page, 'paths'))[0], '/');
  assert.ok(await held.isHidden());
  await at.close(page);
});

test('a table keeps the focus when it gets other columns', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  for (const place of ['/api/health', 'Rate']) {
    await page.locator('#paths').getByRole('button', { name: place, exact: true }).focus();
    await page.keyboard.press('m');
    await at.next(worker, page);
    assert.equal(await focused(), place);
  }
  assert.match(await page.locator('#paths thead').innerText(), /Since mark 2/);
  await at.close(page);
});
