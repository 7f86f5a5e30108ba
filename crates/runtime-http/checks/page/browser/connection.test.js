import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawn, rows, screenshot } from '../browser.js';
import { scene, small } from '../scene.js';

const at = scene();
const LOST = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status of 401|status of 503/;
const banner = (page) => page.locator('#banner');
const kind = (page, wanted) => page.waitForFunction((text) => {
  const { hidden, dataset } = document.getElementById('banner');
  return text === null ? hidden : !hidden && dataset.kind === text;
}, wanted);

test('a worker that is gone is told, and one that takes its place, too', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const { port, sequence } = worker;
  assert.ok(await banner(page).isHidden());
  await worker.stop();
  await kind(page, 'gone');
  assert.match(await banner(page).innerText(), new RegExp(`does not answer, since [\\d:]+\\.[^]*snapshot #${sequence}, taken at`));
  assert.equal(await page.locator('#state').innerText(), 'gone');
  assert.equal((await rows(page, 'paths')).length, 3);
  await screenshot(page, 'gone');
  const next = await at.worker((next) => next.request('/again', 2n), { port });
  await next.viewed();
  await at.next(next, page);
  await kind(page, 'restarted');
  assert.match(await banner(page).innerText(), new RegExp(`was restarted[^]*afresh[^]*#${sequence}`));
  assert.deepEqual((await rows(page, 'paths')).map(([label, count]) => [label, count]), [['/again', '2']]);
  assert.match(await page.locator('#identity').innerText(), new RegExp(next.instance));
  assert.match(await page.locator('#paths thead').innerText(), /Since start/);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await kind(page, null);
  await at.close(page, LOST);
});

test('a connection that broke is taken up again, and nothing is missing', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await worker.stop();
  await kind(page, 'gone');
  worker.request('/', 5n);
  await worker.start(worker.port);
  await worker.viewed();
  worker.publish();
  await drawn(page, worker.sequence);
  await kind(page, 'back');
  assert.match(await banner(page).innerText(), /same process/);
  assert.equal((await rows(page, 'paths')).find(([label]) => label === '/').at(-1), '+5');
  await at.close(page, LOST);
});

test('a reset is told, counts start afresh, and no mark compares over it', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.keyboard.press('m');
  await at.next(worker, page, () => {
    worker.reset();
    worker.request('/', 3n);
  });
  await kind(page, 'reset');
  assert.deepEqual((await rows(page, 'paths')).map((cells) => [cells[0], cells[1], ...cells.slice(-2)]), [['/', '3', '+3', '–']]);
  assert.match(await page.locator('#identity').innerText(), /since the reset by #/);
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.getElementById('comparison').textContent.includes('Not comparable'));
  await at.close(page);
});

test('a worker that is silent is told', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await kind(page, 'silent');
  assert.equal(await page.locator('#state').innerText(), 'silent');
  await at.next(worker, page);
  await kind(page, 'back');
  await at.close(page);
});

test('a refusal is told with its reason', async () => {
  const worker = await at.worker((worker) => {
    small(worker);
    worker.refusal = { status: 503, error: 'there are too many viewers' };
  });
  const page = await at.open(worker);
  await kind(page, 'refused');
  assert.match(await banner(page).innerText(), /503 there are too many viewers[^]*No snapshot has come yet/);
  worker.refusal = null;
  await page.getByRole('button', { name: 'Try now' }).click();
  await at.next(worker, page);
  await kind(page, null);
  await at.close(page, LOST);
});

test('a token that the worker asks for is asked of the viewer', async () => {
  const worker = await at.worker((worker) => {
    small(worker);
    worker.token = 'correct-horse';
  });
  const page = await at.open(worker);
  await kind(page, 'unauthorised');
  await page.getByLabel('Bearer token').fill('wrong');
  await page.getByRole('button', { name: 'Use token' }).click();
  await page.waitForResponse((answer) => answer.status() === 401).catch(() => {});
  await kind(page, 'unauthorised');
  await page.getByLabel('Bearer token').fill('correct-horse');
  await page.keyboard.press('Enter');
  await at.next(worker, page);
  await kind(page, null);
  assert.equal((await rows(page, 'paths')).length, 3);
  await at.close(page, LOST);
});
