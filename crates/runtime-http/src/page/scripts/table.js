// A table of any length, of which only the rows in sight are elements, each bound to its row's key. A refresh touches the texts that
// changed. It reads no layout: where the table is scrolled to and how high it is, is told by events.
//
// A column is `{ id, title, hint, kind, width, value(row), show(cell, row) }`: `value` is sorted by, `kind` is a class, `width` is in
// digits. The first column is the label's, of kind 'label'. A row is any object with a `key` and a `label`, null for the overflow.

import { element } from './element.js';
import { Hold } from './hold.js';
import { RowOrder } from './row_order.js';
import { setStyle, TableHead } from './table_head.js';
import { rowOf, TableRow } from './table_row.js';

const BEYOND = 6; // rows above and below what is in sight

export class Table {
  #columns = [];
  #order;
  #rows = [];
  #ordered = [];
  #live = new Map(); // by key, those that are elements
  #spare = [];
  #selected = null;
  #focused = null; // the key of the row that the tab key stops at
  #scrollTop = 0;
  #height = 400;
  #rowHeight = 26;
  #head = new TableHead((id) => this.sortBy(id));
  #body = element('tbody');
  #rowsHold = new Hold(this.#body);
  #columnsHold;
  #areColumnsHeld = false;
  #above = spacer();
  #below = spacer();
  #table;

