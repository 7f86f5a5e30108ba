import assert from 'node:assert/strict';
import { test } from 'node:test';

import { copied, eventually } from '../browser.js';
import { scene, small } from '../scene.js';

const at = scene();

test('the page says who counted, since when, and of which snapshot everything is', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const identity = await page.locator('#identity').innerText();
  for (const text of ['host-1', '4242', worker.instance, 'a80726a', 'from the start']) assert.ok(identity.includes(text), text);
  assert.equal(await page.locator('h1').innerText(), 'shop/exp 4.2.0');
  assert.equal(await page.title(), 'shop/exp · host-1 · 4242');
  assert.equal(await page.locator('#sequence').innerText(), `#${worker.sequence}`);
  assert.match(await page.locator('#age').innerText(), /^\d\.\d s old$/);
  assert.equal(await page.locator('#state').innerText(), 'live');
  await at.close(page);
});

test('totals, tables and panels are sums of one snapshot', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const figure = (key) => page.locator(`[data-total=${key}] .figure`).innerText();
  assert.deepEqual(await Promise.all(['requests', 'responses', 'values'].map(figure)), ['45', '24', '44']);
  const summary = (panel) => page.locator(`#${panel} .summary`).innerText();
  assert.equal(await summary('paths'), '3 · 45 requests');
  assert.equal(await summary('endpoints'), '2 · 24 responses');
  assert.equal(await summary('targets'), '2 · 24 responses');
  assert.equal(await summary('callers'), '2 · 24 responses');
  assert.equal(await summary('names'), '3 · 44 values');
  assert.equal(await summary('pivot'), '2 × 2 · 24 responses');
  await at.close(page);
});

test('rates and the chart follow the snapshots', async () => {
  const worker = await at.worker(small, { interval: 200 });
  worker.beforeSnapshot = () => worker.request('/', 20n);
  const page = await at.page(worker);
  await page.waitForFunction(() => /^[1-9]/.test(document.querySelector('[data-total=requests] .note').textContent));
  assert.match(await page.locator('#legend .requests b').innerText(), /^[1-9]/);
  const rate = Number((await page.locator('[data-total=requests] .note').innerText()).split(' ')[0].replace(',', ''));
  assert.ok(rate > 30 && rate < 300, `20 requests in each 0.2 s, shown as ${rate}`);
  assert.match(await page.locator('#chart').getAttribute('aria-label'), /^The last 60 seconds, per second: requests up to \d/);
  assert.ok(await page.locator('#chart canvas').isVisible());
  await at.close(page);
});

test('the past of before the page was opened is the worker\'s', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  for (const [choice, title] of [['60 min', 'The last 60 minutes'], ['24 h', 'The last 24 hours'], ['60 s', 'The last 60 seconds']]) {
    await page.getByLabel(choice, { exact: true }).check();
    await page.waitForFunction((text) => document.getElementById('chart').ariaLabel.startsWith(text), title);
  }
  await page.getByLabel('60 min', { exact: true }).check();
  await page.waitForFunction(() => /requests up to [5-9]\d\d\./.test(document.getElementById('chart').ariaLabel));
  const busiest = page.locator('#busiest');
  assert.match(await busiest.innerText(), /Busiest in this time, at least[^]*\/api\/v1\/run-time[^]*run-time › api › local:api/);
  const { x, y, width } = await page.locator('#chart canvas').boundingBox();
  await page.mouse.move(x + width / 2, y + 80); // half an hour ago
  await page.waitForFunction(() => /^Busiest until \d\d:\d\d/.test(document.querySelector('#busiest h3').textContent));
  const pointed = Number((await busiest.locator('li b').first().innerText()).replaceAll(',', ''));
  assert.ok(pointed > 15_000, `in the busiest minutes, not ${pointed}`);
  await at.close(page);
});

