import assert from 'node:assert/strict';
import { test } from 'node:test';

import { growth, pivotOf } from '../../../src/page/scripts/pivot.js';

const COUNTS = [
  { endpoint: 'e', target: 'x', caller: 'a', count: 5n },
  { endpoint: 'e', target: 'x', caller: 'b', count: 1n },
  { endpoint: 'f', target: 'y', caller: 'a', count: 2n },
];
const shown = ({ rows }) => rows.map(({ label, total, cells }) => [label, total, Object.fromEntries(cells)]);

test('a pivot sums over the third dimension', () => {
  const pivot = pivotOf(COUNTS, 'caller', 'target', null);
  assert.deepEqual(pivot.columns.map(({ label, total }) => [label, total]), [['x', 6n], ['y', 2n]]);
  assert.deepEqual(shown(pivot), [['a', 7n, { '=x': 5n, '=y': 2n }], ['b', 1n, { '=x': 1n }]]);
});

test('a pivot of one label of the third dimension holds that alone', () => {
  assert.deepEqual(shown(pivotOf(COUNTS, 'caller', 'target', { label: 'endpoint', value: 'f' })), [['a', 2n, { '=y': 2n }]]);
});

test('columns past the most are one, and nothing is lost', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ endpoint: 'e', target: `t${index}`, caller: 'a', count: BigInt(index + 1) }));
  const { columns, rows } = pivotOf(many, 'caller', 'target', null);
  assert.equal(columns.length, 25);
  assert.deepEqual([columns[24].others, columns[24].total], [16, 136n]);
  assert.equal(columns.reduce((sum, { total }) => sum + total, 0n), 820n);
  assert.equal(rows[0].cells.get(columns[24].key), 136n);
});

test('columns that are held keep their places, and new ones come after', () => {
  const held = [{ key: '=y', label: 'y', total: 9n }, { key: '=gone', label: 'gone', total: 3n }];
  const { columns, areSorted, rows } = pivotOf(COUNTS, 'caller', 'target', null, held);
  assert.deepEqual(columns.map(({ label, total }) => [label, total]), [['y', 2n], ['gone', 0n], ['x', 6n]]);
  assert.equal(areSorted, false);
  assert.deepEqual(rows[0].cells, pivotOf(COUNTS, 'caller', 'target', null).rows[0].cells);
});

test('columns that are held as they would stand anyway are sorted', () => {
  const { columns } = pivotOf(COUNTS, 'caller', 'target', null);
  assert.equal(pivotOf(COUNTS, 'caller', 'target', null, columns).areSorted, true);
});

test('growth holds what grew', () => {
  const before = new Map([['a', { caller: 'a', count: 1n }], ['b', { caller: 'b', count: 2n }]]);
  const after = new Map([['a', { caller: 'a', count: 4n }], ['b', { caller: 'b', count: 2n }], ['c', { caller: 'c', count: 1n }]]);
  assert.deepEqual(growth(before, after), [{ caller: 'a', count: 3n }, { caller: 'c', count: 1n }]);
});
