import assert from 'node:assert/strict';
import { test } from 'node:test';

import { rows } from '../browser.js';
import { scene } from '../scene.js';

const at = scene();

function triples(worker) {
  worker.deliver('run-time', 'api', 'ann', ['A', 'B'], 5n);
  worker.deliver('run-time', 'web', 'ann', ['A'], 2n);
  worker.deliver('config', 'api', 'bob', ['A'], 1n);
}

test('a pivot has the rows and columns that the viewer chooses', async () => {
  const worker = await at.worker(triples);
  const page = await at.page(worker);
  const choose = (name, value) => page.locator(`#pivot select[name=${name}]`).selectOption(value);
  const heads = async () => (await page.locator('#pivot thead th').allInnerTexts()).map((text) => text.replace(/ [↓↑]$/, ''));
  assert.deepEqual(await heads(), ['Caller', 'All', 'Share', 'api', 'web']);
  assert.deepEqual(await rows(page, 'pivot'), [['ann', '7', '87.5%', '5', '2'], ['bob', '1', '12.5%', '1', '·']]);
  await choose('only', 'config');
  assert.deepEqual(await rows(page, 'pivot'), [['bob', '1', '100.0%', '1']]);
  await choose('only', 'all endpoints');
  await choose('count', 'Values');
  assert.deepEqual(await rows(page, 'pivot'), [['ann', '12', '92.3%', '10', '2'], ['bob', '1', '7.7%', '1', '·']]);
  await choose('rows', 'Target');
  assert.deepEqual((await heads())[0], 'Target');
  assert.notEqual(await page.locator('#pivot select[name=columns]').inputValue(), 'target');
  await choose('columns', 'Endpoint');
  assert.deepEqual(await heads(), ['Target', 'All', 'Share', 'run-time', 'config']);
  await page.locator('#pivot thead').getByRole('button', { name: 'config' }).click();
  assert.equal(await page.locator('#pivot thead th', { hasText: 'config' }).getAttribute('aria-sort'), 'descending');
  await at.close(page);
});

test('a pivot counts since a moment', async () => {
  const worker = await at.worker(triples);
  const page = await at.page(worker);
  const since = page.locator('#pivot select[name=since]');
  await since.selectOption('opened');
  assert.deepEqual(await rows(page, 'pivot'), []);
  await at.next(worker, page, () => worker.deliver('config', 'web', 'bob', ['A'], 3n));
  assert.deepEqual(await rows(page, 'pivot'), [['bob', '3', '100.0%', '3']]);
  await since.selectOption('the newest mark');
  assert.equal(await page.locator('#pivot .foot').innerText(), 'There is no mark yet.');
  await page.locator('#mark').click();
  await at.next(worker, page, () => worker.deliver('config', 'web', 'ann', ['A'], 1n));
  assert.deepEqual(await rows(page, 'pivot'), [['ann', '1', '100.0%', '1']]);
  await at.close(page);
});

test('the columns of a pivot keep their places under the pointer, and are sorted when it leaves', async () => {
  const worker = await at.worker(triples);
  const page = await at.page(worker);
  const heads = async () => (await page.locator('#pivot thead .sort').allInnerTexts()).slice(3);
  const held = page.locator('#pivot').getByText('order held');
  assert.deepEqual(await heads(), ['api', 'web']);
  for (const place of ['thead th', 'tr:not(.spacer) td']) {
    await page.locator(`#pivot ${place}`).last().hover();
    await at.next(worker, page, () => {
      worker.deliver('run-time', 'web', 'ann', ['A'], 100n);
      worker.deliver('run-time', 'batch', 'ann', ['A'], 50n);
    });
    assert.deepEqual(await heads(), ['api', 'web', 'batch']);
    assert.ok(await held.isVisible());
    await page.mouse.move(0, 0);
    assert.deepEqual(await heads(), ['web', 'batch', 'api']);
    assert.ok(await held.isHidden());
    worker.reset();
    await at.next(worker, page, triples);
    assert.deepEqual(await heads(), ['api', 'web']);
  }
  await at.close(page);
});

test('the columns of a pivot keep their places under the focus, and the focus its column', async () => {
  const worker = await at.worker(triples);
  const page = await at.page(worker);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.locator('#pivot thead').getByRole('button', { name: 'web' }).focus();
  await page.mouse.move(0, 0);
  await at.next(worker, page, () => worker.deliver('run-time', 'web', 'ann', ['A'], 100n));
  assert.deepEqual((await page.locator('#pivot thead .sort').allInnerTexts()).slice(3), ['api', 'web']);
  assert.equal(await focused(), 'web');
  // What the viewer chooses is shown as it is.
  await page.locator('#pivot select[name=count]').selectOption('Values');
  assert.deepEqual((await page.locator('#pivot thead .sort').allInnerTexts()).slice(3), ['web', 'api']);
  await at.close(page);
});
