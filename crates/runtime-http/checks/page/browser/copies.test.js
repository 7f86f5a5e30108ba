import assert from 'node:assert/strict';
import { test } from 'node:test';

import { copied } from '../browser.js';
import { scene, small } from '../scene.js';

const at = scene();
const said = (page, text) => page.waitForFunction((wanted) => document.getElementById('announcement').textContent === wanted, text);

test('the snapshot is copied as the worker sent it', async () => {
  const worker = await at.worker((worker) => worker.request('/', 18446744073709551615n));
  const page = await at.page(worker);
  await page.keyboard.press('j');
  await said(page, 'Copied the snapshot as JSON.');
  const text = await copied(page);
  assert.equal(JSON.parse(text).process.instanceId, worker.instance);
  assert.match(text, /"count":18446744073709551615/);
  await at.close(page);
});

test('a table is copied as JSON with its snapshot, as filtered and sorted', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.getByLabel('Filter paths or routes').fill('api');
  await page.getByRole('button', { name: 'Copy paths or routes as JSON' }).click();
  await said(page, 'Copied paths or routes as JSON.');
  const { instanceId, sequence, family, rows } = JSON.parse(await copied(page));
  assert.deepEqual([instanceId, sequence, family], [worker.instance, Number(worker.sequence), 'paths']);
  assert.deepEqual(rows.map(({ label, count, opened }) => [label, count, opened]), [['/api/v1/run-time', 30, 0], ['/api/health', 5, 0]]);
  await at.close(page);
});

test('a table, a row and the pivot are copied as PromQL', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  const only = `and on (job, instance) target_info{service_instance_id="${worker.instance}"}`;
  const promQl = async (what) => {
    await page.evaluate(() => (document.getElementById('announcement').textContent = ''));
    await page.getByRole('button', { name: `Copy ${what} as PromQL` }).click();
    await said(page, 'Copied a PromQL expression.');
    return copied(page);
  };
  assert.equal(await promQl('callers'), `sum by (caller) (rate(exp_config_deliveries_total[5m]) ${only})`);
  await page.locator('#paths tr', { hasText: '/api/health' }).click();
  assert.equal(await promQl('paths or routes'), `sum by (url_path) (rate(exp_http_requests_total{url_path="/api/health"}[5m]) ${only})`);
  assert.equal(await promQl('the pivot'), `sum by (caller, config_target) (rate(exp_config_deliveries_total{otel_metric_overflow=""}[5m]) ${only})`);
  await page.keyboard.press('m');
  await at.next(worker, page);
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.querySelector('#names thead').textContent.includes('Before'));
  assert.match(await promQl('configuration names'), /^sum by \(config_name\) \(\(exp_config_values_served_total @ \d+\.\d{3} - \(/);
  await at.close(page);
});

test('the pivot is copied as JSON', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker);
  await page.getByRole('button', { name: 'Copy the pivot as JSON' }).click();
  await said(page, 'Copied the pivot as JSON.');
  const { pivot } = JSON.parse(await copied(page));
  assert.deepEqual(pivot.cells, [{ caller: 'local:api', target: 'api', count: 20 }, { caller: 'local:web', target: 'web', count: 4 }]);
  await at.close(page);
});

test('where there is no clipboard the text is shown, selected', async () => {
  const worker = await at.worker(small);
  const page = await at.page(worker, { clipboard: false });
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.getByRole('button', { name: 'Copy JSON', exact: true }).click();
  const area = page.getByLabel('the snapshot as JSON');
  assert.equal(JSON.parse(await area.inputValue()).schemaVersion, 1);
  assert.ok(await area.evaluate((element) => element.selectionEnd === element.value.length && document.activeElement === element));
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('dialog.copying') === null);
  await at.close(page);
});
