// A row of a table as an element: bound to a key while it is in sight, to another one later.

import { element } from './element.js';
import { labelText, showLabel } from './label.js';

export class TableRow {
  #label = element('button', { type: 'button', className: 'label' });
  #key = null;

  constructor(columns) {
    this.element = element('tr', {}, element('th', { scope: 'row' }, this.#label));
    this.element.row = this; // for events, which know the element
    this.setColumns(columns);
  }

  // Other cells, beside a label that keeps the focus if it has it.
  setColumns(columns) {
    while (this.element.lastChild !== this.element.firstChild) this.element.lastChild.remove();
    this.element.append(...columns.slice(1).map(({ kind }) => element('td', { className: kind })));
  }

  get key() {
    return this.#key;
  }

  bind({ key, label }) {
    this.#key = key;
    this.element.classList.toggle('overflow', label === null);
    if (label === null) {
      this.#label.textContent = 'over a limit';
      this.#label.title = 'Records of which a label was over a limit. They are in every total.';
    } else {
      showLabel(this.#label, label);
      this.#label.title = labelText(label);
    }
  }

  // `index` counts the table's rows in their order, from 0.
  show(row, index, columns, selected) {
    this.element.classList.toggle('selected', selected);
    this.#set(this.#label, 'aria-pressed', String(selected));
    this.#set(this.element, 'aria-rowindex', String(index + 2)); // the head is the first
    for (let at = 1; at < columns.length; at++) columns[at].show(this.element.cells[at], row);
  }

  // Whether the tab key stops here.
  offerStop(stops) {
    const tabIndex = stops ? 0 : -1;
    if (this.#label.tabIndex !== tabIndex) this.#label.tabIndex = tabIndex;
  }

  focus() {
    this.#label.focus({ preventScroll: true });
  }

  #set(target, name, value) {
    if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  }
}

// The row that an event happened in, or undefined.
export function rowOf(event) {
  return event.target.closest('tr')?.row;
}
