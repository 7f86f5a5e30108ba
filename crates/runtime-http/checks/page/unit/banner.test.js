import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Banner } from '../../../src/page/scripts/banner.js';
import { clockText } from '../../../src/page/scripts/numbers.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const SHOWN = { sequence: 7n, takenAt: NOON, document: { process: { processId: 1 }, window: { openedBy: 9 } } };

// As much of an element as the banner asks of it.
class Element extends EventTarget {
  children = [];
  attributes = {};
  dataset = {};
  hidden = true;
  textContent = '';

  append(...children) {
    this.children.push(...children);
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }
}

// A banner, by two clocks that the test moves.
class Scene {
  calls = [];
  #context;
  #monotonic = 0;

  constructor(context) {
    this.#context = context;
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
    context.mock.method(performance, 'now', () => this.#monotonic);
    globalThis.document = { createElement: () => new Element() };
    this.place = new Element();
    const stream = { retry: () => this.calls.push('retry'), authorise: (token) => this.calls.push(token) };
    this.banner = new Banner(this.place, stream);
    [{ children: [this.line] }, this.form, this.retry, this.dismiss] = this.place.children;
  }

  get isAloud() {
    return this.place.attributes['aria-live'] === 'assertive';
  }

  pass(milliseconds, monotonic = milliseconds) {
    this.#context.mock.timers.tick(milliseconds);
    this.#monotonic += monotonic;
  }

  trouble(state, reason = '') {
    this.banner.trouble(state, reason, SHOWN);
  }
}

test('trouble is since its beginning, whatever becomes of it, and until it is live', (context) => {
  const scene = new Scene(context);
  for (const state of ['silent', 'gone', 'refused', 'gone', 'silent']) {
    scene.trouble(state);
    assert.ok(scene.line.textContent.includes(`since ${clockText(NOON)}`), scene.line.textContent);
    scene.pass(12_000);
  }
  scene.banner.live('none', SHOWN, SHOWN);
  assert.match(scene.line.textContent, /is back, the same process, after 1 min 0 s/);
  scene.trouble('gone');
  assert.ok(scene.line.textContent.includes(`since ${clockText(NOON + 60_000)}`));
});

test('each kind of trouble is said aloud once, until it is live or the viewer does something', (context) => {
  const scene = new Scene(context);
  const aloud = (state) => {
    scene.trouble(state);
    return scene.isAloud;
  };
  assert.deepEqual(['silent', 'gone', 'silent', 'gone', 'refused', 'refused'].map(aloud), [true, true, false, false, true, false]);
  scene.banner.live('none', SHOWN, SHOWN);
  assert.ok(scene.isAloud);
  assert.deepEqual(['gone', 'gone'].map(aloud), [true, false]);
  scene.retry.dispatchEvent(new Event('click'));
  assert.deepEqual(['gone', 'gone'].map(aloud), [true, false]);
  scene.form.dispatchEvent(new Event('submit'));
  assert.deepEqual(['gone', 'gone'].map(aloud), [true, false]);
  assert.equal(scene.calls.length, 2);
});

test('the reason is shown as it is now', (context) => {
  const scene = new Scene(context);
  for (const reason of ['the worker answers 503', 'the worker answers 502']) {
    scene.trouble('refused', reason);
    assert.ok(scene.line.textContent.includes(reason));
  }
  scene.trouble('silent', 'It answers, but nothing comes through.');
  assert.match(scene.line.textContent, /silent, since [\d:]+\. It answers/);
});

test('all trouble can be tried again, and what is over be dismissed', (context) => {
  const scene = new Scene(context);
  for (const state of ['gone', 'silent', 'refused', 'unauthorised']) {
    scene.trouble(state);
    assert.deepEqual([scene.retry.hidden, scene.dismiss.hidden, scene.form.hidden], [false, true, state !== 'unauthorised'], state);
  }
  for (const change of ['restarted', 'reset']) {
    scene.banner.live(change, SHOWN, SHOWN);
    assert.deepEqual([scene.retry.hidden, scene.dismiss.hidden, scene.form.hidden], [true, false, true], change);
  }
});

test('a time away is not shorter for a machine that slept, or a clock that was set back', (context) => {
  const scene = new Scene(context);
  scene.trouble('gone');
  scene.pass(3_600_000, 1000);
  scene.banner.live('none', SHOWN, SHOWN);
  assert.match(scene.line.textContent, /after 1 h 0 min/);
  scene.trouble('gone');
  scene.pass(0, 90_000);
  scene.banner.live('none', SHOWN, SHOWN);
  assert.match(scene.line.textContent, /after 1 min 30 s/);
});
