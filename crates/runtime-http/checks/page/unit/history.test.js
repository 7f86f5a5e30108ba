import assert from 'node:assert/strict';
import { test } from 'node:test';

import { History } from '../../../src/page/scripts/history.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const MINUTE = { times: [], rates: () => [] };
const chart = { pointedTime: null, show: () => {} };
const busiest = { hide: () => {}, show: () => {} };

// The history of a worker whose answers the test gives, by a clock that it moves.
class Scene {
  asked = 0;
  news = 0;
  now = 0;
  last = null;
  history = new History('history', () => ({}), () => this.news++);

  constructor(context, answer) {
    context.mock.method(performance, 'now', () => this.now);
    context.mock.method(globalThis, 'fetch', async () => {
      this.asked++;
      return answer(this.last);
    });
  }

  // A snapshot comes, of so many seconds after the one before, and is drawn.
  async see(seconds, { instance = 'a', clock = seconds } = {}) {
    const before = this.last;
    this.now += seconds * 1000;
    this.last = {
      instance, sequence: (before?.sequence ?? 0n) + 1n, uptime: (before?.uptime ?? 0) + seconds, takenAt: (before?.takenAt ?? NOON) + clock * 1000,
      secondsSince: (earlier) => this.last.uptime - earlier.uptime,
    };
    this.history.see(before, this.last);
    this.history.show(chart, busiest, 'seconds', { snapshot: this.last }, MINUTE, []);
    await new Promise((resolve) => setImmediate(resolve));
    return this.asked;
  }
}

function told({ instance, sequence }) {
  const span = { intervals: [], requests: [], deliveries: [] };
  return Response.json({ schemaVersion: 1, instanceId: instance, sequence: Number(sequence), spans: [span, span, span] });
}

test('it is asked when the page is opened, and again for what was not seen: a sleep, a lost connection', async (context) => {
  const scene = new Scene(context, told);
  for (let times = 0; times < 30; times++) assert.equal(await scene.see(1), 1);
  assert.equal(await scene.see(12), 2);
  for (let times = 0; times < 30; times++) assert.equal(await scene.see(1), 2);
  assert.equal(scene.news, 2);
});

test('holes that follow each other are asked for at most each ten seconds', async (context) => {
  const scene = new Scene(context, told);
  for (let times = 0; times < 20; times++) await scene.see(3);
  assert.ok(scene.asked <= 6, `asked ${scene.asked} times in a minute`);
});

test('a worker that takes the place of another one is asked at once, and a clock that was set leaves a hole', async (context) => {
  const scene = new Scene(context, told);
  assert.equal(await scene.see(1), 1);
  assert.equal(await scene.see(1, { instance: 'b' }), 2);
  assert.equal(await scene.see(11), 3);
  for (let times = 0; times < 10; times++) assert.equal(await scene.see(1), 3);
  assert.equal(await scene.see(1, { instance: 'b', clock: -3600 }), 4);
});

test('an answer that does not reach the hole\'s end is none', async (context) => {
  const scene = new Scene(context, ({ instance, sequence }) => told({ instance, sequence: sequence - 1n }));
  await scene.see(1);
  for (let times = 0; times < 10; times++) await scene.see(1.1);
  assert.equal(scene.asked, 2);
});

for (const [what, answer] of [
  ['a page of something else', () => new Response('<form>', { headers: { 'Content-Type': 'text/html' } })],
  ['another document', () => Response.json({ error: 'none' })],
  ['an error', () => new Response('{}', { status: 503 })],
  ['no answer', () => Promise.reject(new TypeError('network error'))],
]) {
  test(`${what} is no history, and it is asked again`, async (context) => {
    const scene = new Scene(context, answer);
    assert.equal(await scene.see(1), 1);
    for (let times = 0; times < 10; times++) assert.equal(await scene.see(0.9), 1);
    await scene.see(2);
    assert.equal(scene.asked, 2);
    assert.equal(scene.news, 0);
  });
}
