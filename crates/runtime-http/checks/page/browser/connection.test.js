import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { drawn, LOST, rows, screenshot, showsBanner } from '../browser.js';
import { scene, small } from '../scene.js';

const at = scene();
const banner = (page) => page.locator('#banner');

test('a worker that is gone is told, and one that takes its place, too', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const { port, sequence } = worker;
  assert.ok(await banner(page).isHidden());
  await worker.stop();
  await showsBanner(page, 'gone');
  assert.match(await banner(page).innerText(), new RegExp(`does not answer, since [\\d:]+\\.[^]*snapshot #${sequence}, taken at`));
  assert.equal(await page.locator('#state').innerText(), 'gone');
  assert.equal((await rows(page, 'paths')).length, 3);
  await screenshot(page, 'gone');
  const next = await at.worker((next) => next.request('/again', 2n), { port });
  await next.viewed();
  await at.next(next, page);
  await showsBanner(page, 'restarted');
  assert.match(await banner(page).innerText(), new RegExp(`was restarted[^]*afresh[^]*#${sequence}`));
  assert.deepEqual((await rows(page, 'paths')).map(([label, count]) => [label, count]), [['/again', '2']]);
  assert.match(await page.locator('#identity').innerText(), new RegExp(next.instance));
  assert.match(await page.locator('#paths thead').innerText(), /Since start/);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await showsBanner(page, null);
  await at.close(page, LOST);
});

test('a connection that broke is taken up again, and nothing is missing', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await worker.stop();
  await showsBanner(page, 'gone');
  worker.request('/', 5n);
  await worker.start(worker.port);
  await worker.viewed();
  worker.publish();
  await drawn(page, worker.sequence);
  await showsBanner(page, 'back');
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
  await showsBanner(page, 'reset');
  assert.deepEqual((await rows(page, 'paths')).map((cells) => [cells[0], cells[1], ...cells.slice(-2)]), [['/', '3', '+3', '–']]);
  assert.match(await page.locator('#identity').innerText(), /since the reset by #/);
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.getElementById('comparison').textContent.includes('Not comparable'));
  await at.close(page);
});

test('a worker that is silent is told', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await showsBanner(page, 'silent');
  assert.equal(await page.locator('#state').innerText(), 'silent');
  await at.next(worker, page);
  await showsBanner(page, 'back');
  await at.close(page);
});

test('a refusal is told with its reason', async () => {
  const worker = await at.worker((worker) => {
    small(worker);
    worker.refusal = { status: 503, error: 'there are too many viewers' };
  });
  const page = await at.open(worker);
  await showsBanner(page, 'refused');
  assert.match(await banner(page).innerText(), /503 there are too many viewers[^]*No snapshot has come yet/);
  worker.refusal = null;
  await page.getByRole('button', { name: 'Try now' }).click();
  await at.next(worker, page);
  await showsBanner(page, null);
  await at.close(page, LOST);
});

test('a token that the worker asks for is asked of the viewer', async () => {
  const worker = await at.worker((worker) => {
    small(worker);
    worker.token = 'correct-horse';
  });
  const page = await at.open(worker);
  await showsBanner(page, 'unauthorised');
  await page.getByLabel('Bearer token').fill('wrong');
  await page.getByRole('button', { name: 'Use token' }).click();
  await page.waitForResponse((answer) => answer.status() === 401).catch(() => {});
  await showsBanner(page, 'unauthorised');
  await page.getByLabel('Bearer token').fill('correct-horse');
  await page.keyboard.press('Enter');
  await at.next(worker, page);
  await showsBanner(page, null);
  assert.equal((await rows(page, 'paths')).length, 3);
  await at.close(page, LOST);
});

test('a page whose address holds a name and a password works', async () => {
  const worker = await at.worker(small);
  const page = await at.open({ url: worker.url.replace('//', '//ann:secret@') });
  await at.next(worker, page);
  assert.equal((await rows(page, 'paths')).length, 3);
  await at.close(page);
});

test('a sign-in that answers in the worker\'s place is told, as a page or as another address', async (context) => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const { port } = worker;
  await worker.stop();
  for (const [status, headers, told] of [[200, { 'Content-Type': 'text/html' }, /with text\/html/], [302, { Location: '/sign-in' }, /another address/]]) {
    const proxy = createServer((_, response) => response.writeHead(status, headers).end('<form>'));
    const stop = async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    };
    context.after(stop);
    await new Promise((resolve) => proxy.listen(port, '127.0.0.1', resolve));
    await showsBanner(page, 'refused');
    await page.waitForFunction((text) => new RegExp(text).test(document.getElementById('banner').textContent), told.source);
    assert.match(await banner(page).innerText(), /something else answers in the worker's place[^]*sign-in of a proxy; remedy: reload the page/);
    await stop();
  }
  await screenshot(page, 'sign-in');
  await worker.start(port);
  await showsBanner(page, 'back');
  await at.close(page, LOST);
});

test('a worker whose connection ends after each snapshot is live, and no banner comes and goes', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.evaluate(() => {
    window.banners = [];
    new MutationObserver(() => window.banners.push(document.getElementById('banner').dataset.kind))
      .observe(document.getElementById('banner'), { attributeFilter: ['data-kind', 'hidden'] });
  });
  for (let times = 0; times < 5; times++) {
    await at.next(worker, page);
    worker.endStreams();
  }
  await worker.viewed();
  assert.deepEqual(await page.evaluate(() => window.banners), []);
  assert.equal(await page.locator('#state').innerText(), 'live');
  await at.close(page);
});
