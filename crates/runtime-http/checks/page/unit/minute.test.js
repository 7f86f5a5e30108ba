import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Minute } from '../../../src/page/scripts/minute.js';

// What was counted in intervals that ended at these seconds; each rate says whose it is. The page's first one is not known.
function side(seconds, rate) {
  const times = seconds.map((second) => second * 1000);
  return { times, rates: () => seconds.map((second, at) => (rate === 100 && at === 0 ? null : rate + second)) };
}

function shown(own, worker) {
  const trends = side(own, 100);
  const minute = new Minute({ times: () => trends.times, rates: trends.rates }, side(worker, 200));
  assert.deepEqual(minute.times, minute.times.toSorted((a, b) => a - b));
  return minute.rates('totals', '=requests');
}

test('what was before the page was opened is the worker\'s, with the interval that its first snapshot ended', () => {
  assert.deepEqual(shown([5, 6, 7], [3, 4, 5, 6]), [203, 204, 205, 106, 107]);
  assert.deepEqual(shown([5.4, 6, 7], [3, 4, 5]), [203, 204, 205, 106, 107], 'the worker had not ended its own yet');
});

test('a hole is filled with what the worker has of it', () => {
  assert.deepEqual(shown([1, 2, 6, 7], [1, 2, 3, 4, 5, 6, 7]), [201, 102, 203, 204, 205, 206, 107]);
  assert.deepEqual(shown([1, 2, 6.4, 7], [1, 2, 3, 4, 5, 6]), [201, 102, 203, 204, 205, 206, 107]);
});

test('a hole of which the worker tells nothing yet is one interval', () => {
  assert.deepEqual(shown([1, 2, 6, 7], [1, 2]), [201, 102, 106, 107]);
});

test('a hole that the worker fills in part ends as the page saw it', () => {
  assert.deepEqual(shown([1, 2, 9], [1, 2, 3, 4]), [201, 102, 203, 204, 109]);
});

test('a snapshot that is late makes no hole', () => {
  assert.deepEqual(shown([1, 3.4, 4], [1, 2, 3, 4]), [201, 103.4, 104]);
});

test('where the worker knows nothing, it is as the page saw it', () => {
  assert.deepEqual(shown([1, 2], []), [102]);
});
