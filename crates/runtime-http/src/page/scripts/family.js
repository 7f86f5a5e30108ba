// The counts of one family in one snapshot: one row for each label, and one for what overflowed.

// No label is this key: a label's key starts with '='.
const OVERFLOW = 'overflow';

export function keyOf(label) {
  return `=${label}`;
}

export class Family {
  #rows = new Map();
  #total = 0n;
  #name;

  constructor(name) {
    this.#name = name;
  }

  get name() {
    return this.#name;
  }

  // The sum of all rows, overflow included.
  get total() {
    return this.#total;
  }

  get size() {
    return this.#rows.size;
  }

  rows() {
    return this.#rows.values();
  }

  // 0 for a label that was not recorded in the window.
  count(key) {
    return this.#rows.get(key)?.count ?? 0n;
  }

  get(key) {
    return this.#rows.get(key);
  }

  add(label, count) {
    this.#row(keyOf(label), label).count += count;
    this.#total += count;
  }

  // Values are a second measure of a delivery. They are in no total of this family.
  addValues(label, count) {
    this.#row(keyOf(label), label).values += count;
  }

  addOverflow(count, values) {
    if (count === 0n && values === 0n) return;
    const row = this.#row(OVERFLOW, null);
    row.count += count;
    row.values += values;
    this.#total += count;
  }

  #row(key, label) {
    let row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, (row = { key, label, count: 0n, values: 0n }));
    return row;
  }
}
