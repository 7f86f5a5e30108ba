import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawn, rows } from '../browser.js';
import { scene, small } from '../scene.js';

const at = scene();
const row = async (page, panel, label) => (await rows(page, panel)).find(([text]) => text === label);

test('a change is exact since the page was opened, and since a mark', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  assert.equal((await row(page, 'paths', '/')).at(-1), '0');
  await at.next(worker, page, () => worker.request('/', 7n));
  assert.equal((await row(page, 'paths', '/')).at(-1), '+7');
  await page.keyboard.press('m');
  assert.match(await page.locator('#announcement').innerText(), /^Set mark 1 at snapshot \d+\.$/);
  await at.next(worker, page, () => worker.request('/', 2n));
  assert.deepEqual((await row(page, 'paths', '/')).slice(-2), ['+9', '+2']);
  assert.equal(await page.locator('#paths thead th').last().innerText(), 'Since mark 1');
  await page.getByRole('button', { name: 'Mark', exact: true }).click();
  await at.next(worker, page, () => worker.request('/', 1n));
  assert.deepEqual((await row(page, 'paths', '/')).slice(-2), ['+10', '+1']);
  await at.close(page);
});

test('a paused page stands still, tells how far it is behind, and goes on with the newest', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.keyboard.press('p');
  const paused = worker.sequence;
  await page.waitForFunction(() => document.getElementById('state').textContent === 'paused');
  assert.equal(await page.getByRole('button', { name: 'Pause' }).getAttribute('aria-pressed'), 'true');
  for (let times = 0; times < 3; times++) {
    worker.request('/', 100n);
    worker.publish();
  }
  await page.waitForFunction(() => document.getElementById('missed').textContent !== '');
  assert.equal(await page.locator('#sequence').innerText(), `#${paused}`);
  assert.equal((await row(page, 'paths', '/'))[1], '10');
  await page.getByRole('button', { name: 'Pause' }).click();
  await drawn(page, worker.sequence);
  assert.equal((await row(page, 'paths', '/'))[1], '310');
  assert.equal(await page.locator('#missed').innerText(), '');
  await at.close(page);
});

test('two moments are compared, counts and rates and shares of what was between', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.keyboard.press('m');
  const marked = worker.sequence;
  await at.next(worker, page, () => {
    worker.request('/', 30n);
    worker.request('/new', 10n);
    worker.deliver('run-time', 'api', 'local:api', ['REGION'], 3n);
  });
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.querySelector('#paths thead').textContent.includes('Before'));
  assert.match(await page.locator('#comparison select').first().innerText(), new RegExp(`mark 1 · #${marked}`));
  const heads = await page.locator('#paths thead th').allInnerTexts();
  assert.deepEqual(heads.map((text) => text.replace(' ↓', '')), ['Path or route', 'Change', 'Before', 'After', 'Rate', 'Share']);
  const [, change, before, after, , share] = await row(page, 'paths', '/');
  assert.deepEqual([change, before, after, share], ['+30', '10', '40', '75.0%']);
  assert.deepEqual((await row(page, 'paths', '/new')).slice(1, 4), ['+10', '0', '10']);
  assert.match(await page.locator('[data-total=requests] .note').innerText(), /^\+40 · [\d.,]+ \/s between$/);
  assert.equal(await page.locator('#pivot .summary').innerText(), '1 × 1 · 3 responses');
  // Back in time, from now to the mark: what is shown is the mark's snapshot.
  await page.getByLabel('Second moment').selectOption('mark 1');
  await page.waitForFunction((text) => document.getElementById('sequence').textContent === text, `#${marked}`);
  assert.equal((await row(page, 'paths', '/'))[1], '0');
  await page.getByRole('button', { name: 'Stop comparing' }).click();
  await page.waitForFunction(() => document.querySelector('#paths thead').textContent.includes('Since opened'));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'compare');
  await at.close(page);
});

test('single keys can be turned off, and do nothing in a field', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Filter paths or routes');
  await page.keyboard.type('p');
  assert.equal(await page.getByLabel('Filter paths or routes').inputValue(), 'p');
  assert.equal(await page.locator('#state').innerText(), 'live');
  await page.getByLabel('Filter paths or routes').fill('');
  await page.locator('#pause').focus();
  await page.keyboard.press('?');
  await page.getByLabel('Single keys work').uncheck();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('m');
  await at.next(worker, page);
  assert.doesNotMatch(await page.locator('#paths thead').innerText(), /mark/);
  await at.close(page);
});
