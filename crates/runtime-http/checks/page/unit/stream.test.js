import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Stream } from '../../../src/page/scripts/stream.js';

// A stream that is followed, by a clock that the test moves.
class Scene {
  requests = [];
  taken = [];
  told = []; // states, each with its reason
  onSnapshot = (text) => this.taken.push(text);
  #context;

  constructor(context) {
    this.#context = context;
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 0, 1) });
    this.random = context.mock.method(Math, 'random', () => 0).mock;
    this.errors = context.mock.method(console, 'error', () => {}).mock;
    context.mock.method(globalThis, 'fetch', (url, options) => {
      const request = new Request(options);
      this.requests.push(request);
      return request.answered;
    });
    this.stream = new Stream('events', (text) => this.onSnapshot(text), (state, reason) => this.told.push([state, reason]));
    this.stream.run();
  }

  get last() {
    return this.requests.at(-1);
  }

  get states() {
    return this.told.map(([state]) => state);
  }

  async pass(milliseconds) {
    this.#context.mock.timers.tick(milliseconds);
    await settled();
  }
}

// One that was made with `fetch`.
class Request {
  #resolve;
  #reject;
  #body;

  constructor({ headers, redirect, signal }) {
    this.headers = headers;
    this.redirects = redirect;
    this.signal = signal;
    this.answered = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal.addEventListener('abort', () => this.fail(signal.reason));
  }

