// The head of a table: a button in each column that sorts by it.

import { element, showText } from './element.js';

const HELD = 'You are pointing at this table, or are in it, so nothing in it changes its place. It is sorted again when you leave, or keep still for 20 seconds.';

export class TableHead {
  #onSort;
  #row;
  #cells = new Map(); // by their columns' ids
  #held = element('span', { className: 'order-held', textContent: 'order held', title: HELD, hidden: true });

  constructor(onSort) {
    this.#onSort = onSort;
    this.#row = element('tr');
    this.element = element('thead', {}, this.#row);
    this.widths = element('colgroup');
  }

  // Whether the order is another one than the head says. It is told in the first column.
  set isHeld(isHeld) {
    this.#held.hidden = !isHeld;
  }

  // A column that stays keeps its cell, and the focus if it has it.
  setColumns(columns) {
    this.widths.replaceChildren(...columns.map(() => element('col')));
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const cells = new Map(columns.map((column) => [column.id, this.#cells.get(column.id) ?? this.#cell(column)]));
    this.#cells = cells;
    for (const { id, title, hint } of columns) {
      const [button] = cells.get(id).children;
      showText(button, title);
      button.title = hint;
    }
    this.#row.replaceChildren(...cells.values());
    this.#row.firstChild.append(this.#held);
    if (this.element.contains(focused)) focused.focus({ preventScroll: true });
  }

  #cell({ id, kind }) {
    const button = element('button', { type: 'button', className: 'sort' });
    button.addEventListener('click', () => this.#onSort(id));
    return element('th', { scope: 'col', className: kind }, button);
  }

  markSorted(columns, order) {
    columns.forEach(({ id }, index) => {
      const cell = this.#row.cells[index];
      if (id === order.column.id) cell.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    });
  }

  // Every column as wide as its longest number, in sight or not, so that nothing moves when one scrolls. The label takes the rest,
  // and the return value is what the table then needs.
  fit(columns) {
    let digits = 0;
    columns.slice(1).forEach(({ width }, index) => {
      digits += width;
      const gaps = index + 2 === columns.length ? 1.5 : 1; // a half before the edge
      setStyle(this.widths.children[index + 1], 'width', `calc(${width}ch + ${gaps} * var(--cell-gap))`);
    });
    return `calc(var(--label-width) + ${digits}ch + ${columns.length - 0.5} * var(--cell-gap))`;
  }
}

export function setStyle(target, property, value) {
  if (target.style[property] !== value) target.style[property] = value;
}
