import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawn, frontScreenshot, rows } from '../browser.js';
import { scene } from '../scene.js';

const at = scene();

const PATHS = { '/api/v1/run-time': 62, '/api/v1/build-time': 21, '/orders': 14, '/basket': 9, '/': 8, '/api/health': 3, '/metrics': 1 };
const DELIVERIES = [
  ['run-time', 'api', 'local:api', ['Auth:JWT:Issuer', 'Auth:JWT:Audience', 'Log:Level'], 28],
  ['run-time', 'website', 'local:website', ['Website:AssetBaseUrl', 'Log:Level'], 9],
  ['build-time', 'website', 'local:website', ['Build:Channel', 'Build:SourceMaps'], 6],
  ['run-time', 'api', 'principal:9d2f', ['Auth:JWT:Issuer'], 3],
];

// A second of a service at work.
function work(worker) {
  const count = (perSecond) => BigInt(Math.round(perSecond * (0.9 + 0.2 * Math.random())));
  for (const [path, perSecond] of Object.entries(PATHS)) worker.request(path, count(perSecond));
  for (const [endpoint, target, caller, names, perSecond] of DELIVERIES) worker.deliver(endpoint, target, caller, names, count(perSecond));
}

test('the first sight of the page shows who the service is, its rates and its busiest series', async () => {
  const worker = await at.worker((worker) => {
    for (let second = 0; second < 3600; second++) work(worker);
    worker.beforeSnapshot = work;
  }, { interval: 1000, age: 3_600_000 });
  const page = await at.open(worker, { width: 1440, height: 900 });
  await drawn(page, worker.sequence + 8n);
  await frontScreenshot(page, 'front');
  for (const place of ['#totals', '#chart', '#paths', '#endpoints', '#targets']) {
    assert.ok(await page.locator(place).evaluate((element) => element.getBoundingClientRect().top < innerHeight), `${place} is out of sight`);
  }
  assert.deepEqual((await rows(page, 'paths')).map(([path]) => path).slice(0, 3), ['/api/v1/run-time', '/api/v1/build-time', '/orders']);
  await at.close(page);
});
