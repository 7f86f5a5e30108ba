import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Frame } from '../../../src/page/scripts/frame.js';

// Of a page whose own rate is `rate`, beside what the last minute has.
function rateOfTotal(rate, isNew, minute) {
  const trends = { rate: () => rate, isNew };
  return new Frame({ trends, minute: { rates: () => minute } }).rateOfTotal('=requests');
}

test('a page that was just opened shows the rate that the worker\'s history has, and none as long as that is not known', () => {
  assert.equal(rateOfTotal(null, true, [7, 9]), 9);
  assert.equal(rateOfTotal(null, true, [7, null]), null);
  assert.equal(rateOfTotal(null, true, []), null);
});

test('a page that has a rate of its own shows that, and one that was open before shows no rate of another process', () => {
  assert.equal(rateOfTotal(3, false, [7, 9]), 3);
  assert.equal(rateOfTotal(null, false, [7, 9]), null);
});