  constructor(name, columns, sortedBy) {
    this.#body.append(this.#above, this.#below);
    const caption = element('caption', { className: 'unseen', textContent: name });
    this.#table = element('table', {}, caption, this.#head.widths, this.#head.element, this.#body);
    this.#columnsHold = new Hold(this.#table);
    this.element = element('div', { className: 'scroller', tabIndex: 0, role: 'region', 'aria-label': `${name}, scrolls` }, this.#table);
    this.#order = new RowOrder(columns.find(({ id }) => id === sortedBy));
    this.onSelect = () => {}; // with the row, or null
    this.onSort = () => {}; // with the column and whether it descends
    this.onLeave = () => {}; // when the pointer leaves: what was held may be let go of
    this.setColumns(columns);
    this.#listen();
  }

  get columns() {
    return this.#columns;
  }

  // All in their order.
  get rows() {
    return this.#ordered;
  }

  get selected() {
    return this.#ordered.find(({ key }) => key === this.#selected) ?? null;
  }

  // Whether columns should stay in their order, too.
  get holdsColumns() {
    return this.#columnsHold.isOn;
  }

  // `areHeld` says that they would stand in another order if nobody worked here.
  setColumns(columns, areHeld = false) {
    this.#areColumnsHeld = areHeld;
    const titles = (of) => of.map(({ id, title }) => `${id} ${title}`).join('\n');
    const same = titles(columns) === titles(this.#columns);
    this.#columns = columns;
    this.#order.keepAmong(columns);
    if (same) return;
    this.#head.setColumns(columns);
    this.#head.markSorted(columns, this.#order);
    for (const row of this.#live.values()) row.setColumns(columns);
    this.#spare = [];
  }

  setRows(rows) {
    this.#rows = rows;
    this.#place(this.#rowsHold.isOn);
    if (this.#selected !== null && this.selected === null) this.select(null);
  }

  sortBy(id) {
    this.#order.sortBy(this.#columns.find((column) => column.id === id));
    this.#head.markSorted(this.#columns, this.#order);
    this.#place(false);
    this.onSort(this.#order.column, this.#order.descending);
  }

  select(key) {
    this.#selected = key;
    this.#draw();
    this.onSelect(this.selected);
  }

  #hasFocus() {
    return this.#body.contains(document.activeElement);
  }

  #place(held) {
    this.#ordered = this.#order.apply(this.#rows, held);
    this.#table.setAttribute('aria-rowcount', String(this.#ordered.length + 1));
    this.#head.isHeld = this.#order.isStale || this.#areColumnsHeld;
    setStyle(this.#table, 'minWidth', this.#head.fit(this.#columns));
    this.#draw();
  }

  #draw() {
    // Rows may have gone since it was scrolled.
    const top = Math.max(0, Math.min(this.#scrollTop, this.#ordered.length * this.#rowHeight - this.#height));
    const first = Math.max(0, Math.floor(top / this.#rowHeight) - BEYOND);
    const end = Math.ceil((top + this.#height) / this.#rowHeight) + BEYOND;
    const inSight = this.#ordered.slice(first, end);
    const hadFocus = this.#hasFocus();
    this.#retireBut(new Set(inSight.map(({ key }) => key)));
    let after = this.#above;
    inSight.forEach((row, index) => {
      const shown = this.#rowFor(row);
      if (after.nextSibling !== shown.element) after.after(shown.element);
      after = shown.element;
      shown.show(row, first + index, this.#columns, row.key === this.#selected);
    });
    setStyle(this.#above, 'height', `${first * this.#rowHeight}px`);
    setStyle(this.#below, 'height', `${Math.max(0, this.#ordered.length - end) * this.#rowHeight}px`);
    // An element that is moved loses it. Where its row has gone, the table keeps it.
    if (hadFocus && !this.#hasFocus()) (this.#live.get(this.#focused) ?? this.element).focus({ preventScroll: true });
    const stop = this.#live.has(this.#focused) ? this.#focused : inSight[0]?.key;
    for (const [key, row] of this.#live) row.offerStop(key === stop);
  }

  #retireBut(keys) {
    for (const [key, row] of this.#live) {
      if (keys.has(key)) continue;
      this.#live.delete(key);
      this.#spare.push(row);
      row.element.remove();
    }
  }

  #rowFor(row) {
    let shown = this.#live.get(row.key);
    if (shown === undefined) {
      shown = this.#spare.pop() ?? new TableRow(this.#columns);
      shown.bind(row);
      this.#live.set(row.key, shown);
    }
    return shown;
  }

  #listen() {
    this.element.addEventListener('scroll', () => {
      this.#scrollTop = this.element.scrollTop;
      this.#draw();
    }, { passive: true });
    new ResizeObserver(([entry]) => {
      this.#height = entry.contentRect.height;
      this.#rowHeight = parseFloat(getComputedStyle(this.element).getPropertyValue('--row-height'));
      this.#draw();
    }).observe(this.element);
    this.#table.addEventListener('pointerleave', () => this.onLeave());
    this.#body.addEventListener('focusin', (event) => (this.#focused = rowOf(event)?.key ?? null));
    this.#body.addEventListener('click', (event) => {
      const key = rowOf(event)?.key;
      if (key !== undefined) this.select(key === this.#selected ? null : key);
    });
    this.#body.addEventListener('keydown', (event) => this.#onKey(event));
  }

  #onKey(event) {
    if (event.key === 'Escape') this.select(null);
    const at = this.#ordered.findIndex(({ key }) => key === this.#focused);
    const page = Math.max(1, Math.floor(this.#height / this.#rowHeight) - 2);
    const last = this.#ordered.length - 1;
    const goals = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last };
    if (!(event.key in goals) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#focusRow(Math.min(last, Math.max(0, goals[event.key])));
  }

  #focusRow(index) {
    const top = index * this.#rowHeight;
    const room = this.#height - 2 * this.#rowHeight; // the head covers as much as a row
    if (top < this.#scrollTop) this.#scrollTop = top;
    else if (top > this.#scrollTop + room) this.#scrollTop = top - room;
    this.element.scrollTop = this.#scrollTop;
    this.#focused = this.#ordered[index].key;
    this.#draw();
    this.#live.get(this.#focused).focus(); // `#draw` made it: it is in sight
  }
}

function spacer() {
  return element('tr', { className: 'spacer', 'aria-hidden': 'true' }, element('td'));
}
