import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Hold } from '../../../src/page/scripts/hold.js';

// A hold of a place that is or is not focused, by a clock that the test moves.
class Scene {
  now = 0;
  place = Object.assign(new EventTarget(), { contains: (element) => element === 'inside' });

  constructor(context) {
    context.mock.method(performance, 'now', () => this.now);
    globalThis.document = { activeElement: 'outside' };
    this.hold = new Hold(this.place);
  }

  point(screenX) {
    this.place.dispatchEvent(Object.assign(new Event('pointermove'), { screenX, screenY: 0 }));
  }
}

test('it holds from a move in the place to when the pointer leaves it', (context) => {
  const scene = new Scene(context);
  assert.equal(scene.hold.isOn, false);
  scene.point(1);
  assert.equal(scene.hold.isOn, true);
  scene.place.dispatchEvent(new Event('pointerleave'));
  assert.equal(scene.hold.isOn, false);
});

test('it lets go of a pointer that lies still, be it that the page moves below it', (context) => {
  const scene = new Scene(context);
  scene.point(1);
  scene.now = 19_999;
  assert.equal(scene.hold.isOn, true);
  scene.point(1);
  scene.now = 20_000;
  assert.equal(scene.hold.isOn, false);
  scene.point(2);
  assert.equal(scene.hold.isOn, true);
});

test('it holds for the focus, until nothing was done for as long', (context) => {
  const scene = new Scene(context);
  scene.place.dispatchEvent(new Event('focusin'));
  globalThis.document.activeElement = 'inside';
  scene.now = 15_000;
  scene.place.dispatchEvent(new Event('keydown'));
  scene.now = 30_000;
  assert.equal(scene.hold.isOn, true);
  scene.now = 35_000;
  assert.equal(scene.hold.isOn, false);
});
