import assert from 'node:assert/strict';
import { test } from 'node:test';

import { copied, drawn, eventually, LOST, rows, screenshot, showsBanner } from '../browser.js';
import { RealWorker } from '../real_worker.js';
import { scene } from '../scene.js';

const at = scene();
const PATHS = 500;
const CALLERS = 200;
const SNAPSHOTS = 8; // that come while it is driven
const MOST_ROUNDS = 200;

async function start(port) {
  const worker = await RealWorker.start(port);
  at.workers.push(worker);
  return worker;
}

// A page of it, which counts in `asked` what it asks for itself.
async function watch(worker, options) {
  const page = await at.open(worker, options);
  await drawn(page);
  return page;
}

// What the tables show, by label.
async function shown(page, panel, columns = 1) {
  const counts = (cells) => (columns === 1 ? number(cells[1]) : cells.slice(1, 1 + columns).map(number));
  return Object.fromEntries((await rows(page, panel)).map((cells) => [cells[0], counts(cells)]));
}

function number(text) {
  return Number(text.replaceAll(',', ''));
}

async function totals(page) {
  const figure = async (key) => number(await page.locator(`[data-total=${key}] .figure`).innerText());
  return { requests: await figure('requests'), responses: await figure('responses'), values: await figure('values') };
}

function sum(counts) {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

// What was asked of the worker by the test and by the page.
function asked(worker, page) {
  const paths = Object.fromEntries(worker.asked);
  for (const path of page.asked) paths[path] = (paths[path] ?? 0) + 1;
  return paths;
}

test('the screen shows what was sent to a real worker, to the unit', async () => {
  const worker = await start();
  const page = await watch(worker);
  const { values: runTime } = await worker.ask('/api/v1/run-time?for=api', { times: 30, caller: 'ann' });
  const { values: buildTime } = await worker.ask('/api/v1/build-time?for=website', { times: 5, caller: 'bob' });
  await worker.ask('/api/v1/config?name=Api:Version', { times: 3, caller: 'Ann' });
  await worker.ask('/no/such/path', { times: 7 });
  const names = {};
  for (const [document, times] of [[runTime, 30], [buildTime, 5], [{ 'Api:Version': '2' }, 3]]) {
    for (const name of Object.keys(document)) names[name] = (names[name] ?? 0) + times;
  }
  const [long, short] = [Object.keys(runTime).length, Object.keys(buildTime).length];
  await eventually(async () => assert.deepEqual(await shown(page, 'paths'), asked(worker, page)));
  assert.deepEqual(await shown(page, 'endpoints', 2), { 'run-time': [30, 30 * long], 'build-time': [5, 5 * short], config: [3, 3] });
  assert.deepEqual(await shown(page, 'targets', 2), { api: [30, 30 * long], website: [5, 5 * short], '*': [3, 3] });
  assert.deepEqual(await shown(page, 'callers', 2), { ann: [33, 30 * long + 3], bob: [5, 5 * short] });
  assert.deepEqual(await shown(page, 'names'), names);
  assert.deepEqual(await totals(page), { requests: sum(asked(worker, page)), responses: 38, values: sum(names) });
  await at.close(page);
});

test('a real worker that is killed or stopped is gone, and back as another one whose counts begin anew', async () => {
  let worker = await start();
  const page = await watch(worker);
  const banner = page.locator('#banner');
  for (const [signal, code] of [['SIGKILL', null], ['SIGTERM', 0]]) {
    const { port, processId } = worker;
    await worker.ask('/before', { times: 9 });
    await eventually(async () => assert.equal((await shown(page, 'paths'))['/before'], 9));
    const instance = await page.locator('#identity').innerText();
    assert.equal(await worker.end(signal), code);
    await showsBanner(page, 'gone');
    assert.match(await banner.innerText(), /^The worker does not answer, since/);
    assert.equal(await page.locator('#state').innerText(), 'gone');
    assert.equal((await shown(page, 'paths'))['/before'], 9, 'what was counted stays on the screen');

    page.asked.length = 0;
    worker = await start(port);
    await showsBanner(page, 'restarted');
    assert.match(await banner.innerText(), new RegExp(`^The worker is back[^]*process ${worker.processId} took the place of ${processId}`));
    assert.equal(await page.locator('#state').innerText(), 'live');
    await worker.ask('/after', { times: 4 });
    await eventually(async () => assert.equal((await shown(page, 'paths'))['/after'], 4));
    assert.equal((await shown(page, 'paths'))['/before'], undefined);
    const { process } = await worker.ask('/snapshot');
    const identity = await page.locator('#identity').innerText();
    assert.ok(identity.includes(process.instanceId) && identity.includes(String(worker.processId)), identity);
    assert.ok(!instance.includes(process.instanceId));
  }
  await at.close(page, LOST);
});

// Notes in the page what comes of the stream, and how many of these snapshots are not drawn at that moment.
function noteLag() {
  window.lags = [];
  const received = [];
  const fetched = window.fetch;
  const read = async (stream) => {
    let text = '';
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      text += piece;
      for (const [, sequence] of text.matchAll(/^id: \S+\.(\d+)\n/gm)) received.push(Number(sequence));
      text = text.slice(text.lastIndexOf('\n') + 1);
      const last = Number(document.documentElement.dataset.drawn ?? 0);
      window.lags.push(received.filter((sequence) => sequence > last).length);
    }
  };
  window.fetch = async (url, options) => {
    const answer = await fetched(url, options);
    if (!String(url).endsWith('/events')) return answer;
    const [mine, theirs] = answer.body.tee();
    read(mine).catch(() => {}); // as the stream ends with the page
    return new Response(theirs, { status: answer.status, headers: answer.headers });
  };
}

