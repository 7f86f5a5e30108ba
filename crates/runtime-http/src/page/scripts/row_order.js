// The order of a table's rows, which stands still while somebody works in them: nothing moves away from under a pointer.

export class RowOrder {
  #column;
  #descending = true;
  #keys = [];
  #isStale = false;

  constructor(column) {
    this.#column = column;
  }

  get column() {
    return this.#column;
  }

  get descending() {
    return this.#descending;
  }

  // Whether the rows stand otherwise than the column would sort them.
  get isStale() {
    return this.#isStale;
  }

  // Sorts by a column; by the other way round if it is the one already. Labels start from A, numbers from the largest.
  sortBy(column) {
    this.#descending = column.id === this.#column.id ? !this.#descending : column.kind !== 'label';
    this.#column = column;
    this.#keys = [];
  }

  // Takes the column of the same name out of new ones; the second, which is the main number, if there is none.
  keepAmong(columns) {
    const same = columns.find(({ id }) => id === this.#column.id);
    this.#column = same ?? columns[1];
    if (same !== undefined) return;
    this.#descending = true;
    this.#keys = [];
  }

  // The rows in order. Held: as they stood before, new ones last.
  apply(rows, held) {
    const sorted = this.#sorted(rows);
    const ordered = held && this.#keys.length > 0 ? this.#asBefore(sorted) : sorted;
    this.#isStale = ordered.some((row, index) => row !== sorted[index]);
    this.#keys = ordered.map((row) => row.key);
    return ordered;
  }

  #asBefore(rows) {
    const places = new Map(this.#keys.map((key, index) => [key, index]));
    const place = (row, index) => places.get(row.key) ?? places.size + index;
    return ordered(rows, place, 1);
  }

  #sorted(rows) {
    return ordered(rows, this.#column.value, this.#descending ? -1 : 1);
  }
}

function ordered(rows, value, sign) {
  return rows
    .map((row, index) => ({ row, value: value(row, index) }))
    .sort((a, b) => sign * compare(a.value, b.value) || compare(a.row.key, b.row.key))
    .map(({ row }) => row);
}

// What is not known is less than anything.
function compare(a, b) {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