  async answer(status = 200, text = null, headers = {}) {
    const body = text ?? new ReadableStream({ start: (controller) => (this.#body = controller) });
    this.#resolve(new Response(body, { status, headers: { 'Content-Type': 'text/event-stream', ...headers } }));
    await settled();
  }

  // Without a body.
  async bare(status) {
    this.#resolve(new Response(null, { status }));
    await settled();
  }

  // By one that `fetch` was asked not to follow.
  async redirect() {
    this.#resolve({ type: 'opaqueredirect', status: 0, headers: new Headers(), body: null });
    await settled();
  }

  async send(text) {
    this.#body.enqueue(new TextEncoder().encode(text));
    await settled();
  }

  async snapshot(text) {
    await this.send(`event: snapshot\nid: 1\ndata: ${text}\n\n`);
  }

  async close() {
    this.#body.close();
    await settled();
  }

  async fail(error = new TypeError('network error')) {
    this.#reject(error);
    this.#body?.error(error);
    await settled();
  }
}

// All that follows from what was done is done.
async function settled() {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test('the newest of the snapshots that arrive together is taken, and then it is live', async (context) => {
  const scene = new Scene(context);
  scene.onSnapshot = (text) => {
    assert.deepEqual(scene.told, []);
    scene.taken.push(text);
  };
  await scene.last.answer();
  await scene.last.send('event: snapshot\ndata: 1\n\nevent: snapshot\ndata: 2\n\n');
  assert.deepEqual(scene.taken, ['2']);
  assert.deepEqual(scene.told, [['live', '']]);
});

test('a connection that ends is gone, and is taken up again soon if it brought a snapshot', async (context) => {
  const scene = new Scene(context);
  for (let wait = 250; wait <= 1000; wait *= 2) {
    await scene.last.fail();
    await scene.pass(wait * 2);
  }
  assert.equal(scene.requests.length, 4);
  await scene.last.answer();
  await scene.last.snapshot('1');
  await scene.last.close();
  await scene.pass(500);
  assert.equal(scene.requests.length, 5);
  await scene.last.fail();
  assert.deepEqual(scene.states, ['gone', 'live', 'gone']);
  assert.equal(scene.errors.callCount(), 0);
});

test('a server that ends the connection after each snapshot is live all the time', async (context) => {
  const scene = new Scene(context);
  for (let times = 1; times <= 5; times++) {
    await scene.last.answer(200, null, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    await scene.last.snapshot(String(times));
    await scene.last.close();
    await scene.pass(1000);
    assert.equal(scene.requests.length, times + 1);
  }
  assert.deepEqual(scene.told, [['live', '']]);
});

test('one whose connection ended and that does not answer the next in time is gone', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer();
  await scene.last.snapshot('1');
  await scene.last.close();
  await scene.pass(3999);
  assert.deepEqual(scene.states, ['live']);
  await scene.pass(1);
  assert.deepEqual(scene.states, ['live', 'gone']);
});

test('an answer of something else is no stream, whatever its status', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer(200, '<form>', { 'Content-Type': 'text/html; charset=utf-8' });
  assert.ok(scene.last.signal.aborted);
  await scene.pass(1000);
  assert.equal(scene.last.redirects, 'manual');
  await scene.last.redirect();
  assert.deepEqual(scene.states, ['refused', 'refused']);
  assert.match(scene.told[0][1], /^something else answers in the worker's place, with text\/html, not text\/event-stream: maybe the sign-in of a proxy; remedy: reload/);
  assert.match(scene.told[1][1], /sends the page to another address: maybe the sign-in/);
  assert.deepEqual(scene.taken, []);
  assert.equal(scene.errors.callCount(), 0);
});

test('a snapshot that the page cannot take is told once with its reason, and lets go of the connection', async (context) => {
  const scene = new Scene(context);
  scene.onSnapshot = () => {
    throw new TypeError('no such field');
  };
  for (let attempt = 1; attempt <= 3; attempt++) {
    assert.equal(scene.requests.length, attempt);
    await scene.last.answer();
    await scene.last.snapshot('1');
    assert.ok(scene.last.signal.aborted);
    assert.equal(scene.errors.callCount(), attempt);
    await scene.pass(4000);
    assert.equal(scene.requests.length, attempt, 'it does not come back soon');
    await scene.pass(60_000);
  }
  assert.deepEqual(scene.states, ['refused']);
  assert.match(scene.told[0][1], /cannot take its snapshots: no such field; remedy: reload/);
});

test('a snapshot that can be taken ends the trouble with those before', async (context) => {
  const scene = new Scene(context);
  const take = scene.onSnapshot;
  scene.onSnapshot = () => assert.fail('too new');
  await scene.last.answer();
  await scene.last.snapshot('1');
  scene.onSnapshot = take;
  await scene.pass(60_000);
  await scene.last.answer();
  await scene.last.snapshot('2');
  assert.deepEqual(scene.states, ['refused', 'live']);
  assert.deepEqual(scene.taken, ['2']);
});

test('an answer that is no stream is told with its reason, and let go of', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer(503, '{"error":"there are too many viewers"}');
  assert.deepEqual(scene.told, [['refused', 'the worker answers 503 there are too many viewers']]);
  assert.ok(scene.last.signal.aborted);
});

test('a reason that changes is told, though the state stays', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer(503, '{"error":"there are too many viewers"}');
  await scene.pass(1000);
  await scene.last.answer(503, '{"error":"there are too many viewers"}');
  await scene.pass(1000);
  await scene.last.answer(502, 'Bad gateway');
  assert.deepEqual(scene.states, ['refused', 'refused']);
  assert.match(scene.told[1][1], /502/);
});

test('a worker that does not answer is not called connected', async (context) => {
  const scene = new Scene(context);
  await scene.pass(11_999);
  assert.deepEqual(scene.told, []);
  for (let attempt = 1; attempt <= 3; attempt++) {
    assert.equal(scene.requests.length, attempt);
    await scene.pass(12_000);
    assert.ok(scene.last.signal.aborted);
    await scene.pass(5000);
  }
  assert.deepEqual(scene.told, [['gone', '']]);
});

test('an answer of success without a stream is no stream either', async (context) => {
  const scene = new Scene(context);
  await scene.last.bare(204);
  assert.deepEqual(scene.told, [['refused', 'the worker answers 204']]);
  assert.equal(scene.errors.callCount(), 0);
});

test('an error whose reason does not come is told without it', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer(500);
  await scene.pass(11_999);
  assert.deepEqual(scene.told, []);
  await scene.pass(1);
  assert.deepEqual(scene.told, [['refused', 'the worker answers 500']]);
});

test('a connection that falls silent is told, and again with its end', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer();
  await scene.last.snapshot('1');
  await scene.pass(3999);
  await scene.last.send(':\n\n');
  await scene.pass(3999);
  assert.deepEqual(scene.states, ['live']);
  await scene.pass(1);
  assert.deepEqual(scene.states, ['live', 'silent']);
  await scene.pass(8000);
  assert.ok(scene.last.signal.aborted);
  await scene.pass(1000);
  await scene.last.fail();
  assert.deepEqual(scene.told, [['live', ''], ['silent', ''], ['gone', '']]);
});

test('a connection that ended is not waited for beside the next one', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer();
  await scene.last.snapshot('1');
  await scene.last.close();
  await scene.pass(250);
  await scene.last.answer();
  await scene.last.snapshot('2');
  await scene.pass(3900);
  assert.deepEqual(scene.states, ['live']);
});

test('a stream that is held back is told, once', async (context) => {
  const scene = new Scene(context);
  for (let attempt = 1; attempt <= 3; attempt++) {
    assert.equal(scene.requests.length, attempt);
    await scene.last.answer();
    await scene.pass(4000);
    await scene.pass(8000);
    await scene.pass(5000);
  }
  assert.deepEqual(scene.states, ['silent', 'silent']);
  assert.match(scene.told[1][1], /answers, but nothing comes through/);
});