test('the panel of limits shows what overflowed, who did it, and what a snapshot costs', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const requests = page.locator('[data-limits=requests]');
  assert.match(await requests.innerText(), /3 of 10,000 series in use[^]*Nothing was over a limit/);
  assert.match(await page.locator('.cost').innerText(), new RegExp(`^Snapshot #${worker.sequence} took \\d+ µs`));
  await at.next(worker, page, () => {
    worker.overflow.requests = 5n;
    worker.overflow.requestLabels = ['/<img src=x onerror=alert(1)>', '/a\u202eb'];
  });
  assert.match(await requests.innerText(), /5 requests \(10\.0%\) had a label over a limit\. The first 2 rejected labels:/);
  assert.deepEqual(await requests.locator('li').allInnerTexts(), ['/<img src=x onerror=alert(1)>', '/aU+202Eb']);
  assert.equal(await requests.locator('img').count(), 0);
  assert.equal(await page.locator('#paths tr.overflow td').first().innerText(), '5');
  await at.close(page);
});

test('callers that the worker hides are not missed', async () => {
  const worker = await at.worker((worker) => {
    small(worker);
    worker.callers = 'dropped';
    worker.overflow.responses = 1n;
  });
  const page = await at.page(worker);
  assert.match(await page.locator('#callers').innerText(), /does not show its callers/);
  assert.equal(await page.locator('#callers .scroller').isVisible(), false);
  assert.match(await page.locator('[data-limits=deliveries]').innerText(), /not shown: they may be callers/);
  assert.equal(await page.locator('#pivot select[name=rows] option').count(), 2);
  await at.close(page);
});

test('the head is of the snapshot that is drawn, not of one that is still to be', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const head = () => page.locator('#sequence').innerText();
  const shown = await head();
  await page.evaluate(() => {
    window.drawing = [];
    window.requestAnimationFrame = (draw) => window.drawing.push(draw);
  });
  worker.request('/', 7n);
  worker.publish();
  await page.waitForFunction(() => window.drawing.length > 0);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500))); // the age is shown some times
  assert.equal(await head(), shown);
  await page.evaluate(() => window.drawing.forEach((draw) => draw()));
  assert.equal(await head(), `#${worker.sequence}`);
  assert.equal((await page.locator('#paths tr', { hasText: /^\/1/ }).innerText()).split('\t')[1], '17');
  await at.close(page);
});

test('a trend begins with what the worker knows of the series', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const line = (label) => page.locator('#paths tr').filter({ hasText: label }).locator('.sparkline path').getAttribute('d');
  await page.waitForFunction(() => document.querySelector('#paths .sparkline path')?.getAttribute('d')?.includes('L'));
  assert.ok((await line('/api/v1/run-time')).split('L').length > 50);
  assert.equal(await line('/api/health'), '', 'it is not among the busiest');
  for (let times = 0; times < 3; times++) await at.next(worker, page);
  assert.doesNotMatch(await line('/api/v1/run-time'), /-/, 'nothing is left of its place');
  await at.close(page);
});

test('the past is asked for again after a hole', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const asked = () => page.asked.filter((path) => path === '/history').length;
  await at.next(worker, page);
  assert.equal(asked(), 1);
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + 60_000;
  });
  worker.skip(30_000);
  await at.next(worker, page);
  await eventually(async () => assert.equal(asked(), 2));
  await at.next(worker, page);
  assert.equal(asked(), 2);
  await at.close(page);
});

test('requests that are counted by route are named so that it is right', async () => {
  const worker = await at.worker((worker) => {
    worker.requestLabel = 'route';
    worker.request('/users/{id}', 3n);
  });
  const page = await at.page(worker);
  assert.equal(await page.locator('#paths h2').innerText(), 'Paths or routes');
  assert.deepEqual((await page.locator('#paths tbody th').allInnerTexts()), ['/users/{id}']);
  await page.getByRole('button', { name: 'Copy paths or routes as PromQL' }).click();
  await page.waitForFunction(() => document.getElementById('announcement').textContent !== '');
  assert.match(await copied(page), /^sum by \(http_route\)/);
  // After a reset there is none to tell by.
  await at.next(worker, page, () => worker.reset());
  await page.getByRole('button', { name: 'Copy paths or routes as PromQL' }).click();
  assert.match(await copied(page), /^sum by \(http_route\)/);
  await at.close(page);
});