test('500 paths and 200 callers of a real worker are live, and exact when it is quiet', async () => {
  const worker = await start();
  const page = await at.open(worker, { script: noteLag });
  await drawn(page);
  const sequence = () => page.evaluate(() => Number(document.documentElement.dataset.drawn));
  const first = await sequence();
  let rounds = 0;
  while ((await sequence()) < first + SNAPSHOTS && rounds < MOST_ROUNDS) {
    rounds++;
    await Promise.all([
      ...Array.from({ length: PATHS }, (_, index) => worker.ask(`/items/${index}`)),
      ...Array.from({ length: CALLERS }, (_, index) => worker.ask('/api/v1/build-time?for=website', { caller: `caller-${index}` })),
    ]);
  }
  assert.ok((await sequence()) >= first + SNAPSHOTS, `no ${SNAPSHOTS} snapshots were drawn in ${rounds} rounds`);
  const lags = await page.evaluate(() => window.lags);
  assert.ok(lags.length >= SNAPSHOTS && Math.max(...lags) <= 2, `snapshots that were received and not drawn: ${lags}`);

  const { deliveries } = await worker.ask('/snapshot');
  const requests = sum(asked(worker, page));
  await eventually(async () => assert.equal((await totals(page)).requests, requests));
  assert.deepEqual(await totals(page), { requests, responses: deliveries.responsesTotal, values: deliveries.valuesTotal });
  assert.equal(deliveries.responsesTotal, CALLERS * rounds);
  assert.match(await page.locator('#callers .summary').innerText(), new RegExp(`^${CALLERS} · `));
  await page.getByLabel('Filter paths or routes').fill('/items/');
  assert.match(await page.locator('#paths .summary').innerText(), new RegExp(`^${PATHS} of \\d+ · ${(PATHS * rounds).toLocaleString('en')} requests`));
  for (const [what, count] of [['paths or routes', PATHS], ['callers', CALLERS]]) {
    await page.getByRole('button', { name: `Copy ${what} as JSON` }).click();
    await page.waitForFunction((text) => document.getElementById('announcement').textContent === text, `Copied ${what} as JSON.`);
    const copy = JSON.parse(await copied(page));
    assert.equal(copy.rows.length, count);
    assert.deepEqual(copy.rows.filter((row) => row.count !== rounds), [], `each of the ${what} was counted ${rounds} times`);
  }
  await page.getByLabel('Filter paths or routes').fill('');
  await eventually(async () => assert.match(await page.locator('#paths .summary').innerText(), new RegExp(`^5\\d\\d · `)));
  await screenshot(page, 'worker');
  await at.close(page);
  for (const [name, options] of [['worker-dark', { scheme: 'dark' }], ['worker-narrow', { width: 360, height: 740 }]]) {
    const other = await watch(worker, options);
    await screenshot(other, name);
    await at.close(other);
  }
});
