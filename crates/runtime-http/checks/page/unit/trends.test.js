import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Snapshot } from '../../../src/page/scripts/snapshot.js';
import { Trends } from '../../../src/page/scripts/trends.js';

function snapshot(uptime, paths, window = 1, windowUptime = uptime, takenAt = '2026-01-01T00:00:00.000000+00:00', instanceId = 'i') {
  const series = Object.entries(paths).map(([path, count]) => ({ path, count }));
  const overflow = { records: 0, rejectedLabels: [] };
  return new Snapshot(JSON.stringify({
    schemaVersion: 1, service: {}, sequence: 1, takenAt, durationSeconds: 0,
    process: { instanceId, uptimeSeconds: uptime },
    window: { id: window, uptimeSeconds: windowUptime },
    requests: { total: Object.values(paths).reduce((sum, count) => sum + count, 0), series, overflow: { count: 0, ...overflow } },
    deliveries: { responsesTotal: 0, valuesTotal: 0, callers: 'shown', series: [], values: [], overflow: { responses: 0, values: 0, ...overflow } },
  }), 0);
}

function taken(...snapshots) {
  const trends = new Trends();
  snapshots.reduce((before, next) => (trends.take(before, next), next), null);
  return trends;
}

test('of one snapshot no rate is known', () => {
  assert.equal(taken(snapshot(1, { '/': 5 })).rate('paths', '=/'), null);
});

test('a rate is what was counted by the time that passed', () => {
  const trends = taken(snapshot(1, { '/': 5 }), snapshot(3, { '/': 9, '/new': 4 }));
  assert.equal(trends.rate('paths', '=/'), 2);
  assert.equal(trends.rate('paths', '=/new'), 2);
  assert.equal(trends.rate('totals', '=requests'), 4);
});

test('a rate is over the last ten seconds', () => {
  const snapshots = Array.from({ length: 30 }, (_, second) => snapshot(second + 1, { '/': second < 15 ? 1 : 1 + 100 * (second - 14) }));
  assert.equal(taken(...snapshots).rate('paths', '=/'), 100);
});

test('what came before a gap is not held against the rate of now', () => {
  const trends = taken(snapshot(1, { '/': 0 }), snapshot(7_201, { '/': 10 }), snapshot(7_202, { '/': 110 }));
  assert.equal(trends.rate('paths', '=/'), 100);
});

test('no rate is negative over a reset: it is that of the new window', () => {
  const trends = taken(snapshot(1, { '/': 500 }), snapshot(2, { '/': 3 }, 2, 0.5));
  assert.equal(trends.rate('paths', '=/'), 6);
  assert.deepEqual(trends.rates('paths', '=/'), [null, 6]);
});

test('what another process counted is in no rate, and still in the line', () => {
  const other = (uptime, count) => snapshot(uptime, { '/': count }, 1, uptime, undefined, 'other');
  const trends = taken(snapshot(1, { '/': 50 }), snapshot(2, { '/': 60 }), other(0.5, 2), other(1.5, 4));
  assert.equal(trends.rate('paths', '=/'), 4 / 1.5);
  assert.equal(trends.copy().rate('paths', '=/'), 4 / 1.5);
  assert.deepEqual(trends.rates('paths', '=/'), [null, 10, 4, 2]);
  assert.equal(taken(snapshot(1, { '/': 50 }), other(0.05, 2)).rate('paths', '=/'), null, 'it has just begun');
});

test('the times of intervals are in order, though the clock was set back by an hour', () => {
  const at = (clock) => `2026-01-01T${clock}.000000+00:00`;
  const trends = taken(
    snapshot(1, {}, 1, 1, at('12:00:01')), snapshot(2, {}, 1, 2, at('12:00:02')), snapshot(3, {}, 1, 3, at('11:00:03')), snapshot(4, {}, 1, 4, at('11:00:04')),
  );
  assert.deepEqual(trends.times().map((time) => new Date(time).toISOString().slice(11, 19)), ['11:00:01', '11:00:02', '11:00:03', '11:00:04']);
});

test('a copy stands still', () => {
  const first = snapshot(1, { '/': 1 });
  const second = snapshot(2, { '/': 2 });
  const trends = taken(first, second);
  const copy = trends.copy();
  trends.take(second, snapshot(3, { '/': 100 }));
  assert.equal(copy.rate('paths', '=/'), 1);
  assert.equal(copy.times().length, 2);
});
