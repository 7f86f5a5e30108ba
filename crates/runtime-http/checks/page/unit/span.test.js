import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Span } from '../../../src/page/scripts/span.js';

// Three intervals of two seconds: all that was counted is listed, but not in the middle.
const SPAN = new Span({
  intervals: [interval(2, 10, 6), interval(4, 10, 6), interval(6, 4, 2)],
  requests: [{ path: '/', counts: [8, 4, 2] }, { path: '/b', counts: [2, null, 2] }],
  deliveries: [
    { endpoint: 'e', target: 'x', caller: 'a', responses: [4, 2, 2] },
    { endpoint: 'e', target: 'y', caller: 'a', responses: [2, 2, 0] },
  ],
});

function interval(second, requests, responses) {
  return { endedAt: `2026-01-01T00:00:0${second}.000000+00:00`, seconds: 2, requests, responses, values: 20 };
}

test('totals are known of every interval', () => {
  assert.deepEqual(SPAN.rates('totals', '=requests'), [5, 5, 2]);
  assert.deepEqual(SPAN.rates('totals', '=values'), [10, 10, 10]);
});

test('a path has the counts that are listed, and none where all others are all there was; what is before an unknown one is left out', () => {
  assert.deepEqual(SPAN.rates('paths', '=/'), [4, 2, 1]);
  assert.deepEqual(SPAN.rates('paths', '=/b'), [null, null, 1]);
  assert.deepEqual(SPAN.rates('paths', '=/never'), [null, null, 0]);
});

test('a sum over deliveries is known where all of them are listed', () => {
  assert.deepEqual(SPAN.rates('endpoints', '=e'), [null, null, 1]);
  assert.deepEqual(SPAN.rates('targets', '=y'), [null, null, 0]);
  assert.deepEqual(SPAN.rates('callers', '=a'), [null, null, 1]);
  assert.deepEqual(SPAN.rates('callers', '=b'), [null, null, 0]);
});

test('what the worker does not keep is not known', () => {
  assert.deepEqual(SPAN.rates('names', '=A'), [null, null, null]);
  assert.deepEqual(SPAN.rates('paths', `=/${'é'.repeat(128)}`), [null, null, null], 'it would be listed under a label that is cut');
});

test('nothing is known before the worker answers', () => {
  assert.deepEqual([new Span().times, new Span().rates('totals', '=requests'), new Span().rates('paths', '=/')], [[], [], []]);
});
