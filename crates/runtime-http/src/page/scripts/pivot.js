// Deliveries by two of endpoint, target and caller, summed over the third or narrowed to one of its labels.

import { keyOf } from './family.js';

const MOST_COLUMNS = 24; // the others are summed in one
const OTHERS = 'others'; // no label's key

// `counts` is a list of `{ endpoint, target, caller, count }`. Returns `{ columns, rows, areSorted }`: columns are `{ key, label, total }`, the
// largest first, `label` undefined for those that are summed; rows are `{ key, label, total, cells }`, `cells` by the column's key.
// Columns of before that are `held` come first, as they stood, whatever is in them; `areSorted` says whether they are the largest first
// all the same.
export function pivotOf(counts, rowsBy, columnsBy, third, held = []) {
  const selected = third === null ? counts : counts.filter((tuple) => tuple[third.label] === third.value);
  const sorted = largest(selected, columnsBy);
  const ordered = heldFirst(held, sorted);
  const columns = withOthers(ordered);
  const shown = new Set(columns.map(({ key }) => key));
  const rows = new Map();
  for (const tuple of selected) {
    const key = keyOf(tuple[rowsBy]);
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = { key, label: tuple[rowsBy], total: 0n, cells: new Map() }));
    const exact = keyOf(tuple[columnsBy]);
    const column = shown.has(exact) ? exact : OTHERS;
    row.cells.set(column, (row.cells.get(column) ?? 0n) + tuple.count);
    row.total += tuple.count;
  }
  return { columns, rows: Array.from(rows.values()), areSorted: ordered.every((column, index) => column === sorted[index]) };
}

// The labels of one dimension, each `{ key, label, total }`, the largest total first.
export function largest(counts, by) {
  const totals = new Map();
  for (const tuple of counts) {
    const key = keyOf(tuple[by]);
    const column = totals.get(key);
    if (column === undefined) totals.set(key, { key, label: tuple[by], total: tuple.count });
    else column.total += tuple.count;
  }
  return Array.from(totals.values()).sort((a, b) => (a.total === b.total ? (a.key < b.key ? -1 : 1) : a.total < b.total ? 1 : -1));
}

function heldFirst(held, columns) {
  const now = new Map(columns.map((column) => [column.key, column]));
  const before = held.filter(({ key }) => key !== OTHERS).map(({ key, label }) => now.get(key) ?? { key, label, total: 0n });
  const first = new Set(before.map(({ key }) => key));
  return [...before, ...columns.filter(({ key }) => !first.has(key))];
}

function withOthers(columns) {
  if (columns.length <= MOST_COLUMNS) return columns;
  const rest = columns.slice(MOST_COLUMNS);
  const total = rest.reduce((sum, column) => sum + column.total, 0n);
  return [...columns.slice(0, MOST_COLUMNS), { key: OTHERS, label: undefined, others: rest.length, total }];
}

// What each tuple grew by. `before` is a map as that of `after`, or null for a window's beginning.
export function growth(before, after) {
  const grown = [];
  for (const [key, tuple] of after) {
    const count = tuple.count - (before?.get(key)?.count ?? 0n);
    if (count !== 0n) grown.push({ ...tuple, count });
  }
  return grown;
}
