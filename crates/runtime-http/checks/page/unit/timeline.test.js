import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inOrder } from '../../../src/page/scripts/timeline.js';

test('intervals end when the clock says, as long as it goes on', () => {
  assert.deepEqual(inOrder([1000, 2000, 9000], [1, 1, 1]), [1000, 2000, 9000]);
});

test('a clock that was set back turns no order: what was before it ends before the next began', () => {
  assert.deepEqual(inOrder([7_200_000, 7_201_000, 5000, 6000], [1, 1, 1, 1]), [3000, 4000, 5000, 6000]);
});

test('two intervals never end together, be their length unknown', () => {
  assert.deepEqual(inOrder([5000, 5000], [0, 0]), [4999, 5000]);
});
