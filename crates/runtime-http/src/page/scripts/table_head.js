// The head of a table: a button in each column that sorts by it.

import { element } from './element.js';

export class TableHead {
  #onSort;

  constructor(onSort) {
    this.#onSort = onSort;
    this.element = element('thead');
    this.widths = element('colgroup');
  }

  setColumns(columns) {
    this.widths.replaceChildren(...columns.map(() => element('col')));
    this.element.replaceChildren(element('tr', {}, ...columns.map((column) => this.#cell(column))));
  }

  #cell({ id, title, hint, kind }) {
    const button = element('button', { type: 'button', className: 'sort', textContent: title, title: hint });
    button.addEventListener('click', () => this.#onSort(id));
    return element('th', { scope: 'col', className: kind }, button);
  }

  markSorted(columns, order) {
    columns.forEach(({ id }, index) => {
      const cell = this.element.rows[0].cells[index];
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
      setStyle(this.widths.children[index + 1], 'width', `calc(${width}ch + var(--cell-gap))`);
    });
    return `calc(var(--label-width) + ${digits}ch + ${columns.length - 1} * var(--cell-gap))`;
  }
}

export function setStyle(target, property, value) {
  if (target.style[property] !== value) target.style[property] = value;
}