test('a connection that is taken up again is not called silent before it is given up', async (context) => {
  const scene = new Scene(context);
  await scene.last.fail();
  await scene.pass(1000);
  await scene.last.answer();
  await scene.last.send('retry: 2000\n\n');
  await scene.pass(11_999);
  assert.deepEqual(scene.told, [['gone', '']]);
  await scene.pass(1);
  assert.deepEqual(scene.told, [['gone', ''], ['silent', '']]);
});

test('to try now lets go of an attempt that hangs, or ends the wait', async (context) => {
  const scene = new Scene(context);
  scene.stream.retry();
  await settled();
  assert.ok(scene.requests[0].signal.aborted);
  assert.equal(scene.requests.length, 2);
  assert.deepEqual(scene.told, []);
  await scene.last.fail();
  assert.equal(scene.requests.length, 2);
  scene.stream.retry();
  await settled();
  assert.equal(scene.requests.length, 3);
  assert.deepEqual(scene.told, [['gone', '']]);
  await scene.last.fail();
  await settled();
  assert.equal(scene.requests.length, 3, 'it waits again');
  await scene.pass(500);
  assert.equal(scene.requests.length, 4, 'but not long');
});

test('to try now lets go of a stream that is silent, and not of one that is live', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer();
  await scene.last.snapshot('1');
  scene.stream.retry();
  await settled();
  assert.equal(scene.requests.length, 1);
  assert.ok(!scene.last.signal.aborted);
  await scene.pass(4000);
  scene.stream.retry();
  await settled();
  assert.equal(scene.requests.length, 2);
  assert.deepEqual(scene.states, ['live', 'silent']);
});

test('a token is asked for, tried, and its refusal told each time', async (context) => {
  const scene = new Scene(context);
  assert.equal(scene.last.headers.Authorization, undefined);
  await scene.last.answer(401, '');
  assert.deepEqual(scene.told, [['unauthorised', '']]);
  await scene.pass(600_000);
  assert.equal(scene.requests.length, 1, 'nothing is tried without another one');
  for (const told of [2, 3]) {
    scene.stream.authorise(' wrong\n');
    await settled();
    assert.equal(scene.last.headers.Authorization, 'Bearer wrong');
    await scene.last.answer(401, '');
    assert.equal(scene.told.length, told);
    assert.match(scene.told.at(-1)[1], /did not take/);
  }
  scene.stream.authorise('right');
  await settled();
  await scene.last.answer();
  await scene.last.snapshot('1');
  assert.equal(scene.states.at(-1), 'live');
});

test('a token that is given while another one is tried takes its place', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer(401, '');
  scene.stream.authorise('one');
  await settled();
  const first = scene.last;
  scene.stream.authorise('two');
  await first.answer(401, '');
  assert.ok(first.signal.aborted);
  assert.equal(scene.requests.length, 3);
  assert.equal(scene.last.headers.Authorization, 'Bearer two');
  assert.deepEqual(scene.told, [['unauthorised', '']]);
});

test('a token that no header can carry is not tried, and that is told each time', async (context) => {
  const scene = new Scene(context);
  await scene.last.answer(401, '');
  for (const token of ['пароль', 'two words', 'line\nline', '\u007f', '']) {
    scene.told.length = 0;
    scene.stream.authorise(token);
    await settled();
    assert.equal(scene.told[0]?.[0], 'unauthorised', token);
    assert.match(scene.told[0][1], /cannot be one/);
  }
  assert.equal(scene.requests.length, 1);
  assert.deepEqual(scene.stream.headers, {});
});

test('a worker that says when to come back is not asked sooner, and after a minute at the latest', async (context) => {
  const waits = [
    ['5', 5000], ['0', 250], ['Thu, 01 Jan 2026 00:00:20 GMT', 20_000], ['Thu, 01 Jan 2015 00:00:00 GMT', 250], ['soon', 250], ['', 250], ['-5', 250],
    ['3600', 60_000], ['9'.repeat(400), 60_000], ['Thu, 01 Jan 2099 00:00:00 GMT', 60_000],
  ];
  const scene = new Scene(context);
  for (const [asked, wait] of waits) {
    context.mock.timers.setTime(Date.UTC(2026, 0, 1));
    const { length } = scene.requests;
    await scene.last.answer(503, '', { 'Retry-After': asked });
    await scene.pass(wait - 1);
    assert.equal(scene.requests.length, length, asked);
    await scene.pass(1);
    assert.equal(scene.requests.length, length + 1, asked);
    scene.stream.retry(); // begins with the shortest wait
    await settled();
  }
});

test('waits are spread', async (context) => {
  const scene = new Scene(context);
  scene.random.mockImplementation(() => 0.999);
  await scene.last.fail();
  await scene.pass(312);
  assert.equal(scene.requests.length, 1);
  await scene.pass(1);
  assert.equal(scene.requests.length, 2);
});
