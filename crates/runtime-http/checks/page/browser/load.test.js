import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawn, screenshot } from '../browser.js';
import { scene } from '../scene.js';

const at = scene();

// 500 paths and 200 callers, of which most grow in each second.
function busy(worker) {
  for (let index = 0; index < 500; index++) worker.request(`/api/v1/items/${index}`, BigInt(1 + ((index * 7919) % 97)));
  for (let index = 0; index < 200; index++) {
    const target = ['api', 'web', 'worker', 'batch', 'mobile', 'edge'][index % 6];
    const names = ['LOG_LEVEL', 'REGION', 'API_BASE', 'TIMEOUT_MS', 'CACHE_SECONDS', 'QUEUE_NAME', 'BUILD_ID', 'SENTRY_DSN'].slice(0, 1 + (index % 8));
    for (const endpoint of ['run-time', 'build-time']) worker.deliver(endpoint, target, `principal-${String(index).padStart(4, '0')}`, names, BigInt(1 + (index % 13)));
  }
}

test('500 paths and 200 callers are live, and every snapshot is drawn before the next', async () => {
  const worker = await at.worker(busy, { interval: 1000 });
  worker.beforeSnapshot = busy;
  const page = await at.page(worker);
  await page.evaluate(() => {
    window.drawn = [];
    new MutationObserver(() => window.drawn.push(Number(document.documentElement.dataset.drawn)))
      .observe(document.documentElement, { attributeFilter: ['data-drawn'] });
  });
  const first = worker.sequence;
  await drawn(page, first + 8n);
  const seen = await page.evaluate(() => window.drawn);
  for (let sequence = first + 2n; sequence <= first + 8n; sequence++) {
    assert.ok(seen.includes(Number(sequence)), `#${sequence} was never drawn, only ${seen}`);
  }
  assert.equal(await page.locator('#paths .summary').innerText().then((text) => text.split(' ')[0]), '500');
  assert.equal(await page.locator('#callers .summary').innerText().then((text) => text.split(' ')[0]), '200');
  await at.close(page);
});

test('a tab that was held up shows the newest snapshot, not all that it missed', async () => {
  const worker = await at.worker(busy);
  const page = await at.page(worker);
  await page.evaluate(() => {
    window.draws = 0;
    new MutationObserver(() => window.draws++).observe(document.documentElement, { attributeFilter: ['data-drawn'] });
  });
  const held = page.evaluate(() => {
    const end = performance.now() + 1500;
    while (performance.now() < end);
  });
  for (let times = 0; times < 30; times++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    busy(worker);
    worker.publish();
  }
  await held;
  await drawn(page, worker.sequence);
  assert.ok((await page.evaluate(() => window.draws)) < 10);
  await at.close(page);
});

test('nothing grows with the number of snapshots', async () => {
  const worker = await at.worker(busy);
  const page = await at.page(worker);
  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
  const few = await elements();
  for (let times = 0; times < 20; times++) await at.next(worker, page, busy);
  assert.ok(Math.abs((await elements()) - few) < 50, `${few} elements became ${await elements()}`);
  await at.close(page);
});

test('the page is a picture: light, dark, narrow', async () => {
  const worker = await at.worker(busy, { interval: 250 });
  worker.beforeSnapshot = () => {
    busy(worker);
    worker.overflow.requests += 3n;
    worker.overflow.requestLabels = ['/.env', '/wp-login.php?x=\u202egpj.exe', '/../../etc/passwd\u0000', '/<img src=x onerror=alert(1)>'];
  };
  for (const [name, options] of [['light', {}], ['dark', { scheme: 'dark' }], ['narrow', { width: 360, height: 740 }], ['narrow-dark', { width: 360, height: 740, scheme: 'dark' }]]) {
    const page = await at.page(worker, options);
    await drawn(page, worker.sequence + 4n);
    await screenshot(page, name);
    const overflows = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert.equal(overflows, false, `${name} scrolls sideways`);
    await at.close(page);
  }
  const page = await at.page(worker);
  await page.keyboard.press('m');
  await drawn(page, worker.sequence + 3n);
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.querySelector('#paths thead').textContent.includes('Before'));
  await screenshot(page, 'compared');
  await at.close(page);
});
